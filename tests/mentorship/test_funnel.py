"""The funnel: of whom each share is, what is not shown, and what went late, wrong or otherwise."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.models import Role, Stay
from mentorship.funnel import NOT_SHOWN, read_funnel, share
from mentorship.models import State
from tests.cast import WEEK_SIX, Cast, a_person, a_place, week_start
from tests.mentorship.cases import DAY, a_case, a_decision, a_duty, a_letter, a_sheet, an_approval, an_open_round
from tests.mentorship.midpoint import a_line


def scholars(cast: Cast, *names: str) -> None:
    for name in names:
        cast.place[name] = a_place(a_person(f"{name.title()} Scholar"), cast.cohort, Role.SCHOLAR)


def answered(cast: Cast, state: State, scholar: str, outcome: str = "grant", **letter):
    """A case with the mentor's yes whose letter is out."""
    case = a_case(cast, state, scholar=scholar)
    an_approval(case, cast.place["mentor"], "yes")
    decision = a_decision(case, outcome, proposed_by=cast.coach, confirmed_by=cast.staff)
    a_letter(decision, released_by=cast.staff, **letter)
    return case


def read(cast: Cast, at=WEEK_SIX):
    return read_funnel(cast.cohort, cast.staff, at)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(5, 8, "63 % of 8"), (1, 8, "13 % of 8"), (0, 3, "0 % of 3"), (1, 2, NOT_SHOWN), (0, 0, NOT_SHOWN)],
)
def test_share_rounds_half_up_and_says_of_whom(part, whole, words):
    assert share(part, whole) == words


def test_each_step_counts_people_and_says_of_whom(cast):
    """Eight in the phase: one left before the window opened, one never applied; three granted, of whom one is
    in force; one has applied twice; one decision is still a draft."""
    scholars(cast, "third", "fourth", "fifth", "left", "never", "draft")
    Stay.objects.filter(membership=cast.place["left"]).update(ends_on=week_start(3))
    answered(cast, State.OFFERED, "scholar")
    accepted = answered(cast, State.ACCEPTED, "other_scholar")
    a_sheet(accepted, cast.place["mentor"])
    agreed = {"scholar_agreed_at": WEEK_SIX, "mentor_agreed_at": WEEK_SIX, "mentor_agreed_by": cast.mentor}
    in_force = answered(cast, State.IN_FORCE, "third")
    a_sheet(in_force, cast.place["mentor"], shared_by=cast.staff, in_force_at=WEEK_SIX, **agreed)
    a_case(cast, State.WITHDRAWN, scholar="fourth")
    a_case(cast, State.MENTOR, scholar="fourth")
    answered(cast, State.REFUSED, "fifth", "refuse")
    draft = a_case(cast, State.DECIDED, scholar="draft")
    a_letter(a_decision(draft, proposed_by=cast.coach, confirmed_by=cast.staff))
    assert [(step.words, step.number, *step.shares) for step in read(cast).steps] == [
        ("scholars in the phase", 8, "", "", ""),
        ("could apply (eligible)", 7, "88 % of 8", "", ""),
        ("applied", 6, "75 % of 8", "86 % of 7", ""),
        ("a mentor’s approval says yes", 4, "50 % of 8", "57 % of 7", "67 % of 6"),
        ("granted", 3, "38 % of 8", "43 % of 7", "50 % of 6"),
        ("accepted", 2, "25 % of 8", "29 % of 7", "33 % of 6"),
        ("in force", 1, "13 % of 8", "14 % of 7", "17 % of 6"),
    ]


def test_surprises_contested_and_changed_are_counted(cast):
    scholars(cast, "third")
    answered(cast, State.REFUSED, "scholar", "refuse")
    warned = a_case(cast, State.COMMITTEE, scholar="other_scholar")
    a_line(cast, scholar="other_scholar", mentor="both_as_mentor", view="not_now", given_at=WEEK_SIX - 5 * DAY)
    an_approval(warned, cast.place["both_as_mentor"], "no")
    appeal = {"appeal": "Read it again.", "appealed_at": WEEK_SIX, "appeal_due_at": WEEK_SIX + 14 * DAY}
    changed = a_case(cast, State.OFFERED, scholar="third", **appeal)
    first = a_decision(changed, "refuse", proposed_by=cast.coach, confirmed_by=cast.staff, replaced_at=WEEK_SIX)
    a_letter(first, released_by=cast.staff, released_at=WEEK_SIX - DAY)
    last = a_decision(changed, is_appeal=True, proposed_by=cast.coach, confirmed_by=cast.staff)
    a_letter(last, released_by=cast.staff)
    assert {one.show: one.said for one in read(cast).figures if one.show != "late"} == {
        "surprise": "1 of 3 cases",
        "contested": "1 of 3 cases",
        "changed": "1 of 3 cases",
    }


def test_days_late_are_counted_from_the_promised_day(cast):
    """Answers were promised by 21 March: one letter is in time, two are late, and one case waits."""
    scholars(cast, "third", "fourth")
    for name, days in {"scholar": -1, "other_scholar": 1.5, "third": 4.5}.items():
        released = an_open_round(cast.cohort).answers_due_at + days * DAY
        case = answered(cast, State.WAITLISTED, name, "waitlist", released_at=released)
    a_case(cast, State.COMMITTEE, scholar="fourth")
    late = next(one for one in read(cast, case.round.answers_due_at + 9 * DAY).figures if one.show == "late")
    assert late.title == "Days late, after 21 March 2027"
    assert late.said == "2 of 3 letters late; mean 2.3, median 2.0 days, of 3; 1 still waits"


def test_numbers_lead_to_the_rows(cast, client):
    a_duty(cast.place["staff"])
    answered(cast, State.OFFERED, "scholar")
    client.force_login(cast.staff)
    body = client.get(reverse("funnel", args=[cast.cohort.slug])).content.decode()
    table = reverse("committee", args=[cast.cohort.slug])
    assert f'<a href="{table}?show=granted">1</a>' in body
    assert "Sana Scholar" in client.get(f"{table}?show=granted").content.decode()
    assert "No case fits: in force" in client.get(f"{table}?show=in_force").content.decode()


def test_cohort_without_a_round_says_what_will_stand_there(cast, client):
    client.force_login(cast.staff)
    for name in ("funnel", "committee", "letters"):
        assert 'class="empty"' in client.get(reverse(name, args=[cast.cohort.slug])).content.decode()
