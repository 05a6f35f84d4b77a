"""A form is carried out once, however often its button is pressed."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, connection, transaction

from mats.forms.models import Submission
from mats.forms.sent import content_fingerprint
from mats.identity.requests import Request


class AlreadySent(Exception):
    """This key was used before; `earlier` says for what, `is_same` whether it said the same."""

    def __init__(self, earlier: Submission, *, is_same: bool) -> None:
        super().__init__("This form was already sent.")
        self.earlier = earlier
        self.is_same = is_same


def claim(request: Request, key: uuid.UUID, form: str) -> Submission:
    """Take a key for this person, or raise `AlreadySent`.

    The unique row is the lock: a second request with the key waits here until the first one has
    committed, then finds its answer; if the first one rolled back, the second one acts.
    """
    sent = content_fingerprint(request)
    try:
        with transaction.atomic():
            return Submission.objects.create(
                key=key, person=request.user, form=form, fingerprint=sent, answer="", at=request.now
            )
    except IntegrityError:
        earlier = Submission.objects.get(person=request.user, key=key)
        raise AlreadySent(earlier, is_same=earlier.fingerprint == sent) from None


def earlier_answer(request: Request, key: uuid.UUID) -> str | None:
    """Where the first of two equal requests was sent to; waits while the first one is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{request.user.pk}:{key}"])
    earlier = Submission.objects.filter(person=request.user, key=key).first()
    if earlier is None or not earlier.answer or earlier.fingerprint != content_fingerprint(request):
        return None
    return earlier.answer


def was_sent(person, key: str) -> bool:
    """Whether a form with this key was carried out; a draft of it is then of no more use."""
    return bool(key) and Submission.objects.filter(person=person, key=key).exists()
