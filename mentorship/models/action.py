"""An action: what, who, by when; open, done, or dropped with a reason."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Membership, Person
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.meeting import Meeting
from mentorship.models.pairing import Pairing


@tracked()
class Action(Record):
    """Owed by `owner` (a scholar's or mentor's membership).

    It was agreed within a pairing, mostly at a meeting, or is a line of "next" in the owner's own
    weekly log: one of the two, never both.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, null=True, blank=True, related_name="actions")
    log = models.ForeignKey("mentorship.WeeklyLog", models.PROTECT, null=True, blank=True, related_name="actions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="actions")
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="actions")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    what = models.CharField(max_length=300)
    due_on = models.DateField("by when", null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField("why dropped", max_length=300, blank=True, default="")

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pairing__isnull=False, log=None) | Q(pairing=None, meeting=None, log__isnull=False),
                name="action_has_one_source",
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(dropped_at=None), name="action_ends_one_way"),
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_why="") | (Q(dropped_at__isnull=False) & ~Q(dropped_why="")),
                name="action_dropped_has_a_reason",
            ),
        ]
