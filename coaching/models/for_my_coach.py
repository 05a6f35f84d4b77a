"""What a scholar writes for their coach only, with a weekly log."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models import Membership
from mats.history.record import SealedRecord
from mats.history.tracking import tracked
from mentorship.models import WeeklyLog


@tracked()
class ForMyCoach(SealedRecord):
    """Read by the scholar who wrote it and by the coach they had when they wrote it, as long as
    that coach has them. Another coach gets a row of their own. Sealed like a note.
    """

    about = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    coach = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    log = models.ForeignKey(WeeklyLog, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint("log", "coach", name="for_my_coach_once_a_log"),
            models.CheckConstraint(condition=~Q(coach=F("about")), name="for_my_coach_is_of_two_people"),
        ]
