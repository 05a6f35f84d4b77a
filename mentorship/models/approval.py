"""A mentor's approval: what a mentor says of a scholar who asks to stay on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Cohort, Membership, Person
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.case import ExtensionCase


@tracked()
class Approval(Record):
    """What one mentor owes for a case: there before it is given.

    `is_lead`: this one carries the case on; others are added beside it. `named_by` of staff named this
    approver instead of the lead mentor, for `named_why`, which the duty leads alone read. `seen_done` and
    `months_for` are shown to the scholar; `for_committee` is not (its subject may ask for a copy).
    `given_at` is the first answer and never moves, `changed_at` the latest change. After "not sure"
    staff owe a talk (`talk_due_at`) and record it. What is superseded before it was given is archived.
    """

    class Answer(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"
        NOT_SURE = "not_sure", "I’m not sure, let’s talk"

    class CanMentor(models.TextChoices):
        YES = "yes", "yes"
        CO_MENTOR = "co_mentor", "with a co-mentor"
        UNTIL = "until", "until a day"
        NO = "no", "no"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.ForeignKey(ExtensionCase, models.PROTECT, related_name="approvals")
    mentor = models.ForeignKey(Membership, models.PROTECT, related_name="approvals")
    is_lead = models.BooleanField(default=True)
    named_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    named_why = models.CharField(max_length=500, blank=True, default="")
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default="")
    seen_done = models.TextField("what have you seen them do?", blank=True, default="")
    months_for = models.TextField("what would the months be for?", blank=True, default="")
    for_committee = models.TextField("for the committee", blank=True, default="")
    can_mentor = models.CharField("I can mentor them", max_length=10, choices=CanMentor.choices, blank=True, default="")
    mentor_until = models.DateField("until", null=True, blank=True)
    has_conflict = models.BooleanField("I have a conflict of interest", default=False)
    conflict_words = models.CharField("what it is", max_length=500, blank=True, default="")
    given_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    talk_due_at = models.DateTimeField(null=True, blank=True)
    talked_at = models.DateTimeField(null=True, blank=True)
    talked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    talk_words = models.TextField("what was said", blank=True, default="")

    class Meta:
        ordering = ["-is_lead", "created_at"]
        constraints = [
            models.UniqueConstraint("case", "mentor", condition=Q(archived_at=None), name="approval_once_a_mentor"),
            models.UniqueConstraint(
                "case", condition=Q(is_lead=True, archived_at=None), name="approval_one_lead_a_case"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, answer="", seen_done="", months_for="", can_mentor="", changed_at=None)
                | (Q(given_at__isnull=False, answer__in=["yes", "no", "not_sure"]) & ~Q(seen_done="", can_mentor="")),
                name="approval_given_says_something",
            ),
            models.CheckConstraint(
                condition=Q(can_mentor="until", mentor_until__isnull=False)
                | (~Q(can_mentor="until") & Q(mentor_until=None)),
                name="approval_until_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(named_by=None, named_why="") | (Q(named_by__isnull=False) & ~Q(named_why="")),
                name="approval_named_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(talked_at=None, talked_by=None, talk_words="")
                | (Q(talked_at__isnull=False, talked_by__isnull=False) & ~Q(talk_words="")),
                name="approval_talk_recorded_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(has_conflict=False, conflict_words="") | (Q(has_conflict=True) & ~Q(conflict_words="")),
                name="approval_conflict_says_what",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(given_at=None), name="approval_still_due")]


@tracked()
class MentorSearch(Record):
    """Staff look for a mentor for the term: nobody who approved can mentor it. Met when one is found,
    or when it is closed with words."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.ForeignKey(ExtensionCase, models.PROTECT, related_name="mentor_searches")
    due_at = models.DateTimeField()
    found = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["created_at"]
        verbose_name = "search for a mentor"
        verbose_name_plural = "searches for a mentor"
        constraints = [
            models.UniqueConstraint(
                "case", condition=Q(closed_at=None, archived_at=None), name="mentor_search_one_open_a_case"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, found=None, words="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(words="")),
                name="mentor_search_closed_by_somebody",
            ),
        ]
