"""Which mentor works with which scholar, when, and at what time of the week they meet."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Membership
from cohorts.models.cohort import WEEKDAYS
from cohorts.models.membership import never_overlapping
from mats.history.record import Record
from mats.history.tracking import tracked


@tracked()
class Pairing(Record):
    """A scholar and one of their mentors, by date; a change of mentor makes a new row.

    The weekly meeting time is a wall-clock time in the zone it was made in; it may be blank.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="pairings")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="pairings")
    mentor = models.ForeignKey(Membership, models.PROTECT, related_name="mentoring")
    is_lead = models.BooleanField("lead mentor", default=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    end_reason = models.CharField(max_length=500, blank=True, default="")
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS, null=True, blank=True)
    local_time = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="pairing_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(scholar=F("mentor")), name="pairing_is_of_two_people"),
            models.CheckConstraint(
                condition=Q(weekday=None, local_time=None, time_zone="")
                | (Q(weekday__lte=6, local_time__isnull=False) & ~Q(time_zone="")),
                name="pairing_time_is_whole",
            ),
            never_overlapping("pairing_one_lead_at_a_time", "scholar", condition=Q(is_lead=True)),
            never_overlapping("pairing_once_at_a_time", "scholar", "mentor"),
        ]

    @property
    def has_a_time(self) -> bool:
        return self.weekday is not None
