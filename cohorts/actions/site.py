"""The sites of a cohort."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import hold, in_words, remove, take
from cohorts.models import Cohort, Person, Site
from cohorts.rules.days import zone_is_known
from cohorts.rules.phase import site_is_empty, site_is_new


@transaction.atomic
def add_site(*, cohort: Cohort, by: Person, at: dt.datetime, name: str, time_zone: str) -> Site:
    """Add a site; one that was removed earlier comes back under its name."""
    cohort = hold(cohort)
    zone_is_known(time_zone)
    site_is_new(cohort, name)
    with in_words():
        removed = cohort.sites.filter(name__iexact=name).first()
        if removed is None:
            return Site.objects.create(cohort=cohort, name=name, time_zone=time_zone, created_at=at)
        removed.name, removed.time_zone, removed.archived_at = name, time_zone, None
        removed.save_edit("name", "time_zone", "archived_at")
        return removed


@transaction.atomic
def change_site(*, site: Site, by: Person, at: dt.datetime, version: int, name: str, time_zone: str) -> Site:
    cohort = hold(site.cohort)
    site = take(site, version)
    zone_is_known(time_zone)
    site_is_new(cohort, name, site=site)
    site.name, site.time_zone = name, time_zone
    with in_words():
        site.save_edit("name", "time_zone")
    return site


@transaction.atomic
def remove_site(*, site: Site, by: Person, at: dt.datetime, version: int) -> None:
    """Before launch the row is deleted, afterwards archived."""
    cohort = hold(site.cohort)
    site = take(site, version)
    site_is_empty(site)
    with in_words():
        remove(site, launched=cohort.is_launched, at=at)
