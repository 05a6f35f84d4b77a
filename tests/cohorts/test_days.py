"""Rules about days and zones."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from cohorts.rules.days import dates_are_possible, runs, zone_is_known
from tests.cohorts.staff import day, refused_at


@pytest.mark.parametrize(("starts_on", "ends_on"), [(day(1, 4), day(1, 4)), (day(1, 1, 2000), day(12, 31, 2099))])
def test_dates_in_order_are_possible(starts_on, ends_on):
    dates_are_possible(starts_on, ends_on)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (day(1, 4), day(1, 3), "ends_on"),
        (day(12, 31, 1999), day(1, 4), "starts_on"),
        (day(1, 4), dt.date.max, "ends_on"),
    ],
)
def test_dates_out_of_order_or_century_are_refused(starts_on, ends_on, field):
    refused_at(field, dates_are_possible, starts_on=starts_on, ends_on=ends_on)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "UTC"])
def test_zone_of_a_place_is_known(zone):
    zone_is_known(zone)


@pytest.mark.parametrize("zone", ["", "Moon/Base", "europe/london", "../etc/passwd", "BST"])
def test_unknown_zone_is_refused_in_words(zone):
    with pytest.raises(ValidationError, match="is not a time zone"):
        zone_is_known(zone)


def test_neighbouring_days_run_together():
    spans = [(day(2, 1), day(2, 5)), (day(1, 1), day(1, 31)), (day(2, 7), day(2, 8))]
    assert runs(spans) == [(day(1, 1), day(2, 5)), (day(2, 7), day(2, 8))]
