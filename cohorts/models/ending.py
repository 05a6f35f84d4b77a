"""How a place ends before its time: by the person, or by the programme."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models.cohort import Cohort
from cohorts.models.membership import How, Membership
from cohorts.models.person import Person
from mats.history.record import Record
from mats.history.tracking import tracked

DECIDED = Q(confirmed_at__isnull=False)


@tracked()
class Ending(Record):
    """A place that ends early. Life: proposed → confirmed (by whom it takes effect), or dropped.

    Where the programme ends it, a talk is recorded first, a second person confirms, and the letter
    that the person gets is written before. Where the person leaves, nobody else decides.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="endings")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="endings")
    how = models.CharField(max_length=12, choices=[(How.LEFT, "they leave"), (How.PROGRAMME, "the programme ends it")])
    reason = models.TextField(blank=True, default="")
    talk_on = models.DateField("day of the talk", null=True, blank=True)
    talk_note = models.TextField("what was said in the talk", blank=True, default="")
    letter = models.TextField(blank=True, default="")
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(how__in=["left", "programme"]), name="ending_is_of_a_kind"),
            models.UniqueConstraint(
                "membership", condition=Q(confirmed_at=None, dropped_at=None), name="ending_proposed_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="ending_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_by=None) | Q(dropped_at__isnull=False, dropped_by__isnull=False),
                name="ending_dropped_by_somebody",
            ),
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(dropped_at=None), name="ending_ends_one_way"),
            models.CheckConstraint(
                condition=~Q(how="programme") | (Q(talk_on__isnull=False) & ~Q(reason="") & ~Q(letter="")),
                name="ending_by_the_programme_has_a_talk",
            ),
            models.CheckConstraint(
                condition=~Q(how="programme") | Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="ending_by_the_programme_is_of_two",
            ),
        ]
