"""A person's place in a cohort: the role, the dated stays, the days away."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from cohorts.models.cohort import Cohort, Phase, Site
from cohorts.models.person import Person
from mats.history.record import Record
from mats.history.tracking import tracked


class Days(Func):
    """The range of days from a first to a last day, both included."""

    function = "DATERANGE"
    output_field = DateRangeField()


def days(first: str = "starts_on", last: str = "ends_on") -> Days:
    return Days(F(first), F(last), RangeBoundary(inclusive_lower=True, inclusive_upper=True))


def never_overlapping(name: str, *same: str, condition: Q | None = None) -> ExclusionConstraint:
    """Rows that agree in `same` never share a day, archived rows aside."""
    live = Q(archived_at=None)
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in same), (days(), RangeOperators.OVERLAPS)],
        condition=live & condition if condition else live,
    )


class Role(models.TextChoices):
    SCHOLAR = "scholar", "Scholar"
    MENTOR = "mentor", "Mentor"
    COACH = "coach", "Coach"
    STAFF = "staff", "Staff"
    ALUM = "alum", "Alum"
    OUTSIDE = "outside", "Outside member"


class How(models.TextChoices):
    """How a place ended."""

    COMPLETED = "completed", "completed"
    LEFT = "left", "left"
    PROGRAMME = "programme", "ended by the programme"


NOT_ENDED = Q(ended_at=None, ended_how="", reads_until=None)
ENDED = Q(ended_at__isnull=False, reads_until__gte=F("ended_at"), archived_at__isnull=False) & ~Q(ended_how="")


@tracked()
class Membership(Record):
    """One person in one cohort in one role; several roles are several memberships.

    Life: invited (it lets nobody in until `accepted_at`) → active → archived: ended (`ended_how`), after
    which the person reads their own things until `reads_until`; or, without it, removed as a mistake.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    accepted_at = models.DateTimeField("accepted", null=True, blank=True)
    first_hour_at = models.DateTimeField("first hour done", null=True, blank=True)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    ended_how = models.CharField("how it ended", max_length=12, choices=How.choices, blank=True, default="")
    reads_until = models.DateTimeField("reads their own until", null=True, blank=True)

    class Meta:
        ordering = ["person__name"]
        constraints = [
            models.UniqueConstraint("person", "cohort", "role", name="membership_once_per_role"),
            # Rows that point here carry the cohort too, so that they can never cross cohorts.
            models.UniqueConstraint("id", "cohort", name="membership_with_its_cohort"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_exists"),
            models.CheckConstraint(condition=NOT_ENDED | ENDED, name="membership_ends_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.person.name} ({self.get_role_display().lower()})"

    @property
    def label(self) -> str:
        """The cohort's own word for this role."""
        return self.cohort.label(self.role)


@tracked()
class Stay(Record):
    """A membership in a phase: when, where, and for how many hours a week.

    A scholar's stay says how many cohort weeks one weekly log covers: 1, or 2 in a slower term.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="stays")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="stays")
    starts_on = models.DateField()
    ends_on = models.DateField()
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="stays")
    time_zone = models.CharField(max_length=64)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, default=40)
    weeks_per_log = models.PositiveSmallIntegerField("a log every … weeks", default=1)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stay_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(hours_per_week__gt=0, hours_per_week__lte=80), name="stay_hours_are_possible"
            ),
            models.CheckConstraint(
                condition=Q(weeks_per_log__gte=1, weeks_per_log__lte=4), name="stay_log_rhythm_is_possible"
            ),
            models.UniqueConstraint("membership", "phase", condition=Q(archived_at=None), name="stay_one_per_phase"),
            never_overlapping("stay_days_once", "membership"),
        ]


@tracked()
class Leave(Record):
    """Away, by date. Weeks wholly away do not count."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_it_starts"),
            never_overlapping("leave_days_once", "membership"),
        ]
