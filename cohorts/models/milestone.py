"""What a cohort asks of its scholars by a date, and the rubric by which a reader reads it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models.cohort import Cohort
from mats.history.record import Record
from mats.history.tracking import tracked

READING_DAYS = 7


@tracked()
class Milestone(Record):
    """One milestone of a cohort, owed by each of its scholars.

    `due_on` is a day on the cohort's wall, `due_at` the moment on it: the time of day at which the
    cohort's weekly log is due. `guide` says in words for scholars what a submission holds. Where
    `is_read`, one reader who is not the scholar's mentor answers within `reading_days` days; else
    what is submitted has passed.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", "research plan"
        MIDPOINT = "midpoint", "mid-point"
        SYMPOSIUM = "symposium", "symposium"
        FINAL = "final", "final review"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    due_on = models.DateField("due on")
    due_at = models.DateTimeField(editable=False)
    is_read = models.BooleanField("read by one reader", default=True)
    reading_days = models.PositiveSmallIntegerField("days to read it", default=READING_DAYS)
    guide = models.TextField("what it holds", blank=True, default="")

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint("cohort", "kind", condition=Q(archived_at=None), name="milestone_once_per_cohort"),
            models.UniqueConstraint("id", "cohort", name="milestone_with_its_cohort"),
            models.CheckConstraint(
                condition=Q(kind__in=["plan", "midpoint", "symposium", "final"]), name="milestone_kind_exists"
            ),
            models.CheckConstraint(
                condition=Q(reading_days__gte=1, reading_days__lte=30), name="milestone_reading_days_are_possible"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


@tracked()
class Rubric(Record):
    """One version of what a reader looks for in a milestone, a criterion a line; never edited.

    A change is the next `number`. A review keeps the version it began with, and answers to one
    version are never put together with answers to another.
    """

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="rubrics")
    number = models.PositiveSmallIntegerField()
    lines = models.TextField("what a reader looks for")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("milestone", "number", name="rubric_numbered_once")]

    def __str__(self) -> str:
        return f"Rubric {self.number}"

    @property
    def criteria(self) -> list[str]:
        return self.lines.splitlines()
