"""What the product has sent to a cohort's people, for its staff."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
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
from mats.post.links import shortened
from mats.post.models import Message
from mats.post.querysets import STATES, MessageQuerySet

PAGE = 50
WORDS = {"waiting": "waiting", "sent": "sent", "dropped": "kept back", "failed": "failed", "unknown": "unknown"}


@dataclass(frozen=True)
class Choice:
    """One link of a filter: its words, how many it leads to, and whether it is the one in use."""

    words: str
    number: int
    query: str
    is_here: bool


def messages(request: Request, slug: str) -> HttpResponse:
    """The messages of a cohort, latest first; `?state=` and `?kind=` narrow them."""
    cohort = find("cohort", request.user, request.now, act="see_messages", slug=slug)
    of_cohort, words = _read_by_staff().filter(cohort=cohort), read_by_staff()
    state, kind = _chosen(request, "state", STATES), _chosen(request, "kind", words)
    counts = of_cohort.count_by_kind_and_state()
    pages = Paginator(_narrowed(of_cohort, state, kind), PAGE)
    pages.count = _sum(counts, state, kind)  # counted once, with the others
    page = pages.get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "page": page,
        "rows": [(words[row.kind], row) for row in page.object_list],
        "state": state and WORDS[state],
        "kind": kind and words[kind],
        "by_state": _choices(counts, "state", WORDS, state, kind),
        "by_kind": _choices(counts, "kind", words, state, kind),
        "lost": _sum(counts, "failed", "") + _sum(counts, "unknown", ""),
        "query": _query(state, kind, "&"),
        "folder": settings.EMAIL_FILE_PATH if settings.DEMO else "",
    }
    return render(request, "post/messages.html", context)


def _chosen(request: Request, name: str, known: Any) -> str:
    """What a filter of the address says; nothing where it says something unknown."""
    asked = request.GET.get(name, "")
    return asked if asked in known else ""


def _narrowed(rows: MessageQuerySet, state: str, kind: str) -> MessageQuerySet:
    rows = rows.filter(STATES[state]) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    return rows.select_related("person").with_state().latest_first()


def _sum(counts: Counter[tuple[str, str]], state: str, kind: str) -> int:
    return sum(n for (of_kind, in_state), n in counts.items() if kind in {"", of_kind} and state in {"", in_state})


def _query(state: str, kind: str, end: str = "") -> str:
    chosen = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    return urlencode(chosen) + end if chosen else ""


def _choices(counts: Counter[tuple[str, str]], name: str, words: dict[str, str], state: str, kind: str) -> list[Choice]:
    """The links of one filter; the other filter stays as it is."""

    def choice(value: str, said: str) -> Choice:
        chosen = {"state": state, "kind": kind, name: value}
        return Choice(said, _sum(counts, **chosen), _query(**chosen), value == {"state": state, "kind": kind}[name])

    return [choice("", "all"), *(choice(value, said) for value, said in words.items())]


def message(request: Request, pk: UUID) -> HttpResponse:
    """One message as it reads. 404 for whoever may not see the messages of its cohort."""
    mine = visible(Cohort, "cohort", request.user, request.now, act="see_messages")
    row = _read_by_staff().filter(pk=pk, cohort__in=mine).select_related("person", "cohort").with_state().first()
    if row is None:
        raise Http404
    context = {
        "cohort": row.cohort,
        "message": row,
        "words": read_by_staff()[row.kind],
        "letter": _written_again(row, request.now),
    }
    return render(request, "post/message.html", context)


def _read_by_staff() -> MessageQuerySet:
    return Message.objects.filter(kind__in=read_by_staff(), cohort__isnull=False)


def _written_again(row: Message, at: dt.datetime) -> Letter | None:
    """Letters are not kept: they are written anew from what they are about, if that is still there.

    Links in them are their reader's, so that they are shown without their tokens.
    """
    kind = kind_of(row)
    try:
        letter = (kind.show or kind.write)(row, row.sent_at or at) if kind else None
    except (ObjectDoesNotExist, LookupError, ValueError):
        return None
    return letter and Letter(letter.subject, shortened(letter.text), "")
