"""What every row of the programme is made of: a random key, a version, an archive date."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models

from mats.sealing import seal, unseal


class EditedMeanwhile(Exception):
    """Somebody saved this row after the form was drawn; `row` is as it stands now."""

    def __init__(self, row: Record) -> None:
        super().__init__("Somebody changed this while you were writing.")
        self.row = row


class Record(models.Model):
    """A row that is edited with a version and archived instead of deleted.

    `version` counts edits from 1; a form carries the version it was drawn from, and an edit of
    an older version is a conflict, never an overwrite. `archived_at` ends a row's life after its
    cohort's launch; before launch rows are really deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def locked(cls, pk: object, *, version: int | None = None, **lookup: Any) -> Self:
        """The row, locked until the transaction ends; raises `EditedMeanwhile` for an older version."""
        row = cls._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=pk, **lookup)
        if version is not None and row.version != version:
            raise EditedMeanwhile(row)
        return row

    def save_edit(self, *fields: str) -> None:
        """Save the named fields as the next version."""
        self.version += 1
        self.save(update_fields=[*fields, "version"])


class SealedRecord(Record):
    """A row with one text that is sealed for its id when it is assigned: tables and history hold
    ciphertext only. Where its text was erased nothing is sealed, and there is nothing to read."""

    sealed_body = models.TextField(editable=False)

    class Meta:
        abstract = True

    @property
    def body(self) -> str:
        return unseal(self.sealed_body, self.pk) if self.sealed_body else ""

    @body.setter
    def body(self, text: str) -> None:
        self.sealed_body = seal(text, self.pk)
