"""Leave that was entered afterwards: it moves what counts, so the row says when, and why where that was said."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import takewhile
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from cohorts.models import Leave, Membership
from mats.clock import DAY
from mats.prepared import prepared
from mentorship.evidence.reading import Row
from mentorship.models import Pairing

EVENTS: Any = Leave.pgh_event_model  # type: ignore[attr-defined]  # made by `tracked`


class Noted(NamedTuple):
    """When days away were noted as they stand, and the reason that was given."""

    at: dt.datetime
    why: str


class Leaves:
    """The leave of a scholar and of their mentors, with its history; one question."""

    def __init__(self, place: Membership) -> None:
        self.place = str(place.pk)
        self.by_leave: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for event in _events(place=place.pk):
            self.by_leave[event["pgh_obj_id"]].append(event)

    def noted_afterwards(self, row: Row) -> Noted | None:
        """When and why leave took this row out, if that was after it would have counted.

        A mentor's reason is not told to others: it stands in their own history.
        """
        if row.since is None or row.why not in {"away", "mentor_away"}:
            return None
        who = {self.place} if row.why == "away" else set((row.more or "").split())
        found = [noted for events in self.by_leave.values() if (noted := _noted(events, who, row.day))]
        latest = max(found, default=None)
        if latest is None or latest.at <= row.since:
            return None
        return latest if row.why == "away" else latest._replace(why="")


@prepared
def _events(place: UUID) -> QuerySet[Any]:
    mentors = Pairing.objects.filter(scholar=place).values("mentor")
    theirs = EVENTS.objects.filter(Q(membership=place) | Q(membership__in=mentors)).order_by("pgh_id")
    columns = ("membership_id", "starts_on", "ends_on", "archived_at", "created_at")
    return theirs.values("pgh_obj_id", "pgh_label", "pgh_created_at", "pgh_context", *columns)


def _noted(events: list[dict[str, Any]], who: set[str], day: dt.date) -> Noted | None:
    """When one leave first covered what it covers of a week now; None where it is not of that week."""
    latest = events[-1]
    is_over = latest["archived_at"] or latest["pgh_label"] == "delete"
    first, last = max(latest["starts_on"], day), min(latest["ends_on"], day + 6 * DAY)
    if is_over or first > last or str(latest["membership_id"]) not in who:
        return None
    *_, since = takewhile(lambda event: event["starts_on"] <= first and last <= event["ends_on"], reversed(events))
    # A new row carries its own moment; a changed one only that of its history.
    at = since["created_at"] if since["pgh_label"] == "insert" else since["pgh_created_at"]
    return Noted(at, str((since["pgh_context"] or {}).get("why") or ""))
