"""What is owed for milestones and extensions, in the one reading over all that is owed."""

from __future__ import annotations

import datetime as dt

import pytest

from cohorts import expectations
from mats.identity.transaction import acting
from mentorship.models import MidpointLine, Review, Round, SubmittedText, SupportPlan, Talk
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_submission, build_cast, week_start
from tests.mentorship.cases import a_case, a_decision, a_letter, a_sheet, an_approval

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
KINDS = ("milestone", "revision", "review", "midpoint_line", "talk", "support_plan", "answers", "letters")


@pytest.fixture
def cast(db) -> Cast:
    return build_cast()


def read(cast: Cast, reader: str, place: str | None = None, at: dt.datetime = WEEK_SIX, days: int = 0):
    """Kind, owner's name and state of each row, as one of the cast reads their own place or another."""
    names = {row.pk: name for name, row in cast.place.items()} | {None: "nobody"}
    person, key = getattr(cast, reader), cast.place[place or reader].pk
    with acting(person, at):
        rows = expectations.rows(at=at, until=at + days * DAY, reader=person, place=key, kinds=KINDS)
    return sorted((row.kind, names[row.owner], row.state) for row in rows)


def a_line(cast: Cast, **fields) -> MidpointLine:
    milestone = a_milestone(cast.cohort, "midpoint", week_start(7))
    fields = {"due_at": milestone.due_at, "created_at": LONG_AGO, **fields}
    return MidpointLine.objects.create(
        cohort=cast.cohort, milestone=milestone, scholar=cast.place["scholar"], mentor=cast.place["mentor"], **fields
    )


@pytest.mark.parametrize(
    ("sent", "due", "state"),
    [(-1, 0, "kept"), (1, 0, "late"), (None, -1, "missed"), (None, 1, "open")],
    ids=["in time", "late", "past and not sent", "ahead"],
)
def test_milestone_is_met_by_its_first_version(cast, sent, due, state):
    due_at = WEEK_SIX + due * DAY
    sent_at = None if sent is None else due_at + sent * DAY
    a_submission(a_milestone(cast.cohort), cast.place["scholar"], due_at=due_at, submitted_at=sent_at)

    assert read(cast, "scholar", days=2) == [("milestone", "scholar", state)]


def test_milestone_is_read_by_mentor_coach_and_staff_of_its_scholar(cast):
    a_submission(a_milestone(cast.cohort), cast.place["scholar"])

    seen = {who: len(read(cast, who, "scholar")) for who in ("mentor", "coach", "staff", "other_mentor", "other_coach")}

    assert seen == {"mentor": 1, "coach": 1, "staff": 1, "other_mentor": 0, "other_coach": 0}


def test_review_is_owed_by_its_reader_and_its_revision_by_the_scholar(cast):
    row = a_submission(
        a_milestone(cast.cohort), cast.place["scholar"], "A plan.", revise_at=WEEK_SIX + DAY,
        reader=cast.place["other_mentor"],
    )  # fmt: skip
    text = SubmittedText.objects.get()
    Review.objects.create(
        submission=row, text=text, reader=cast.place["other_mentor"], due_at=WEEK_SIX - DAY, created_at=LONG_AGO
    )

    assert read(cast, "other_mentor") == [("review", "other_mentor", "missed")]
    assert read(cast, "scholar", days=2) == [("milestone", "scholar", "kept"), ("revision", "scholar", "open")]


def test_line_that_is_not_given_yet_is_seen_by_its_mentor_and_staff(cast):
    a_line(cast)

    assert read(cast, "mentor", days=7) == [("midpoint_line", "mentor", "open")]
    assert read(cast, "staff", "scholar", days=7) == [("midpoint_line", "mentor", "open")]
    assert read(cast, "scholar", days=7) == []


def test_talk_is_owed_by_all_staff_until_one_takes_it(cast):
    line = a_line(cast, view="not_now", because="No result.", would_change="A result.", given_at=WEEK_SIX)
    talk = Talk.objects.create(
        cohort=cast.cohort, scholar=cast.place["scholar"], line=line, due_at=WEEK_SIX + 5 * DAY, created_at=WEEK_SIX
    )

    free = [row for row in read(cast, "staff", days=7) if row[0] == "talk"]
    Talk.objects.filter(pk=talk.pk).update(owner=cast.place["staff"])

    assert free == [("talk", "nobody", "open")]
    assert [row for row in read(cast, "staff", days=7) if row[0] == "talk"] == [("talk", "staff", "open")]
    assert read(cast, "mentor", days=7) == [("midpoint_line", "mentor", "kept")]


def test_look_at_a_support_plan_is_owed_by_staff_and_seen_by_scholar_and_mentor(cast):
    SupportPlan.objects.create(
        cohort=cast.cohort, scholar=cast.place["scholar"], opened_by=cast.staff, what="One figure.",
        help_given="Pairing.",
        by_when=week_start(8), review_on=week_start(8), review_due_at=WEEK_SIX - DAY, created_at=LONG_AGO,
    )  # fmt: skip

    late = [("support_plan", "nobody", "missed")]
    assert [read(cast, who, "scholar") for who in ("staff", "scholar", "mentor", "coach")] == [late, late, late, []]
    assert read(cast, "staff") == late


def test_promised_dates_of_a_round_are_seen_by_everybody_of_the_cohort(cast):
    fields = {"opens_at": WEEK_SIX, "closes_at": WEEK_SIX, "answers_due_at": WEEK_SIX - DAY}
    Round.objects.create(
        cohort=cast.cohort, phase=cast.cohort.main_phase, opens_on=week_start(3), closes_on=week_start(4),
        answers_on=week_start(5), letters_on=week_start(6), letters_due_at=WEEK_SIX + DAY, created_at=LONG_AGO,
        **fields,
    )  # fmt: skip

    promises = [("answers", "nobody", "missed"), ("letters", "nobody", "open")]
    assert [read(cast, who, days=2) for who in ("scholar", "mentor", "staff")] == [promises] * 3


def _case_rows(cast: Cast) -> None:
    """Sana's case is with the mentor, Otto's sheet is shared."""
    an_approval(a_case(cast), cast.place["mentor"])
    offered = a_case(cast, "accepted", "other_scholar")
    people = {"proposed_by": cast.staff, "confirmed_by": cast.staff_elsewhere}
    a_letter(a_decision(offered, **people), released_by=cast.staff)
    a_sheet(offered, cast.place["other_mentor"], shared_by=cast.staff)


def test_what_is_owed_for_a_case_is_read_by_those_it_touches(cast):
    _case_rows(cast)
    kinds = ("approval", "acceptance", "sheet", "agreement")
    seen = {}
    for reader, place in [
        ("mentor", "scholar"),
        ("scholar", "scholar"),
        ("coach", "scholar"),
        ("staff", "other_scholar"),
    ]:
        with acting(getattr(cast, reader), WEEK_SIX):
            rows = expectations.rows(
                at=WEEK_SIX,
                until=WEEK_SIX + 30 * DAY,
                reader=getattr(cast, reader),
                place=cast.place[place].pk,
                kinds=kinds,
            )
        seen[reader] = sorted((row.kind, row.state) for row in rows)

    assert seen == {
        "mentor": [("approval", "open")],
        "scholar": [],
        "coach": [],
        "staff": [("acceptance", "kept"), ("agreement", "open"), ("sheet", "kept")],
    }
