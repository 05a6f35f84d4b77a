"""A coach and a scholar met: the bare fact."""

from __future__ import annotations

from django.db import models

from cohorts.models import Membership
from mats.history.record import Record
from mats.history.tracking import tracked


@tracked()
class OneOnOne(Record):
    """That a 1-1 took place, and on which day; never what was said."""

    coach = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    about = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    took_place_on = models.DateField("date")

    class Meta:
        ordering = ["-took_place_on"]
        constraints = [
            models.UniqueConstraint(
                "about", "took_place_on", condition=models.Q(archived_at=None), name="one_on_one_once_a_day"
            )
        ]
