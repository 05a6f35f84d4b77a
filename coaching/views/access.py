"""Finding what a coach opens. A mentor of the scholar, like everybody else, finds nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from coaching.actions.caseload import NO_LONGER
from coaching.models import Note, OneOnOne
from coaching.querysets import caseloads_of_coach, coached_before, with_days_away
from cohorts.access import find
from cohorts.models import Caseload, Person
from mats.forms.sent import PLACE, as_uuid
from mats.identity.requests import Request
from mats.prepared import prepared


def _gone(request: Request, scholar: uuid.UUID | None) -> NoReturn:
    """404; but whoever coached this scholar until a moment ago and sends text is told so (403), with
    the text given back. They know that the page exists; nobody else learns it."""
    if request.method == "POST" and scholar and coached_before(request.user, scholar, request.now):
        raise PermissionDenied(NO_LONGER)
    raise Http404


def find_caseload(request: Request, pk: uuid.UUID) -> Caseload:
    """The caseload in which this person coaches the scholar with the place `pk` now; to read and to write."""
    found = _caseloads(person=request.user, at=request.now, scholar=pk)
    if not found:
        _gone(request, pk)
    found[0].scholar.cohort = found[0].cohort
    return found[0]


@prepared
def _caseloads(person: Person, at: dt.datetime, scholar: uuid.UUID) -> QuerySet[Caseload]:
    return with_days_away(caseloads_of_coach(person, at).filter(scholar=scholar))


def _entries(at: dt.datetime) -> QuerySet[Note]:
    return Note.objects.select_related("about__person", "about__cohort", "author__person")


def find_note(request: Request, pk: uuid.UUID) -> Note:
    """An entry, for its author to change."""
    try:
        return find("note", request.user, request.now, act="write", rows=_entries, pk=pk, archived_at=None)
    except (Http404, PermissionDenied):
        # The scholar reads this entry on a page of their own; that this address edits it is not theirs to know.
        _gone(request, as_uuid(request.POST.get(PLACE, "")))


def _held(at: dt.datetime) -> QuerySet[OneOnOne]:
    return OneOnOne.objects.select_related("about__person", "about__cohort")


def find_one_on_one(request: Request, pk: uuid.UUID) -> OneOnOne:
    """A 1-1 of this coach, to be moved, answered for or taken back."""
    try:
        return find("one_on_one", request.user, request.now, act="write", rows=_held, pk=pk, archived_at=None)
    except (Http404, PermissionDenied):
        _gone(request, as_uuid(request.POST.get(PLACE, "")))
