"""The mentor meeting: at most thirty minutes, one per pairing and week.

The database holds the rules (ASSURANCE "Reliability"): a range with both ends, never empty, never
longer than the cap; no two planned meetings of one person overlap; a pairing's week has one
meeting. The constraints that Django cannot say stand in the migration.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Person
from mats.history.record import Record, SealedRecord
from mats.history.tracking import tracked
from mentorship.models.pairing import Pairing
from mentorship.querysets import MeetingQuerySet, PairingWeekQuerySet

MEETING_CAP = dt.timedelta(minutes=30)
START_EARLY = dt.timedelta(minutes=15)
HELD_INTO_NEXT_WEEK = dt.timedelta(days=4)
# Weeks that begin within this time get their meeting from the pairing's weekly time; a daily task goes on.
PLANNED_AHEAD = dt.timedelta(weeks=8)


@tracked()
class Meeting(Record):
    """One meeting of a mentor and one scholar, or of a team.

    `planned` and `held` are UTC ranges `[start, end)`, at most `MEETING_CAP` long. `held` is
    written at the start with the latest end it can have; ending early shortens it. `is_live` is
    false once the meeting is called off: it then blocks nobody's time. `planned_by` is whoever
    planned it by hand; nobody did when it came from the pairing's weekly time. `moved_at` is the
    last time that it was moved or called off, `moved_from` the start it had until then, `moved_by`
    who did it (nobody: its pairing's weekly time was changed).
    """

    class Outcome(models.TextChoices):
        MET = "met", "met"
        ANOTHER_DAY = "another_day", "another day"
        DID_NOT_MEET = "did_not_meet", "did not meet"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="meetings")
    planned = DateTimeRangeField()
    planned_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_from = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    held = DateTimeRangeField(null=True, blank=True)  # type: ignore[misc]  # the stubs know no empty range
    ended_at = models.DateTimeField(null=True, blank=True)
    is_live = models.BooleanField(default=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True, default="")
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    notes = models.TextField(blank=True, default="")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["planned"]
        constraints = [
            models.UniqueConstraint("id", "planned", "is_live", name="meeting_with_its_time"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(held__isnull=False), name="meeting_ended_was_held"),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None, outcome_by=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="meeting_outcome_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(moved_at=None, moved_from=None, moved_by=None)
                | Q(moved_at__isnull=False, moved_from__isnull=False),
                name="meeting_moved_from_a_time",
            ),
        ]
        indexes = [
            models.Index(F("held"), condition=Q(ended_at=None, held__isnull=False), name="meeting_still_running")
        ]

    @property
    def starts_at(self) -> dt.datetime:
        """The planned start."""
        return self.planned.lower  # type: ignore[return-value]  # a constraint gives both ranges both ends

    @property
    def ends_at(self) -> dt.datetime:
        """The planned end."""
        return self.planned.upper  # type: ignore[return-value]

    @property
    def began_at(self) -> dt.datetime | None:
        """When Start was pressed."""
        return self.held.lower if self.held else None

    @property
    def over_at(self) -> dt.datetime | None:
        """When a meeting that began is over: the latest end it can have, or the end that was pressed."""
        return self.held.upper if self.held else None

    @property
    def opens_at(self) -> dt.datetime:
        """From when Start may be pressed."""
        return self.starts_at - START_EARLY

    def is_running(self, at: dt.datetime) -> bool:
        return self.began_at is not None and self.over_at is not None and self.began_at <= at < self.over_at

    def is_over(self, at: dt.datetime) -> bool:
        """Held, and past its end: the end counts from its moment on, not from when it is written down."""
        return self.over_at is not None and self.over_at <= at


class Attendance(models.Model):
    """A person at a meeting. `during` and `is_live` repeat the meeting's own (a composite foreign
    key with ON UPDATE CASCADE keeps them true), so that one exclusion constraint can refuse two
    planned meetings of one person at one time."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances", db_constraint=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    during = DateTimeRangeField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("meeting", "person", name="attendance_once"),
            ExclusionConstraint(
                name="attendance_one_meeting_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(is_live=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.meeting_id}"


@tracked()
class PairingWeek(Record):
    """What a pairing owes for one cohort week: to meet. There before it is done.

    One row per pairing and week, and one meeting in it, so a week cannot have two. A team's
    meeting stands in the weeks of several pairings. `closes_at` is the end of the cohort week.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="weeks")
    week_starts_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    closes_at = models.DateTimeField()
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="pairing_weeks")

    objects = PairingWeekQuerySet.as_manager()

    class Meta:
        ordering = ["week_starts_on"]
        constraints = [
            models.UniqueConstraint("pairing", "week_starts_on", name="pairing_week_once"),
            models.UniqueConstraint("pairing", "meeting", name="meeting_counts_for_one_week"),
        ]


@tracked()
class AgendaItem(Record):
    """Something one of them wants to speak about."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["created_at"]


@tracked()
class Absence(Record):
    """Who was missing when they did not meet, as one of its people says; read by its author and
    staff, never by the other."""

    class Who(models.TextChoices):
        SCHOLAR = "scholar", "the scholar"
        MENTOR = "mentor", "the mentor"
        BOTH = "both", "both"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="absences")
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    who = models.CharField(max_length=8, choices=Who.choices)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint("meeting", "said_by", name="absence_said_once"),
            models.CheckConstraint(condition=Q(who__in=["scholar", "mentor", "both"]), name="absence_is_of_somebody"),
        ]


@tracked()
class OwnNote(SealedRecord):
    """What one person of a meeting writes for themselves alone. Sealed, and behind row-level
    security with its history: nobody else reads it, staff neither."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint("meeting", "author", name="own_note_once")]
