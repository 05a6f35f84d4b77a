"""What a form leaves behind: a server draft, and the answer that a key was given."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from mats.sealing import seal, unseal


class Draft(models.Model):
    """Unsent text of one person for one form; sealed, seen by its writer only, not in any history.

    `form` names the form and `about` the row it edits (empty for a new one).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True, default="")
    sealed = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("person", "form", "about", name="draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.form}"

    @property
    def content(self) -> str:
        return unseal(self.sealed, self.pk)

    @content.setter
    def content(self, text: str) -> None:
        self.sealed = seal(text, self.pk)


class Submission(models.Model):
    """A form that was carried out: same key and content, same answer; other content, a conflict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    answer = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("person", "key", name="submission_once")]

    def __str__(self) -> str:
        return f"{self.form}, sent {self.at:%Y-%m-%d %H:%M}"
