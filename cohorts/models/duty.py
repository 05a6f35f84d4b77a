"""What somebody of staff does beside their role, by date: decides extensions, or leads on duty."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models.cohort import Cohort
from cohorts.models.membership import Membership, never_overlapping
from mats.history.record import Record
from mats.history.tracking import tracked


@tracked()
class Duty(Record):
    """A duty on a place of staff. Without a last day (`ends_on`) it holds until further notice."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "committee"
        DUTY_LEAD = "duty_lead", "duty lead"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="duties")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["committee", "duty_lead"]), name="duty_kind_exists"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="duty_ends_after_it_starts"
            ),
            never_overlapping("duty_once_at_a_time", "membership", "kind"),
        ]
