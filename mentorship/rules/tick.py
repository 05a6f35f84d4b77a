"""What a log may say of an earlier action."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError

from mentorship.models import Tick


def check_has_a_reason(action: uuid.UUID, outcome: str, why: str) -> None:
    """An action is dropped with a reason; that counts as kept."""
    if outcome == Tick.Outcome.DROPPED and not why:
        raise ValidationError({f"why-{action}": "Say why, in a few words. Dropped with a reason counts as kept."})
