"""Letters about reviews: a version is there to read, and an answer is there."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.urls import reverse

from cohorts.access import visible
from mats import clock
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import Review, Submission

# --- to the reader --------------------------------------------------------------------------------


def tell_reader(review: Review, *, at: dt.datetime) -> None:
    """One letter a review and reader, in the transaction in which it was opened.

    The moment is part of its occurrence, since a review that was taken from somebody can come back
    to them.
    """
    occurrence = f"{review.pk} {int(at.timestamp())}"
    row = (review.reader.person_id, review.submission.cohort_id, review.pk, occurrence)
    drop_in(REVIEW_WAITS, [row], at)


def drop_waits(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    theirs = visible(Review, "review", message.person, at, "write").filter(reader__person=message.person_id)
    review = theirs.filter(pk=_key(message)).first()
    if review is None:
        return "Somebody else reads it now."
    return "The review was given." if review.given_at else ""


def write_waits(message: Message, at: dt.datetime) -> Letter:
    review = _review_of(message)
    row = review.submission
    return emails.review_waits(
        name=message.person.name,
        cohort=row.cohort.name,
        scholar=row.scholar.person.name,
        milestone=str(row.milestone),
        number=review.text.number,
        due=clock.format_moment(review.due_at, message.person.time_zone, date=True),
        review_link=link(reverse("review_write", args=[review.pk])),
        conflict_link=link(f"{reverse('conflict_new', args=[row.cohort.slug])}?scholar={row.scholar_id}"),
    )


def _key(message: Message) -> UUID:
    """The first part of either occurrence."""
    return UUID(message.occurrence.split()[0])


def _review_of(message: Message) -> Review:
    return Review.objects.select_related(
        "text", "reader__person", "submission__cohort", "submission__milestone", "submission__scholar__person"
    ).get(pk=_key(message))


REVIEW_WAITS = kinds.register(
    kinds.Kind(
        name="review_waits",
        words="Something is there to read",
        policy=Message.Policy.LETTER,
        drop_why=drop_waits,
        write=write_waits,
        staff_read=True,
    )
)

# --- to the scholar -------------------------------------------------------------------------------


def tell_scholar(review: Review, *, at: dt.datetime) -> None:
    """One letter a review, in the transaction in which it was given."""
    submission = review.submission
    row = (submission.scholar.person_id, submission.cohort_id, review.pk, str(review.pk))
    drop_in(REVIEW_GIVEN, [row], at)


def drop_given(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing. It asks nobody for what was sent meanwhile."""
    review = Review.objects.filter(pk=_key(message)).select_related("submission").first()
    mine = visible(Submission, "submission", message.person, at, "write").filter(archived_at=None)
    if review is None or not mine.filter(pk=review.submission_id).exists():
        return "It is no longer theirs."
    if review.outcome == Review.Outcome.REVISE and review.submission.revise_at is None:
        return "The next version was sent."
    return ""


def write_given(message: Message, at: dt.datetime) -> Letter:
    review = _review_of(message)
    submission, is_revise = review.submission, review.outcome == Review.Outcome.REVISE
    return emails.review_given(
        name=message.person.name,
        cohort=submission.cohort.name,
        reader=review.reader.person.name,
        milestone=str(submission.milestone),
        revise_by=_when(submission.revise_at, message) if is_revise and submission.revise_at else "",
        submission_link=link(reverse("submission", args=[submission.pk])),
    )


def _when(moment: dt.datetime, message: Message) -> str:
    return clock.format_moment(moment, message.person.time_zone, date=True)


REVIEW_GIVEN = kinds.register(
    kinds.Kind(
        name="review_given",
        words="A review is there",
        policy=Message.Policy.LETTER,
        drop_why=drop_given,
        write=write_given,
        staff_read=True,
    )
)
