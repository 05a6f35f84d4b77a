"""The weekly log: one row per scholar and week, there before it is written; and what it says of earlier actions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Membership
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.action import Action
from mentorship.querysets import LogQuerySet


@tracked()
class WeeklyLog(Record):
    """What a scholar owes for one cohort week, and what they wrote.

    `week_starts_on` is the first day of the cohort-local week, `number` counts from 1 in the
    phase. The texts are what was submitted; a draft lives elsewhere, seen by its writer only.
    `next_up` is a list, a line an action; `links` is one address a line. `is_away` says that the
    scholar was away or ill: nothing else is asked of that week, and it does not count.
    `submitted_at` is the first submission and never moves; `edited_at` is the latest edit.
    """

    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="logs")
    week_starts_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    done = models.TextField("what I did and learned", blank=True, default="")
    next_up = models.TextField("next", blank=True, default="")
    stuck = models.TextField("where I am stuck", blank=True, default="")
    links = models.TextField(blank=True, default="")
    is_away = models.BooleanField("away or ill", default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        ordering = ["week_starts_on"]
        constraints = [
            models.UniqueConstraint("scholar", "week_starts_on", name="log_one_per_scholar_and_week"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False)
                | Q(done="", next_up="", stuck="", links="", is_away=False, edited_at=None),
                name="log_text_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | ~Q(done="") | ~Q(links="") | Q(is_away=True),
                name="log_submitted_says_something",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(submitted_at=None), name="log_still_due")]

    @property
    def addresses(self) -> list[str]:
        """The links, each by itself."""
        return self.links.split()

    @property
    def in_short(self) -> str:
        """What a line elsewhere says of it: what was done, else the first link, else away."""
        if self.done or self.links:
            return self.done or self.addresses[0]
        return "Away or ill this week." if self.is_away else ""


@tracked()
class Tick(Record):
    """What a log says about an action that was open when it was written: done, carried into the
    next week, or dropped with a reason. The action itself follows."""

    class Outcome(models.TextChoices):
        DONE = "done", "done"
        CARRIED = "carried", "carried on"
        DROPPED = "dropped", "dropped"

    log = models.ForeignKey(WeeklyLog, models.PROTECT, related_name="ticks")
    action = models.ForeignKey(Action, models.PROTECT, related_name="ticks")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint("log", "action", name="tick_once_a_log"),
            models.CheckConstraint(condition=Q(outcome__in=["done", "carried", "dropped"]), name="tick_outcome_exists"),
            models.CheckConstraint(condition=~Q(outcome="dropped") | ~Q(why=""), name="tick_dropped_has_a_reason"),
        ]
