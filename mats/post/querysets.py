"""Sentences about many messages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

if TYPE_CHECKING:
    from mats.post.models import Message  # noqa: F401  (for the annotation alone: models import this module)

WAITING = Q(sent_at=None, dropped_at=None, given_up_at=None)
# A message is in exactly one of these; the names are also the words for people.
STATES = {
    "waiting": WAITING,
    "sent": Q(sent_at__isnull=False),
    "dropped": Q(dropped_at__isnull=False),
    "failed": Q(given_up_at__isnull=False, intended_at=None),
    "unknown": Q(given_up_at__isnull=False, intended_at__isnull=False),
}


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> MessageQuerySet:
        return self.filter(WAITING)

    def due(self, at: dt.datetime) -> MessageQuerySet:
        return self.waiting().filter(moment__lte=at)

    def claimable(self, at: dt.datetime) -> MessageQuerySet:
        """Due, held by no worker, and not a nudge that may have gone out already.

        Letters come first: somebody sits waiting for a sign-in code.
        """
        free = Q(leased_until=None) | Q(leased_until__lte=at)
        return self.due(at).filter(free).exclude(policy="nudge", intended_at__isnull=False).order_by("policy", "moment")

    def with_state(self) -> MessageQuerySet:
        """`state`: one of STATES."""
        return self.annotate(state=Case(*(When(rows, then=Value(state)) for state, rows in STATES.items())))

    def count_by_kind_and_state(self) -> Counter[tuple[str, str]]:
        by_both = self.with_state().order_by().values_list("kind", "state")  # type: ignore[misc]  # annotated
        counted = by_both.annotate(number=Count("pk"))
        return Counter({(kind, state): number for kind, state, number in counted})

    def latest_first(self) -> MessageQuerySet:
        """By the moment they were for; among those of one moment what waits stands first, then what went last."""
        return self.order_by(F("moment").desc(), F("sent_at").desc(nulls_first=True), "pk")
