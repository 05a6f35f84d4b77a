"""Who opened what is confidential, and who was refused; never the text."""

from __future__ import annotations

import uuid

from django.db import models

from cohorts.models import Membership, Person


class Opening(models.Model):
    """Somebody who is not its author opened a confidential text about the person at `about`.

    Once for a reader, a row and a day of the cohort; `opened_at` is the first time on it. `row_id` is the
    key of what was opened. Read by whom it is about and by the reader; nobody changes it.
    """

    class What(models.TextChoices):
        FOR_MY_COACH = "for_my_coach", "what you wrote for your coach only"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    about = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    what = models.CharField(max_length=16, choices=What.choices)
    row_id = models.UUIDField()
    day = models.DateField()
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint("reader", "row_id", "day", name="opening_once_a_day"),
            models.CheckConstraint(condition=models.Q(what__in=["for_my_coach"]), name="opening_is_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.what} on {self.day}"


class Refusal(models.Model):
    """A page of coaching that somebody asked for and did not get (403 or 404), once a person, address
    and day. For whoever keeps the product running; no page shows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    day = models.DateField()
    refused_at = models.DateTimeField()

    class Meta:
        ordering = ["-refused_at"]
        constraints = [models.UniqueConstraint("person", "path", "day", name="refusal_once_a_day")]

    def __str__(self) -> str:
        return f"{self.status} on {self.day}"
