"""What the product has sent to a cohort's people, for its staff."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from cohorts.access import find, visible
from cohorts.models import Cohort
from mats.identity.requests import Request
from mats.post.kinds import kind_of, read_by_staff
from mats.post.letters import Letter
from mats.post.models import Message
from mats.post.querysets import STATES, MessageQuerySet

PAGE = 50


def messages(request: Request, slug: str) -> HttpResponse:
    """The messages of a cohort, latest first; `?state=` narrows them."""
    cohort = find("cohort", request.user, request.now, act="see_messages", slug=slug)
    of_cohort = _read_by_staff().filter(cohort=cohort)
    counts = of_cohort.count_by_state()
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    pages = Paginator(_narrowed(of_cohort, state), PAGE)
    pages.count = counts[state] if state else sum(counts.values())  # counted once, with the others
    page = pages.get_page(request.GET.get("page"))
    words = read_by_staff()
    return render(
        request,
        "post/messages.html",
        {
            "cohort": cohort,
            "page": page,
            "rows": [(words[row.kind], row) for row in page.object_list],
            "state": state,
            "counts": counts,
            "total": sum(counts.values()),
            "lost": counts["failed"] + counts["unknown"],
            "query": f"state={state}&" if state else "",
            "folder": settings.EMAIL_FILE_PATH if settings.DEMO else "",
        },
    )


def message(request: Request, pk: UUID) -> HttpResponse:
    """One message as it reads. 404 for whoever may not see the messages of its cohort."""
    mine = visible(Cohort, "cohort", request.user, request.now, act="see_messages")
    row = _read_by_staff().filter(pk=pk, cohort__in=mine).select_related("person", "cohort").with_state().first()
    if row is None:
        raise Http404
    return render(
        request,
        "post/message.html",
        {
            "cohort": row.cohort,
            "message": row,
            "words": read_by_staff()[row.kind],
            "letter": _written_again(row, request),
        },
    )


def _read_by_staff() -> MessageQuerySet:
    return Message.objects.filter(kind__in=read_by_staff(), cohort__isnull=False)


def _narrowed(rows: MessageQuerySet, state: str) -> MessageQuerySet:
    narrowed = rows.filter(STATES[state]) if state else rows
    return narrowed.select_related("person").with_state().latest_first()


def _written_again(row: Message, request: Request) -> Letter | None:
    """Letters are not kept: they are written anew from what they are about, if that is still there."""
    kind = kind_of(row)
    try:
        return kind.write(row, row.sent_at or request.now) if kind else None
    except (ObjectDoesNotExist, LookupError, ValueError):
        return None
