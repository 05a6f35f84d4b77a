"""The mid-point line: what a mentor thinks, early enough to act; and what follows from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Cohort, Membership, Milestone, Person
from mats.history.record import Record
from mats.history.tracking import tracked


@tracked()
class MidpointLine(Record):
    """What each mentor of a scholar owes at mid-point: one line, and what would change it.

    `given_at` is when it was first given and never moves, `changed_at` the latest change; `read_at`
    is when the scholar said that they have read it, as it stands now.
    """

    class View(models.TextChoices):
        ON_COURSE = "on_course", "on course"
        TOO_EARLY = "too_early", "too early to say"
        NOT_NOW = "not_now", "not as things stand"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="lines")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="midpoint_lines")
    mentor = models.ForeignKey(Membership, models.PROTECT, related_name="midpoint_lines_owed")
    due_at = models.DateTimeField()
    view = models.CharField("at mid-point", max_length=12, choices=View.choices, blank=True, default="")
    because = models.TextField(blank=True, default="")
    would_change = models.TextField("what would change it", blank=True, default="")
    given_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint("milestone", "scholar", "mentor", name="midpoint_line_once"),
            models.CheckConstraint(
                condition=Q(given_at=None, view="", because="", would_change="", changed_at=None, read_at=None)
                | Q(given_at__isnull=False, view__in=["on_course", "too_early", "not_now"]),
                name="midpoint_line_given_says_something",
            ),
            models.CheckConstraint(
                condition=~Q(view="not_now") | (~Q(because="") & ~Q(would_change="")),
                name="midpoint_line_not_now_says_why",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(given_at=None), name="midpoint_line_still_due")]


@tracked()
class Talk(Record):
    """A talk that staff owe a scholar after "not as things stand": within five days, recorded as done.

    `owner` is whoever of staff has taken it; until then it is everybody's. `words` is what was agreed.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="talks")
    line = models.ForeignKey(MidpointLine, models.PROTECT, related_name="talks")
    due_at = models.DateTimeField()
    owner = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="talks_owed")
    talked_on = models.DateField("day of the talk", null=True, blank=True)
    words = models.TextField("what was agreed", blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                "scholar", condition=Q(done_at=None, archived_at=None), name="talk_one_open_a_scholar"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, talked_on=None, words="")
                | Q(done_at__isnull=False, done_by__isnull=False, talked_on__isnull=False),
                name="talk_done_has_a_person_and_a_day",
            ),
        ]


@tracked()
class SupportPlan(Record):
    """What a scholar will do by when, the help given, and the day on which it is looked at again.

    Written by staff, mostly after a talk; met when it was reviewed, with words.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="support_plans")
    talk = models.ForeignKey(Talk, models.PROTECT, null=True, blank=True, related_name="plans")
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    what = models.TextField()
    by_when = models.DateField("by when")
    help_given = models.TextField("help given")
    review_on = models.DateField("looked at again on")
    review_due_at = models.DateTimeField(editable=False)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    review_words = models.TextField("how it went", blank=True, default="")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                "scholar", condition=Q(reviewed_at=None, archived_at=None), name="support_plan_one_open_a_scholar"
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(help_given=""), name="support_plan_says_what_and_help"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, review_words="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(review_words="")),
                name="support_plan_reviewed_by_somebody",
            ),
        ]
