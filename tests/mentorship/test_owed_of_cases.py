"""What is owed for extension cases: told to whoever owes it, and to staff who may know of it."""

from __future__ import annotations

import datetime as dt

import pytest

from mats.post.models import Message
from mentorship.models import Conflict
from mentorship.models.approval import MentorSearch
from mentorship.owed import owed_in
from mentorship.reminders.owed import queue
from tests.cast import WEEK_SIX, Cast
from tests.mentorship.cases import DAY, a_case, a_decision, a_letter, a_sheet, an_approval

SOON = WEEK_SIX + 60 * DAY


def owed(cast: Cast, reader=None) -> list[tuple[str, str | None]]:
    """Kinds with the first name of whose place owes them; None for staff together."""
    rows = owed_in(cast.cohort.pk, until=SOON, reader=reader.pk if reader else None)
    names = {place.pk: name for name, place in cast.place.items()}
    ours = [row for row in rows if row.kind not in {"answers", "letters"}]
    return sorted((row.kind, names[row.place] if row.place else "") for row in ours)


def _approval(cast: Cast) -> None:
    an_approval(a_case(cast), cast.place["mentor"])


def _nobody_to_approve(cast: Cast) -> None:
    a_case(cast)


def _talk(cast: Cast) -> None:
    case = a_case(cast, "talk")
    an_approval(case, cast.place["mentor"], "not_sure", talk_due_at=WEEK_SIX + 5 * DAY)


def _search(cast: Cast) -> None:
    case = a_case(cast, "committee")
    MentorSearch.objects.create(cohort=case.cohort, case=case, due_at=SOON, created_at=WEEK_SIX)


def _confirm(cast: Cast) -> None:
    a_decision(a_case(cast, "committee"), proposed_by=cast.staff, is_agreed_list=True)


def _more(cast: Cast) -> None:
    people = {"proposed_by": cast.staff, "confirmed_by": cast.staff_elsewhere}
    a_decision(a_case(cast, "more"), "more", answer_due_at=SOON, **people)


def _offer(cast: Cast) -> None:
    people = {"proposed_by": cast.staff, "confirmed_by": cast.staff_elsewhere}
    condition = {"conditions": "A visa.", "conditions_by": dt.date(2027, 3, 1), "conditions_due_at": SOON}
    a_letter(a_decision(a_case(cast, "offered"), **people, **condition), released_by=cast.staff)


def _sheet(cast: Cast) -> None:
    a_sheet(a_case(cast, "accepted"), cast.place["mentor"])


def _agreement(cast: Cast) -> None:
    a_sheet(a_case(cast, "accepted"), cast.place["mentor"], shared_by=cast.staff)


def _appeal(cast: Cast) -> None:
    a_case(cast, "appealed", appeal="Look again.", appealed_at=WEEK_SIX, appeal_due_at=SOON)


CASES = {
    _approval: [("approval", "mentor")],
    _nobody_to_approve: [("approver", "")],
    _talk: [("mentor_talk", "")],
    _search: [("mentor_search", "")],
    _confirm: [("confirm", "")],
    _more: [("more", "scholar")],
    _offer: [("acceptance", "scholar"), ("condition", ""), ("lapse", "")],
    _sheet: [("sheet", "")],
    _agreement: [("agreement", "mentor"), ("agreement", "scholar")],
    _appeal: [("appeal", "")],
}


@pytest.mark.parametrize("build", CASES, ids=lambda build: build.__name__.strip("_"))
def test_it_is_owed_until_the_case_moves_on(cast, build):
    build(cast)

    assert owed(cast) == CASES[build]
    cast.cohort.extension_cases.update(state="withdrawn")
    assert owed(cast) == []


def test_staff_who_must_keep_out_are_not_told(cast):
    _appeal(cast)
    _agreement_of_other = a_case(cast, "accepted", "other_scholar")
    a_sheet(_agreement_of_other, cast.place["other_mentor"])
    Conflict.objects.create(
        cohort=cast.cohort, person=cast.staff, scholar=cast.place["scholar"], declared_by=cast.staff, why="Friends.",
        created_at=WEEK_SIX,
    )  # fmt: skip

    assert owed(cast, cast.staff) == [("sheet", "")]


def test_reminder_of_an_appeal_reaches_no_recused_member_of_staff(cast):
    _appeal(cast)
    Conflict.objects.create(
        cohort=cast.cohort, person=cast.staff, scholar=cast.place["scholar"], declared_by=cast.staff, why="Friends.",
        created_at=WEEK_SIX,
    )  # fmt: skip

    queue(SOON, kind="owed_late")

    assert not Message.objects.filter(person=cast.staff, kind="owed_late", occurrence__startswith="appeal").exists()
