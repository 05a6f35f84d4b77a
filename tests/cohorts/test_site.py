"""The sites of a cohort."""

from __future__ import annotations

from cohorts.actions.site import add_site, change_site, remove_site
from cohorts.actions.stay import change_stay
from cohorts.models import Site
from tests.cast import FIRST_DAY, LAST_DAY
from tests.cohorts.staff import by_staff, refused_at, where


def test_two_sites_differ_in_more_than_case(cast):
    words = refused_at("name", add_site, cohort=cast.cohort, name="LONDON", time_zone="UTC", **by_staff(cast))
    assert words == "There is a site “LONDON” in this cohort already."


def test_site_with_an_unknown_zone_is_refused(cast):
    refused_at("time_zone", add_site, cohort=cast.cohort, name="Moon", time_zone="Moon/Base", **by_staff(cast))


def test_removed_site_comes_back_under_its_name(cast):
    site = cast.cohort.sites.get()
    remove_site(site=site, version=1, **by_staff(cast))
    back = add_site(cohort=cast.cohort, name="London", time_zone="UTC", **by_staff(cast))
    assert (back.pk, back.archived_at, back.time_zone) == (site.pk, None, "UTC")


def test_site_where_somebody_is_stays(cast):
    site, stay = cast.cohort.sites.get(), cast.place["scholar"].stays.get()
    change_stay(stay=stay, version=1, starts_on=FIRST_DAY, ends_on=LAST_DAY, **where(site=site), **by_staff(cast))
    words = refused_at("", remove_site, site=site, version=1, **by_staff(cast))
    assert words == "Sana Scholar is at this site. Change their stays first."


def test_site_can_be_renamed(cast):
    change_site(site=cast.cohort.sites.get(), version=1, name="London Bridge", time_zone="UTC", **by_staff(cast))
    assert Site.objects.get(cohort=cast.cohort).name == "London Bridge"
