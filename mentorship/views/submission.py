"""A scholar's submission: reading it with what was said of it, writing it, what was changed in it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import acts_of, find_related, visible
from cohorts.models import Person
from cohorts.rules.days import in_words
from cohorts.trail import history
from cohorts.views.pages import form_page
from mats.history.trail import Part
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship import told
from mentorship.actions.submission import give_own_date, submit
from mentorship.forms.submission import OwnDateForm, SubmissionForm
from mentorship.models import Review, Submission, SubmittedText
from mentorship.revisions import read_texts


def _submissions(at: dt.datetime) -> QuerySet[Submission]:
    """With `review_pk` and `review_due_at` of the review that is owed now, if one is."""
    owed = Review.objects.filter(submission=OuterRef("pk"), given_at=None, archived_at=None)
    rows = Submission.objects.filter(archived_at=None).select_related(
        "milestone", "cohort", "scholar__person", "reader__person"
    )
    return rows.with_state(at).annotate(
        review_pk=Subquery(owed.values("pk")[:1]), review_due_at=Subquery(owed.values("due_at")[:1])
    )


def find_submission(request: Request, pk: uuid.UUID, act: str = "read") -> Submission:
    row = find_related("submission", request.user, request.now, act=act, rows=_submissions, pk=pk)
    row.stands_now = row.stands(request.now)
    return row


def submission_url(row: Submission) -> str:
    return reverse("submission", args=[row.pk])


def _facts(request: Request, row: Any) -> dict[str, Any]:
    """What every page of a submission tells of it, as this person may."""
    relations, acts = row.relations, acts_of("submission", row.relations)
    return {
        "submission": row,
        "milestone": row.milestone,
        "cohort": row.cohort,
        "title": title_of(row, request.user),
        "is_mine": "scholar" in relations,
        "may_change": "change" in acts,
        # A mentor of the scholar never writes one, even if they are its reader still.
        "may_review": "reader" in relations and "mentor" not in relations and row.review_pk is not None,
    }


def title_of(row: Submission, reader: Person) -> str:
    """`Your research plan`, or `Sana Scholar: research plan`"""
    is_theirs = row.scholar.person_id == reader.pk
    return f"Your {row.milestone}" if is_theirs else f"{row.scholar.person.name}: {row.milestone}"


def submission(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was sent last, and every review of it that was given; nothing of a draft."""
    row = find_submission(request, pk)
    facts = _facts(request, row)
    changes = history([Part(Submission, ("id",), row.pk)]) if facts["may_change"] else []
    reviews = reviews_for(request.user, request.now, row) if row.submitted_at else []
    context = facts | {
        "text": latest_of(row) if row.submitted_at else None,
        "reviews": reviews,
        "passed": next((review.text for review in reviews if review.outcome == Review.Outcome.PASS), None),
        "is_staff": facts["may_change"],
        "history": changes,
        "touches": told.of_submission(row) if facts["is_mine"] else [],
        "why_own_date": why_own_date(row) if row.has_own_date and (facts["is_mine"] or facts["may_change"]) else "",
    }
    return render(request, "mentorship/submission.html", context)


def why_own_date(row: Submission) -> str:
    """Why staff gave this scholar a date of their own, for whom it touches; it stands in the row's history."""
    event = row.events.filter(has_own_date=True, due_at=row.due_at).order_by("pgh_id").first()  # type: ignore[attr-defined]
    return str((event.pgh_context or {}).get("why") or "") if event else ""


def latest_of(row: Submission) -> SubmittedText | None:
    """Its latest version."""
    return next(iter(_latest(submission=row)), None)


@prepared
def _latest(submission: Submission) -> QuerySet[SubmittedText]:
    return SubmittedText.objects.filter(submission=submission).order_by("-number")[:1]


def reviews_for(person: Person, at: dt.datetime, row: Submission) -> list[Review]:
    """Given reviews that this person may read, the latest first."""
    return _given(person=person, at=at, submission=row)


@prepared
def _given(person: Person, at: dt.datetime, submission: Submission) -> QuerySet[Review]:
    given = visible(Review, "review", person, at).filter(submission=submission, given_at__isnull=False)
    return given.select_related("text", "reader__person", "rubric").order_by("-given_at")


def submission_write(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find_submission(request, pk, act="write")
    latest = latest_of(row)
    form = SubmissionForm(request, submission=row, latest=latest)
    if answer := form.hand_to(submit, submission=row, then=submission_url(row), saved=_sent_words(row)):
        return answer
    asked = reviews_for(request.user, request.now, row)[:1] if row.revise_at else []
    context = _facts(request, row) | {"form": form, "latest": latest, "asked": asked, "back": submission_url(row)}
    return render(request, "mentorship/submission_write.html", context)


def _sent_words(row: Submission) -> str:
    if not row.submitted_at:
        return f"Your {row.milestone} is sent. You can send another version at any time."
    if row.passed_at and row.milestone.is_read:
        return "It is kept beside the version that passed."
    return "The version you sent is the one that counts now; the earlier ones are kept."


def submission_changes(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Every version that was sent, with what was changed in it."""
    row = find_submission(request, pk)
    context = _facts(request, row) | {"revisions": read_texts(row)}
    return render(request, "mentorship/submission_changes.html", context)


def submission_date(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A date of this scholar's own, by staff."""
    row = find_submission(request, pk, act="change")
    form = OwnDateForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(give_own_date, submission=row, then=submission_url(row), saved="The date is saved."):
        return answer
    title = f"A date of their own: {title_of(row, request.user)}"
    everybodys = in_words(row.milestone.due_on)
    intro = f"For everybody the {row.milestone} is due on {everybodys}. Where that is moved, a date of their own stays."
    return form_page(request, form, cohort=row.cohort, title=title, back=submission_url(row), intro=intro)
