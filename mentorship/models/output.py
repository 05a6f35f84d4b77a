"""What a scholar's research has brought into the world."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Cohort, Membership
from mats.history.record import Record
from mats.history.tracking import tracked


@tracked()
class Output(Record):
    """A paper, post, code, dataset or talk of a scholar, entered by them.

    Their mentors, coach and staff see it; the whole cohort where the scholar chose so (`is_shared`).
    """

    class Kind(models.TextChoices):
        PAPER = "paper", "paper"
        POST = "post", "post"
        CODE = "code", "code"
        DATASET = "dataset", "dataset"
        TALK = "talk", "talk"

    class State(models.TextChoices):
        DRAFTED = "drafted", "drafted"
        PUBLIC = "public", "public"
        SUBMITTED = "submitted", "submitted"
        ACCEPTED = "accepted", "accepted"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="outputs")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="outputs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=300)
    link = models.CharField(max_length=500, blank=True, default="")
    venue = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField("where it stands", max_length=12, choices=State.choices, default=State.DRAFTED)
    with_whom = models.CharField("who with", max_length=300, blank=True, default="")
    is_shared = models.BooleanField("seen by the cohort", default=False)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="output_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=["paper", "post", "code", "dataset", "talk"])
                & Q(state__in=["drafted", "public", "submitted", "accepted"]),
                name="output_kind_and_state_exist",
            ),
        ]
