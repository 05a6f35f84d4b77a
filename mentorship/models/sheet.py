"""The next-term sheet: what the term of a granted case will be, agreed before anything moves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Membership, Person, Phase, Site
from cohorts.models.cohort import WEEKDAYS
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.case import ExtensionCase

AGREE_WITHIN_DAYS = 7


@tracked()
class TermSheet(Record):
    """The facts of one term, prefilled from now, shared by staff, agreed by the scholar and the lead mentor.

    Every change takes back what was agreed. `own_end_reason`: the last day is not the term's. `money` is
    the line on stipend and compute: nothing of it rolls over by itself. `in_force_at` is when both had
    agreed and everything moved.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.OneToOneField(ExtensionCase, models.PROTECT, related_name="sheet")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="+")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    own_end_reason = models.CharField("why another last day", max_length=500, blank=True, default="")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    time_zone = models.CharField(max_length=64)
    hours_per_week = models.DecimalField("hours a week", max_digits=4, decimal_places=1)
    coach = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    weeks_per_log = models.PositiveSmallIntegerField("a log every … weeks", default=1)
    money = models.CharField("stipend and compute", max_length=500, blank=True, default="")
    due_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    agree_due_at = models.DateTimeField(null=True, blank=True)
    scholar_agreed_at = models.DateTimeField(null=True, blank=True)
    mentor_agreed_at = models.DateTimeField(null=True, blank=True)
    mentor_agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    in_force_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = "next-term sheet"
        constraints = [
            models.UniqueConstraint("id", "cohort", name="sheet_with_its_cohort"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="sheet_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(hours_per_week__gt=0, hours_per_week__lte=80), name="sheet_hours_are_possible"
            ),
            models.CheckConstraint(
                condition=Q(weeks_per_log__gte=1, weeks_per_log__lte=4), name="sheet_log_rhythm_is_possible"
            ),
            models.CheckConstraint(
                condition=Q(shared_at=None, shared_by=None, agree_due_at=None)
                | Q(shared_at__isnull=False, shared_by__isnull=False, agree_due_at__isnull=False),
                name="sheet_shared_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(mentor_agreed_at=None, mentor_agreed_by=None)
                | Q(mentor_agreed_at__isnull=False, mentor_agreed_by__isnull=False, shared_at__isnull=False),
                name="sheet_mentor_agreed_to_what_was_shared",
            ),
            models.CheckConstraint(
                condition=Q(scholar_agreed_at=None) | Q(shared_at__isnull=False),
                name="sheet_scholar_agreed_to_what_was_shared",
            ),
            models.CheckConstraint(
                condition=Q(in_force_at=None) | Q(scholar_agreed_at__isnull=False, mentor_agreed_at__isnull=False),
                name="sheet_in_force_was_agreed_by_both",
            ),
        ]


@tracked()
class SheetMentor(Record):
    """A mentor of the term, with their weekly time as on a pairing; it may be blank."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    sheet = models.ForeignKey(TermSheet, models.PROTECT, related_name="mentors")
    mentor = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    is_lead = models.BooleanField("lead mentor", default=True)
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS, null=True, blank=True)
    local_time = models.TimeField("time", null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-is_lead", "created_at"]
        verbose_name = "mentor of a term"
        verbose_name_plural = "mentors of a term"
        constraints = [
            models.UniqueConstraint("sheet", "mentor", condition=Q(archived_at=None), name="sheet_mentor_once"),
            models.UniqueConstraint("sheet", condition=Q(is_lead=True, archived_at=None), name="sheet_mentor_one_lead"),
            models.CheckConstraint(
                condition=Q(weekday=None, local_time=None, time_zone="")
                | (Q(weekday__lte=6, local_time__isnull=False) & ~Q(time_zone="")),
                name="sheet_mentor_time_is_whole",
            ),
        ]
