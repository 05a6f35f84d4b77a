"""The pages of the evidence: who reads them, where their rows lead, what they cost."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from cohorts.models import Leave, Membership
from mentorship.evidence import Count, count, counts_of, rows_of
from mentorship.models import Action, WeeklyLog
from tests.cast import (
    LONG_AGO,
    WEEK_SIX,
    Cast,
    a_cohort,
    a_log,
    a_milestone,
    a_pairing,
    a_person,
    a_place,
    a_submission,
    week_start,
)
from tests.mentorship.counting import questions
from tests.mentorship.evidence import DAY, action, away, met, rows


def test_cohort_without_milestones_says_so(cast, client):
    client.force_login(cast.staff)
    page = client.get(reverse("standing", args=[cast.place["scholar"].pk])).content.decode()
    table = client.get(reverse("evidence", args=[cast.cohort.slug])).content.decode()
    assert "This cohort has no milestones" in page
    assert ("This cohort has no milestones" in table, "this cohort has no milestones</a>" in table) == (True, True)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("scholar", 200),
        ("mentor", 200),
        ("staff", 200),
        ("coach", 404),
        ("other_coach", 404),
        ("other_scholar", 404),
        ("other_mentor", 404),
        ("staff_elsewhere", 404),
    ],
)
def test_standing_is_read_by_the_scholar_their_mentors_and_staff(cast, client, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("standing", args=[cast.place["scholar"].pk])).status_code == status


@pytest.mark.parametrize("who", ["mentor", "coach", "staff"])
def test_nobody_but_a_scholar_stands_anywhere(cast, client, who):
    client.force_login(cast.staff)
    assert client.get(reverse("standing", args=[cast.place[who].pk])).status_code == 404


def test_each_row_leads_to_its_page(cast, client):
    log, meeting = a_log(cast.place["scholar"], 4, done="x"), met(cast, 4)
    plan = a_submission(a_milestone(cast.cohort), cast.place["scholar"], "Text")
    client.force_login(cast.scholar)
    body = client.get(reverse("standing", args=[cast.place["scholar"].pk])).content.decode()
    for path in (f"/logs/{log.pk}/", f"/meetings/{meeting.pk}/", f"/submissions/{plan.pk}/"):
        assert f'href="{path}"' in body


@pytest.mark.parametrize(("who", "told"), [("scholar", True), ("mentor", True), ("staff", False)])
def test_page_says_whose_account_of_an_absence_it_reads(cast, client, who, told):
    client.force_login(getattr(cast, who))
    body = client.get(reverse("standing", args=[cast.place["scholar"].pk])).content.decode()
    assert ("Who was missing is as you said it yourself" in body) == told


def test_text_of_people_is_escaped(cast, client):
    action(cast, what="<script>alert(1)</script>")
    a_place(a_person("Eve <b>Evil</b>", email="eve@example.org"), cast.cohort, "scholar")
    client.force_login(cast.staff)
    for address in (reverse("standing", args=[cast.place["scholar"].pk]), reverse("evidence", args=[cast.cohort.slug])):
        body = client.get(address).content.decode()
        assert ("<script>alert" in body, "<b>Evil" in body) == (False, False)


def test_table_is_by_name_and_each_cell_leads_to_its_line(cast, client):
    a_log(cast.place["other_scholar"], 1, done="x")
    client.force_login(cast.staff)
    body = client.get(reverse("evidence", args=[cast.cohort.slug]), {"sort": "-rhythm"}).content.decode()
    other, sana = (f"/people/{cast.place[who].pk}/standing/" for who in ("other_scholar", "scholar"))
    assert body.index(other) < body.index(sana)
    assert f'<a href="{other}?open=rhythm#rhythm">yes: 1 of 1 week</a>' in body
    assert (
        f'<a href="{sana}?open=rhythm#rhythm">nothing to count yet</a>; <span class="quiet">1 not due yet</span>'
        in body
    )


def test_table_of_a_cohort_without_scholars_says_what_will_stand_there(cast, client):
    client.force_login(cast.staff_elsewhere)
    body = client.get(reverse("evidence", args=[cast.other_cohort.slug])).content.decode()
    assert "Every scholar will stand here" in body


def fill(cast: Cast, number: int) -> None:
    """Some scholars, each with a pairing and rows of every kind."""
    milestone = a_milestone(cast.cohort)
    for turn in range(number):
        place = a_place(a_person(f"Filler {turn}"), cast.cohort, "scholar")
        pairing = a_pairing(place, cast.place["other_mentor"])
        a_log(place, 4)
        a_submission(milestone, place)
        Action.objects.create(pairing=pairing, owner=place, added_by=place.person, what="Plot", created_at=LONG_AGO)
        away_days = {"starts_on": week_start(4), "ends_on": week_start(5), "created_at": WEEK_SIX}
        Leave.objects.create(membership=place, **away_days)


def test_table_asks_as_much_for_one_as_for_sixty(cast, client):
    client.force_login(cast.staff)
    address = reverse("evidence", args=[cast.cohort.slug])
    client.get(address)
    few = questions(client, address)
    fill(cast, 60)
    assert questions(client, address) == few <= 12


@pytest.mark.parametrize("who", ["scholar", "mentor", "staff"])
def test_standing_asks_as_much_for_few_rows_as_for_many(cast, client, who):
    client.force_login(getattr(cast, who))
    address = reverse("standing", args=[cast.place["scholar"].pk])
    client.get(address)
    few = questions(client, address)
    for number in range(1, 6):
        a_log(cast.place["scholar"], number)
        met(cast, number)
        away(cast, number, created_at=WEEK_SIX)
        for _ in range(6):
            action(cast)
    assert questions(client, address) == few <= 12


def test_figures_of_all_are_those_of_each_pages_rows(cast):
    fill(cast, 3)
    met(cast, 4)
    told = counts_of(cast.cohort, cast.staff, WEEK_SIX)
    for place in Membership.objects.filter(cohort=cast.cohort, role="scholar"):
        found = rows_of(place, cast.staff, WEEK_SIX)
        lines = {line for _, line in told}
        assert {line: told.get((place.pk, line), Count()) for line in lines} == {
            line: count(row for row in found if row.line == line) for line in lines
        }


def test_another_cohorts_rows_are_never_among_them(cast):
    elsewhere = a_cohort("Autumn 2027", "autumn-2027")
    a_log(a_place(cast.scholar, elsewhere, "scholar"), 2, done="x")
    assert [row.number for row in rows(cast, "rhythm")] == [6]
    assert set(counts_of(elsewhere, cast.staff, WEEK_SIX)) == set()


def test_it_is_current_at_once(cast, client):
    client.force_login(cast.scholar)
    address = reverse("standing", args=[cast.place["scholar"].pk])
    with time_machine.travel(WEEK_SIX + DAY, tick=False):
        assert "No: 0 of 1 week" in client.get(address).content.decode()
        WeeklyLog.objects.update(done="x", submitted_at=WEEK_SIX + DAY)
        assert "Yes: 1 of 1 week" in client.get(address).content.decode()
