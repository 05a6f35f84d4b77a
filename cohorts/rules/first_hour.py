"""Rules about the first hour of a place, and about the agreement."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cohorts.models import Agreement


def contact_is_somebody_or_nobody(emergency_name: str, emergency_phone: str, is_nobody: bool) -> None:
    """Whom to call is somebody with a number, or nobody; both are answers, and nothing is none."""
    if is_nobody and (emergency_name or emergency_phone):
        raise ValidationError({"is_nobody": "Name somebody, or say that there is nobody; not both."})
    if is_nobody:
        return
    if not emergency_name and not emergency_phone:
        raise ValidationError({"emergency_name": "Name somebody, or tick that there is nobody."})
    if not emergency_phone:
        raise ValidationError({"emergency_phone": f"How can {emergency_name} be reached?"})
    if not emergency_name:
        raise ValidationError({"emergency_name": "Whose number is this?"})


def is_the_version_that_holds(number: int | None, agreement: Agreement) -> None:
    """A tick is under the words that were read: a version that came meanwhile is read first."""
    if number != agreement.number:
        words = f"The agreement has a new version, number {agreement.number}: read it, then tick."
        raise ValidationError({"agrees": words})


def is_agreed(agrees: bool) -> None:
    """Nothing begins without a tick under the agreement."""
    if not agrees:
        raise ValidationError({"agrees": "Tick that you have read it and agree."})
