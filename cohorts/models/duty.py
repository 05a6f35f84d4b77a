"""What somebody does beside their role, by date: decides extensions, leads on duty, stands in for another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models.cohort import Cohort
from cohorts.models.membership import Membership, Role, never_overlapping
from mats.history.record import Record
from mats.history.tracking import tracked

ALONE, FOR_ANOTHER = Q(for_membership=None), Q(for_membership__isnull=False)


@tracked()
class Duty(Record):
    """A duty on a place. Without a last day (`ends_on`) it holds until further notice.

    A delegate keeps the times of the mentor at `for_membership`, a stand-in takes that mentor's meetings.
    """

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "committee"
        DUTY_LEAD = "duty_lead", "duty lead"
        HEAD_COACH = "head_coach", "head coach"
        DATA_LEAD = "data_lead", "data lead"
        DELEGATE = "delegate", "delegate for times"
        STAND_IN = "stand_in", "stand-in"
        OUTSIDE_MEMBER = "outside_member", "outside member"
        CONCERN_RECIPIENT = "concern_recipient", "recipient of concerns"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="duties")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="duties")
    for_membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="helped_by")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "committee",
                        "duty_lead",
                        "head_coach",
                        "data_lead",
                        "delegate",
                        "stand_in",
                        "outside_member",
                        "concern_recipient",
                    ]
                ),
                name="duty_kind_exists",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="duty_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(for_membership__isnull=False, kind__in=["delegate", "stand_in"])
                | (Q(for_membership=None) & ~Q(kind__in=["delegate", "stand_in"])),
                name="duty_names_whom_it_is_for",
            ),
            models.CheckConstraint(condition=~Q(for_membership=F("membership")), name="duty_is_not_for_oneself"),
            never_overlapping("duty_once_at_a_time", "membership", "kind", condition=ALONE),
            never_overlapping(
                "duty_for_another_once_at_a_time", "membership", "kind", "for_membership", condition=FOR_ANOTHER
            ),
        ]


# Whose places a duty may be given to.
HELD_BY: dict[str, tuple[str, ...]] = {
    Duty.Kind.COMMITTEE: (Role.STAFF,),
    Duty.Kind.DUTY_LEAD: (Role.STAFF,),
    Duty.Kind.HEAD_COACH: (Role.COACH, Role.STAFF),
    Duty.Kind.DATA_LEAD: (Role.STAFF,),
    Duty.Kind.DELEGATE: (Role.OUTSIDE, Role.MENTOR, Role.STAFF),
    Duty.Kind.STAND_IN: (Role.MENTOR, Role.STAFF),
    Duty.Kind.OUTSIDE_MEMBER: (Role.OUTSIDE,),
    Duty.Kind.CONCERN_RECIPIENT: (Role.STAFF, Role.COACH, Role.MENTOR, Role.OUTSIDE),
}
