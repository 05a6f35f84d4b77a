"""Writing a review: the version to read beside what one says of it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.access import find
from mats.identity.requests import Request
from mentorship.actions.review import give_review
from mentorship.forms.review import ReviewForm
from mentorship.models import Review
from mentorship.views.submission import latest_of, reviews_for, submission_url


def _reviews(at: dt.datetime) -> QuerySet[Review]:
    return Review.objects.filter(archived_at=None).select_related(
        "rubric", "submission__cohort", "submission__milestone", "submission__scholar__person"
    )


def review_write(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A given review is only read, with its submission. Where a version came in while its reader was
    writing, what they sent comes back, and the new version stands beside it."""
    review = find("review", request.user, request.now, act="write", rows=_reviews, pk=pk)
    row = review.submission
    if review.given_at and request.method != "POST":
        return redirect("submission", pk=row.pk)
    form = ReviewForm(request, review=review)
    if answer := form.hand_to(
        give_review, review=review, then=submission_url(row), saved="The review is given, and the writer gets a letter."
    ):
        return answer
    text = latest_of(row)  # only now: another one may have come in since the form was sent
    assert text
    context = {
        "review": review,
        "submission": row,
        "milestone": row.milestone,
        "cohort": row.cohort,
        "form": form,
        "text": text,
        "is_newer": form.stand_beside(text),
        "earlier": reviews_for(request.user, request.now, row),
        "conflict": f"{reverse('conflict_new', args=[row.cohort.slug])}?scholar={row.scholar_id}",
        "back": submission_url(row),
    }
    return render(request, "mentorship/review_write.html", context)
