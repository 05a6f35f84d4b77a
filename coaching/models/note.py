"""A dated entry that a coach writes about a scholar."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cohorts.models import Membership
from mats.history.record import SealedRecord
from mats.history.tracking import tracked


@tracked()
class Note(SealedRecord):
    """Read by its author alone, or by its author and the scholar: see `audience`.

    The text is sealed for this row's id when it is assigned; tables and history hold ciphertext
    only. Dates, topics and audience can be searched, the text cannot.
    """

    class Topic(models.TextChoices):
        ACCOUNTABILITY = "accountability", "accountability"
        CAREER = "career", "career"
        OTHERS = "others", "working with others"
        HABITS = "habits", "sleep and other habits"
        RESEARCH = "research", "how the research goes"
        OTHER = "other", "something else"

    class Audience(models.TextChoices):
        WORKING = "working", "working note"
        WITH_SCHOLAR = "with_scholar", "with the scholar"

    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    about = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=16, choices=Audience.choices, default=Audience.WORKING)
    dated = models.DateField("date")
    topics = ArrayField(models.CharField(max_length=16, choices=Topic.choices), default=list, blank=True)

    class Meta:
        ordering = ["-dated", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=["working", "with_scholar"]), name="note_audience_exists"),
            models.CheckConstraint(condition=~Q(author=models.F("about")), name="note_is_about_somebody_else"),
        ]
