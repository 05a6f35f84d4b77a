"""Who reads a submission: assigned by hand, spread evenly, and taken off where it is no longer right."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from cohorts.actions.holding import hold, say_why, take
from cohorts.models import Caseload, Cohort, Membership, Milestone, Person, Rubric
from cohorts.rules.tie import reason_is_given
from mats.history.tracking import for_this_alone
from mentorship.deadlines import review_due_at
from mentorship.models import Conflict, Pairing, Review, Submission, SubmittedText
from mentorship.readers import Spread, loads, reading_places, spread, usual_readers, without_a_reader
from mentorship.reminders.review import tell_reader
from mentorship.rules.reader import is_read_at_all, is_still_to_be_read, may_be_reader

# --- reviews that wait ----------------------------------------------------------------------------


def open_review(submission: Submission, text: SubmittedText, *, since: dt.datetime) -> Review:
    """The reader of a submission owes a review of this version: the open one moves on to it, else there
    is a new one. One that the same reader had begun before it was taken from them comes back, so that
    their draft does too. `since` is the moment from which their days count. They are told once: of a
    version that follows before they have answered, their page tells."""
    reader = submission.reader
    assert reader
    found = Review.objects.filter(submission=submission, reader=reader, given_at=None)
    review = found.order_by(F("archived_at").desc(nulls_first=True)).first()
    due_at = review_due_at(submission.milestone, since)
    knows = review is not None and review.archived_at is None
    if review is None:
        rubric = Rubric.objects.filter(milestone=submission.milestone_id).order_by("-number").first()
        review = Review.objects.create(
            submission=submission,
            text=text,
            reader=reader,
            rubric=rubric,
            due_at=due_at,
            created_at=since,
        )
    else:
        review.text, review.due_at, review.archived_at = text, due_at, None
        review.save_edit("text", "due_at", "archived_at")
    if not knows:
        tell_reader(review, at=since)
    return review


def _close_open_reviews(submissions: Iterable[UUID], at: dt.datetime) -> None:
    """Archive what was not given. What its reader wrote so far stays theirs, as a draft."""
    rows = Review.objects.filter(submission__in=submissions, given_at=None, archived_at=None)
    rows.update(archived_at=at, version=F("version") + 1)


def _latest_texts(submissions: Iterable[Submission]) -> dict[UUID, SubmittedText]:
    texts = SubmittedText.objects.filter(submission__in=[row.pk for row in submissions])
    return {text.submission_id: text for text in texts.order_by("submission_id", "-number").distinct("submission_id")}


# --- by hand --------------------------------------------------------------------------------------


@transaction.atomic
def assign_reader(
    *,
    submission: Submission,
    reader: Membership | None,
    by: Person,
    at: dt.datetime,
    version: int,
    reason: str = "",
) -> Submission:
    """Give a submission a reader, another one (with a reason), or none (with a reason).

    What the earlier reader has given stays. If a version waits to be read, the new one owes a
    review of it, and has all the days for it.
    """
    cohort = hold(submission.cohort)
    row = take(submission, version)
    is_read_at_all(row.milestone)
    is_still_to_be_read(row)
    if reader is not None:
        may_be_reader(row, reader)
    if reader == row.reader:
        return row
    if row.reader:
        reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    _close_open_reviews([row.pk], at)
    row.reader = reader
    row.save_edit("reader")
    if reader and row.waits_to_be_read:
        open_review(row, _latest_texts([row])[row.pk], since=at)
    return row


# --- spread evenly --------------------------------------------------------------------------------


@transaction.atomic
def spread_readers(
    *, milestone: Milestone, by: Person, at: dt.datetime, people: Iterable[Membership] | None = None
) -> Spread:
    """Give a reader to each submission of a milestone that has none, evenly over the chosen people.

    By default they are all mentors and staff of the cohort who are here. It changes no reader that
    is there already, and answers with those for whom nobody is left.
    """
    cohort = hold(milestone.cohort)
    milestone = take(milestone)
    is_read_at_all(milestone)
    places = reading_places(cohort, at)
    ticked = {place.person_id for place in people or ()}
    chosen = usual_readers(places) if people is None else [place for place in places if place.person_id in ticked]
    if not chosen:
        raise ValidationError({"people": "Choose at least one person."})
    rows = list(without_a_reader(milestone).select_for_update(no_key=True, of=("self",)))
    done = spread(rows, chosen, loads(milestone))
    _give(done, at)
    return done


def _give(done: Spread, at: dt.datetime) -> None:
    """One statement a reader; and a review for each version that waits to be read."""
    theirs: dict[Membership, list[UUID]] = defaultdict(list)
    for row, reader in done.given:
        theirs[reader].append(row.pk)
        row.reader = reader
    for reader, keys in theirs.items():
        Submission.objects.filter(pk__in=keys).update(reader=reader, version=F("version") + 1)
    waiting = [row for row, _ in done.given if row.waits_to_be_read]
    texts = _latest_texts(waiting)
    for row in waiting:
        open_review(row, texts[row.pk], since=at)


# --- taken off ------------------------------------------------------------------------------------

WHY = {
    "gone": "The reader has left the cohort.",
    "mentor": "The reader is, was or will be a mentor of this scholar.",
    "coach": "The reader coaches or coached this scholar, or will.",
    "conflict": "The reader has a declared conflict.",
}


def free_readers(cohort: Cohort, at: dt.datetime) -> int:
    """Take the reader off whatever they may no longer read, and say why in its history; how many.

    After every change of a pairing, a caseload, a place or a conflict: in as many statements as
    there are reasons. Reviews that were given stay; what has passed keeps its reader. Staff then
    see that it needs one. The caller holds the cohort.
    """
    same = {"archived_at": None, "scholar__person": OuterRef("scholar__person")}
    reader = OuterRef("reader__person")
    why = Case(
        When(Q(reader__archived_at__isnull=False), then=Value("gone")),
        When(Exists(Pairing.objects.filter(mentor__person=reader, **same)), then=Value("mentor")),
        When(Exists(Caseload.objects.filter(coach__person=reader, **same)), then=Value("coach")),
        When(Exists(Conflict.objects.filter(person=reader, **same)), then=Value("conflict")),
        default=Value(""),
        output_field=CharField(),
    )
    held = Submission.objects.filter(cohort=cohort, archived_at=None, passed_at=None, reader__isnull=False)
    found: dict[str, list[UUID]] = defaultdict(list)
    for pk, reason in held.annotate(why=why).exclude(why="").order_by("pk").values_list("pk", "why"):
        found[reason].append(pk)
    for reason, keys in found.items():
        with for_this_alone(WHY[reason]):
            _take_off(keys, at)
    return sum(map(len, found.values()))


def _take_off(keys: list[UUID], at: dt.datetime) -> None:
    Submission.objects.filter(pk__in=keys, passed_at=None).update(reader=None, version=F("version") + 1)
    _close_open_reviews(keys, at)
