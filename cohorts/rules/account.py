"""Rules about accounts."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cohorts.models import Person


def of_somebody_else(person: Person, by: Person) -> None:
    """Nobody closes their own account."""
    if person.pk == by.pk:
        raise ValidationError({"is_active": "This is your own account. Ask another superuser."})
