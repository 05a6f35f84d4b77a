"""Which coach looks after which scholar, when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models.cohort import Cohort
from cohorts.models.membership import Membership, never_overlapping
from mats.history.record import Record
from mats.history.tracking import tracked

DEFAULT_CADENCE_DAYS = 14


@tracked()
class Caseload(Record):
    """A coach's care for one scholar; `cadence_days` is the promised time between 1-1s, in days."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="caseloads")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="caseloads")
    coach = models.ForeignKey(Membership, models.PROTECT, related_name="caseload")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cadence_days = models.PositiveSmallIntegerField("days between 1-1s", default=DEFAULT_CADENCE_DAYS)
    end_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="caseload_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(scholar=F("coach")), name="caseload_is_of_two_people"),
            models.CheckConstraint(
                condition=Q(cadence_days__gte=1, cadence_days__lte=90), name="caseload_cadence_is_possible"
            ),
            never_overlapping("caseload_one_coach_at_a_time", "scholar"),
        ]
