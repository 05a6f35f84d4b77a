"""The outbox: one row per person, kind and occurrence, there before anything is sent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mats.post.querysets import WAITING, MessageQuerySet


class Message(models.Model):
    """A message that is due, was sent, was dropped with its reason, or was given up.

    Life: due at `moment` → claimed by one worker until `leased_until` → `intended_at` set and
    committed before the transport is called → `sent_at`. A nudge found intended but not sent is
    *unknown*: it is given up, never sent again, and a person looks at it. A letter is sent again
    with the same `message_id`. `failed_at` and `failed_why` tell the latest failure; after the
    last attempt the message is given up. `sealed` holds what cannot be computed again at sending
    (a sign-in code) and is emptied when the message has ended in any way.
    """

    class Policy(models.TextChoices):
        NUDGE = "nudge", "at most once"
        LETTER = "letter", "at least once, with one Message-ID"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, null=True, blank=True, related_name="messages")
    kind = models.CharField(max_length=40)
    occurrence = models.CharField(max_length=80)
    policy = models.CharField(max_length=8, choices=Policy.choices)
    about_id = models.UUIDField(null=True, blank=True)
    moment = models.DateTimeField()
    sealed = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    intended_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField(max_length=200, blank=True, default="")
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_why = models.CharField(max_length=200, blank=True, default="")
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-moment"]
        constraints = [
            models.UniqueConstraint("person", "kind", "occurrence", name="message_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None, dropped_at=None)
                | Q(sent_at=None, given_up_at=None)
                | Q(dropped_at=None, given_up_at=None),
                name="message_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(intended_at__isnull=False), name="message_intended_first"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_why="") | (Q(dropped_at__isnull=False) & ~Q(dropped_why="")),
                name="message_dropped_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(given_up_at=None) | (Q(failed_at__isnull=False) & ~Q(failed_why="")),
                name="message_given_up_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(sealed="") | Q(sent_at=None, dropped_at=None, given_up_at=None),
                name="message_ended_holds_no_secret",
            ),
        ]
        indexes = [
            models.Index(fields=["moment"], condition=WAITING, name="message_waiting"),
            models.Index(fields=["cohort", "-moment"], name="message_of_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.moment:%Y-%m-%d %H:%M}"


class Beat(models.Model):
    """When the schedule last rang; one row. `/readyz` tells how long ago that was."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    rang_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="beat_is_one_row")]

    def __str__(self) -> str:
        return f"{self.rang_at:%Y-%m-%d %H:%M}"
