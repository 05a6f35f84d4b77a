"""An upload that waits for somebody's yes, and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class ImportRun(models.Model):
    """Files that were read and judged; nothing of them is stored before the yes.

    Life: `shown` (its difference waits for a yes) → `waiting` → `running` (claimed by one worker
    until `leased_until`) → `done`. Or `bad`, or `failed` with a note. If the cohort changed in the
    meantime it is `shown` once more, with the new difference. `fingerprint` is of the difference
    that was shown. `cohort` is empty for a cohort yet to be made; `plan` then holds its settings.
    `finished` counts rows written out of `total`; it is told from outside the storing transaction.
    """

    class State(models.TextChoices):
        BAD = "bad", "not taken"
        SHOWN = "shown", "waiting for your yes"
        WAITING = "waiting", "waiting for its turn"
        RUNNING = "running", "being stored"
        DONE = "done", "stored"
        FAILED = "failed", "not stored"
        DISCARDED = "discarded", "thrown away"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, null=True, blank=True, related_name="+")
    plan = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices)
    note = models.TextField(blank=True, default="")
    bad = models.JSONField(default=list)
    bad_count = models.PositiveIntegerField(default=0)
    difference = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    finished = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="import_done_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | ~Q(fingerprint=""), name="import_shown_is_a_difference"
            ),
        ]
        indexes = [
            models.Index(fields=["confirmed_at"], condition=Q(state__in=["waiting", "running"]), name="import_waiting")
        ]

    def __str__(self) -> str:
        return f"import, {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def cohort_name(self) -> str:
        return self.cohort.name if self.cohort else self.plan["name"]

    @property
    def seen(self) -> str:
        """Where it stands, in a word: a page that shows this need not be drawn again."""
        return f"{self.state}-{self.finished}"


class ImportFile(models.Model):
    """One file of an upload as it was given; deleted as soon as it is stored or thrown away."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("run", "kind", name="import_file_once")]

    def __str__(self) -> str:
        return self.name
