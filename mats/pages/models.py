"""An upload that waits for somebody's yes; a person's copy of their own data; a request to be erased."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mats.history.record import Record
from mats.history.tracking import tracked
from mats.sealing import seal_bytes, unseal_bytes


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


class DataExport(models.Model):
    """A copy of everything that a person may read of their own, asked for by them.

    Life: `waiting` → `running` (claimed by one worker until `leased_until`) → `ready` (until
    `expires_at`) → `gone`; or `failed`. The file itself stands in `ExportFile`, behind row-level security.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its turn"
        RUNNING = "running", "being put together"
        READY = "ready", "ready"
        FAILED = "failed", "not made"
        GONE = "gone", "deleted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(state__in=["waiting", "running"]), name="export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(built_at__isnull=False, expires_at__gt=F("built_at")),
                name="export_ready_has_its_times",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["waiting", "running", "ready"]), name="export_to_look_after"
            )
        ]

    def __str__(self) -> str:
        return f"export, {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}


class ExportFile(models.Model):
    """The ZIP of an export, sealed for it; the database shows it to its person alone."""

    export = models.OneToOneField(DataExport, models.CASCADE, primary_key=True, related_name="file")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "file of an export"

    @property
    def content(self) -> bytes:
        return unseal_bytes(bytes(self.sealed), self.export_id)

    @content.setter
    def content(self, data: bytes) -> None:
        self.sealed = seal_bytes(data, self.export_id)


@tracked()
class Erasure(Record):
    """Somebody asks to be erased. Life: asked → carried out by somebody of staff, with `reason`; or withdrawn.

    `carried_out_by` is empty where a restored database was erased again by the ledger and knows nobody
    of that key.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasures")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    carried_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(withdrawn_at=None, carried_out_at=None), name="erasure_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(carried_out_at=None), name="erasure_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at=None, carried_out_by=None, reason="")
                | (Q(carried_out_at__isnull=False) & ~Q(reason="")),
                name="erasure_carried_out_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_by=None) | ~Q(carried_out_by=F("person")),
                name="erasure_is_not_carried_out_by_oneself",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.carried_out_at is None
