"""The chance that a scholar puts on their next milestone."""

from __future__ import annotations

from django.db import models

from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.log import WeeklyLog
from mentorship.models.submission import Submission

PERCENTS = range(10, 100, 10)


@tracked()
class Chance(Record):
    """What a weekly log says: how likely the scholar's next milestone is submitted by its date.

    `percent` is 10, 20, … 90. The milestone's own row resolves it: it held if it was submitted by
    its `due_at`, and did not once that has gone by.
    """

    log = models.OneToOneField(WeeklyLog, models.PROTECT, related_name="chance")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="chances")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__in=list(PERCENTS)), name="chance_is_between_10_and_90"),
        ]
