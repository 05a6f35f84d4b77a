"""A person: one account, whatever places they hold in whichever cohorts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from mats.history.record import Record
from mats.history.tracking import tracked
from mats.text import normalise_email


class PersonManager(BaseUserManager["Person"]):
    """Finds people by address in any case, and makes them without a password."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=normalise_email(email), **fields)
        person.set_password(password)
        person.save()
        return person


@tracked(exclude=["password", "last_login"])
class Person(Record, AbstractBaseUser):
    """Signs in by e-mail. `starts_cohorts` is for the first person of an installation, `is_superuser` for
    whoever keeps it running: it opens Django's admin and nothing else. `erased_at` is when text and name went."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="Every time is shown to you in this zone.")
    is_active = models.BooleanField(default=True)
    starts_cohorts = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_is_lower_case"),
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.created_at is None:
            from mats.clock import now

            self.created_at = now()
        super().save(*args, **kwargs)
