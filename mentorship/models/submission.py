"""What a scholar submits for a milestone, in all its versions, and what its reader says of it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from cohorts.models import Cohort, Membership, Milestone, Person, Rubric
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.querysets import SubmissionQuerySet


@tracked()
class Submission(Record):
    """What a scholar owes for one milestone: there before it is written.

    `submitted_at` is the first version's moment and never moves; it is met by that, and `passed_at`
    once the reader says so (at once where nobody reads it). `revise_at` is the moment by which a
    reader has asked for the next version; a new version answers it. `has_own_date`: staff gave this
    scholar a date of their own, which a moved milestone leaves alone.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="submissions")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="submissions")
    due_at = models.DateTimeField("due")
    has_own_date = models.BooleanField("with a date of its own", default=False)
    reader = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="to_read")
    submitted_at = models.DateTimeField(null=True, blank=True)
    revise_at = models.DateTimeField("next version due", null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint("milestone", "scholar", name="submission_once_a_milestone"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False) | Q(revise_at=None, passed_at=None),
                name="submission_judged_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(revise_at=None) | Q(passed_at=None), name="submission_passed_needs_no_revision"
            ),
            models.CheckConstraint(condition=~Q(reader=models.F("scholar")), name="submission_is_read_by_another"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(submitted_at=None), name="submission_still_due"),
            models.Index(fields=["scholar"], name="submission_of_scholar"),
        ]

    @property
    def waits_to_be_read(self) -> bool:
        """Whether its latest version has no answer yet. A version sent after it passed needs none."""
        return bool(self.submitted_at) and not self.passed_at and not self.revise_at

    def stands(self, at: dt.datetime) -> str:
        """In one word: passed, revise (a next version is asked for), with_reader, unread (it was sent,
        and needs a reader), missing (past due, not sent) or due."""
        if self.passed_at or self.revise_at:
            return "passed" if self.passed_at else "revise"
        if self.submitted_at:
            return "with_reader" if self.reader_id else "unread"
        return "missing" if self.due_at < at else "due"


@tracked()
class SubmittedText(Record):
    """One version as it was sent; never edited. `number` counts from 1; `links` is one address a line."""

    class Form(models.TextChoices):
        TALK = "talk", "talk"
        POSTER = "poster", "poster"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    form = models.CharField("talk or poster", max_length=8, choices=Form.choices, blank=True, default="")
    text = models.TextField(blank=True, default="")
    links = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("submission", "number", name="submitted_text_numbered_once"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(links=""), name="submitted_text_says_something"),
        ]

    @property
    def addresses(self) -> list[str]:
        """The links, each by itself."""
        return self.links.split()


@tracked()
class Review(Record):
    """What a reader owes for a submission, and what they answered.

    There is one open review a submission, of the latest `text`; a newer version moves it on. It is
    met when it is given: `outcome` is pass or revise, `words` the feedback, `reasons` why this
    outcome. `answers` has a dict for each criterion of the rubric: `criterion`, `stands` (there,
    partly or not_yet) and `words`; they are read one by one and never counted. A review that was
    not given is archived when its reader is taken off.
    """

    class Outcome(models.TextChoices):
        PASS = "pass", "pass"
        REVISE = "revise", "revise"

    class Stands(models.TextChoices):
        THERE = "there", "there"
        PARTLY = "partly", "partly"
        NOT_YET = "not_yet", "not yet"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews")
    text = models.ForeignKey(SubmittedText, models.PROTECT, related_name="reviews")
    reader = models.ForeignKey(Membership, models.PROTECT, related_name="reviews")
    rubric = models.ForeignKey(Rubric, models.PROTECT, null=True, blank=True, related_name="reviews")
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    answers = models.JSONField(blank=True, default=list)
    words = models.TextField("feedback", blank=True, default="")
    reasons = models.TextField(blank=True, default="")
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                "submission", condition=Q(given_at=None, archived_at=None), name="review_one_open_a_submission"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, outcome="", words="", reasons="")
                | (Q(given_at__isnull=False, outcome__in=["pass", "revise"]) & ~Q(reasons="")),
                name="review_given_has_an_outcome_and_reasons",
            ),
        ]
        indexes = [models.Index(fields=["reader"], condition=Q(given_at=None), name="review_still_owed")]


@tracked()
class Conflict(Record):
    """A person says (or staff say for them) that they should not judge a scholar's work; `why` is
    read by that person and staff alone."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="conflicts")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="conflicts")
    declared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    why = models.CharField(max_length=500)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint("person", "scholar", condition=Q(archived_at=None), name="conflict_declared_once"),
            models.CheckConstraint(condition=~Q(why=""), name="conflict_has_a_reason"),
        ]
