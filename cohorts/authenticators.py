"""Authenticator apps, passkeys and recovery codes, our way: sealed, named, and never the last one away."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from cohorts.second_factor import KINDS, needs_one
from mats.sealing import CannotOpen, seal, unseal

# allauth seals a seed before its row has a key, and says not whose it is: one mark for them all.
SEALED_FOR = "authenticator"
NOT_READABLE = "This code cannot be checked at the moment. Use another way, or tell your cohort’s staff."


class AuthenticatorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not the code, or it has been used. Wait for the next one and try again.",
        "cannot_delete_authenticator": (
            "Your work here needs a second factor, and this is your only one. Add another one first."
        ),
        "cannot_generate_recovery_codes": "Recovery codes come with an authenticator app or a passkey. Add one first.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Refuses, with words, what the keys at hand do not open: an empty seed would be a code to guess."""
        try:
            return unseal(encrypted_text, SEALED_FOR)
        except CannotOpen as error:
            raise ValidationError(NOT_READABLE, code="sealed") from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever has to show a second factor keeps one."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=KINDS).exclude(pk=authenticator.pk)
        return others.exists() or not needs_one(context.request)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def _get_site_name(self) -> str:
        return "MATS Cohort"
