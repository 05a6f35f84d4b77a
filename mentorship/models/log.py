"""The weekly log: one row per scholar and week, there before it is written."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Membership
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.querysets import LogQuerySet


@tracked()
class WeeklyLog(Record):
    """What a scholar owes for one cohort week, and what they wrote.

    `week_starts_on` is the first day of the cohort-local week, `number` counts from 1 in the
    phase. The texts are what was submitted; a draft lives elsewhere, seen by its writer only.
    `submitted_at` is the first submission and never moves; `edited_at` is the latest edit.
    """

    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="logs")
    week_starts_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    done = models.TextField("what I did and learned", blank=True, default="")
    next_up = models.TextField("next", blank=True, default="")
    stuck = models.TextField("where I am stuck", blank=True, default="")
    submitted_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        ordering = ["week_starts_on"]
        constraints = [
            models.UniqueConstraint("scholar", "week_starts_on", name="log_one_per_scholar_and_week"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False) | Q(done="", next_up="", stuck="", edited_at=None),
                name="log_text_was_submitted",
            ),
            models.CheckConstraint(condition=Q(submitted_at=None) | ~Q(done=""), name="log_submitted_says_something"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(submitted_at=None), name="log_still_due")]
