"""The pages of people and programme in a browser: narrow and wide, with and without script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.actions.leave import add_leave
from cohorts.actions.phase import add_term
from cohorts.models import Membership
from mentorship.models import Pairing
from tests.cast import LONDON, a_person, a_place
from tests.cohorts.staff import by_staff, day


@pytest.fixture
def addresses(cast) -> list[str]:
    """Every page of people and programme about the cast's cohort, with something on each."""
    scholar, slug = cast.place["scholar"], [cast.cohort.slug]
    Pairing.objects.filter(pk=cast.pairing.pk).update(weekday=3, local_time="14:00", time_zone="America/New_York")
    leave = add_leave(membership=scholar, starts_on=day(3, 1), ends_on=day(3, 7), **by_staff(cast))
    term = add_term(cohort=cast.cohort, total_months=6, **by_staff(cast))
    by_slug = (
        "cohort", "people", "pairings", "cohort_change", "cohort_launch", "phase_add", "site_add", "person_add",
        "pairing_new", "caseload_new",
    )  # fmt: skip
    by_key = {
        scholar.pk: ("person", "person_remove", "stay_add", "leave_add"),
        term.pk: ("phase_change", "phase_remove"),
        cast.cohort.sites.get().pk: ("site_change", "site_remove"),
        scholar.stays.get().pk: ("stay_change", "stay_remove"),
        leave.pk: ("leave_change", "leave_remove"),
        cast.pairing.pk: ("pairing", "pairing_change", "pairing_end", "pairing_hand_over", "pairing_remove"),
        cast.caseload.pk: ("caseload_change", "caseload_end", "caseload_hand_over", "caseload_remove"),
    }
    found = [reverse(name, args=slug) for name in by_slug]
    found += [reverse(name, args=[key]) for key, names in by_key.items() for name in names]
    return ["/cohorts/", "/cohorts/new/", *found]


@pytest.mark.parametrize("look", [{"width": 360, "scheme": "dark"}, {"width": 1280}], ids=["narrow", "wide"])
def test_pages_are_accessible(page_as, cast, addresses, assert_accessible, look):
    page = page_as(cast.staff, **look)
    for address in addresses:
        page.goto(address)
        for fold in page.locator("main details.fold > summary").all():
            fold.click()
        assert_accessible(page)


def test_person_is_added_and_paired_without_script(page_as, cast):
    mentor = cast.place["other_mentor"]
    page = page_as(cast.staff, width=360, script=False)
    page.goto("/c/winter-2027/people/new/")
    page.get_by_label("E-mail").fill("new@example.org")
    page.get_by_label("Name").fill("Nora New")
    page.get_by_label("Role").select_option("scholar")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Pair with a mentor").click()
    page.get_by_label("Mentor", exact=False).first.select_option(str(mentor.pk))
    page.get_by_role("button", name="Pair").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Nora New and Omar Mentor"
    assert Membership.objects.get(person__name="Nora New").pairings.get().mentor == mentor


def test_refused_form_stands_with_its_text_at_its_field(page_as, cast, complaints):
    newcomer = a_place(a_person("Nora New"), cast.cohort, "scholar")
    page = page_as(cast.staff)
    page.goto(f"/c/winter-2027/pairings/new/?scholar={newcomer.pk}")
    page.get_by_label("Mentor", exact=False).first.select_option(str(cast.place["mentor"].pk))
    page.get_by_label("Time zone").select_option(LONDON)
    page.get_by_role("button", name="Pair").click()
    said = page.get_by_text("A weekly time needs weekday, time and zone; or leave all three blank.").first
    assert said.is_visible()
    assert page.get_by_label("Time zone").input_value() == LONDON
    complaints.clear()  # the browser notes the 422
