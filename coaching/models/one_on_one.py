"""A coach and a scholar: when they plan to speak, and whether they did."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from cohorts.models import Membership
from mats.history.record import Record
from mats.history.tracking import tracked

LONGEST = dt.timedelta(hours=2)

# Still to come: nothing was said of it, and it was not called off.
AHEAD = Q(archived_at=None, took_place_on=None, missed_at=None)


@tracked()
class OneOnOne(Record):
    """A 1-1: planned (`planned`, a UTC range of at most two hours), or recorded afterwards without a
    plan. `took_place_on` is the day on which it took place, `missed_at` when its coach said that it
    did not. Never what was said. Calling it off archives the row.
    """

    coach = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    about = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    planned = DateTimeRangeField(null=True, blank=True)  # type: ignore[misc]  # the stubs know no empty range
    took_place_on = models.DateField("date", null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-took_place_on"]
        constraints = [
            models.UniqueConstraint(
                "about", "took_place_on", condition=models.Q(archived_at=None), name="one_on_one_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(planned__isnull=False) | Q(took_place_on__isnull=False), name="one_on_one_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(missed_at=None) | Q(took_place_on=None, planned__isnull=False),
                name="one_on_one_took_place_or_not",
            ),
            # Of one place; across cohorts the action looks, with both people locked.
            *(
                ExclusionConstraint(
                    name=f"one_on_one_{side}_one_at_a_time",
                    expressions=[(side, RangeOperators.EQUAL), ("planned", RangeOperators.OVERLAPS)],
                    condition=AHEAD,
                )
                for side in ("coach", "about")
            ),
        ]

    @property
    def starts_at(self) -> dt.datetime | None:
        return self.planned.lower if self.planned else None

    @property
    def ends_at(self) -> dt.datetime | None:
        return self.planned.upper if self.planned else None
