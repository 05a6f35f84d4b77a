"""A cohort, its sites and its phases."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from mats.history.record import Record
from mats.history.tracking import tracked

WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]


@tracked()
class Cohort(Record):
    """One run of the programme, with its own clock and its own words for its people."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=64)
    week_start = models.PositiveSmallIntegerField(choices=WEEKDAYS, default=0)
    log_weekday = models.PositiveSmallIntegerField("weekly log due on", choices=WEEKDAYS, default=2)
    log_time = models.TimeField("weekly log due at", default=dt.time(18, 0))
    scholar_label = models.CharField(max_length=40, default="scholar")
    scholar_label_plural = models.CharField(max_length=40, default="scholars")
    coach_label = models.CharField(max_length=40, default="coach")
    coach_label_plural = models.CharField(max_length=40, default="coaches")
    staff_label = models.CharField(max_length=40, default="staff member")
    staff_label_plural = models.CharField(max_length=40, default="staff")
    launched_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(week_start__lte=6) & Q(log_weekday__lte=6), name="cohort_weekdays_exist"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(slug=""), name="cohort_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_launched(self) -> bool:
        return self.launched_at is not None

    def label(self, role: str, *, plural: bool = False) -> str:
        """The cohort's own word for a role."""
        words = {
            "mentor": ("mentor", "mentors"),
            "alum": ("alum", "alumni"),
            "outside": ("outside member", "outside members"),
        } | {
            name: (getattr(self, f"{name}_label"), getattr(self, f"{name}_label_plural"))
            for name in ("scholar", "coach", "staff")
        }
        return words[role][plural]

    @property
    def main_phase(self) -> Phase:
        """The one main phase; in memory when `phases` was prefetched."""
        return next(phase for phase in self.phases.all() if phase.kind == Phase.Kind.MAIN)


@tracked()
class Site(Record):
    """A place where some of the cohort work; remote is no site."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("cohort", models.functions.Lower("name"), name="site_name_once_per_cohort"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Phase(Record):
    """The main phase, or an extension term with the total it brings people to.

    Dates are cohort-local, first and last day included. A main phase lasts at least three
    calendar months unless it is a record of the past.
    """

    class Kind(models.TextChoices):
        MAIN = "main", "Main phase"
        TERM = "term", "Extension term"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MAIN)
    total_months = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=[(6, "6 months in total"), (12, "12 months in total")]
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_record = models.BooleanField("record of the past", default=False)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint("cohort", condition=Q(kind="main"), name="phase_one_main_per_cohort"),
            # Rows that point here carry the cohort too, so that they can never cross cohorts.
            models.UniqueConstraint("id", "cohort", name="phase_with_its_cohort"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(kind="main", total_months=None) | Q(kind="term", total_months__in=[6, 12]),
                name="phase_term_has_a_total",
            ),
            # "phase_main_is_three_months" stands in the migration: it needs interval arithmetic.
        ]

    def __str__(self) -> str:
        return f"{self.total_months} months in total" if self.total_months else self.get_kind_display()
