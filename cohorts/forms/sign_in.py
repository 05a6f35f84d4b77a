"""The forms of authenticators and passkeys: allauth's, with our words, and with care for what is sent.

A passkey's answer is made by a browser, but anybody can send anything: what cannot be read is a
wrong code, never an error, and nothing is kept that the database could not hold.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from mats.text import NameField

LONGEST_ANSWER = 20_000  # characters; real ones are under three thousand
NOT_READ = "The passkey’s answer could not be read. Try again."
CODE_WORDS = "The six digits that your app shows now, or one of your recovery codes."


class CredentialField(forms.CharField):
    """What a browser says after a passkey was used: read once before anything else looks at it."""

    widget = forms.HiddenInput

    def __init__(self, response: Any) -> None:
        self.response = response
        super().__init__(max_length=LONGEST_ANSWER, error_messages={"required": "No passkey was used."})

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        try:
            answer = json.loads(text)
            self.response.from_dict(answer)
            json.dumps(answer, ensure_ascii=False).encode()  # half characters are no text
        except Exception as error:
            raise ValidationError(NOT_READ) from error
        if not isinstance(answer, dict) or "\\u0000" in json.dumps(answer):
            raise ValidationError(NOT_READ)
        return answer


class CodeField(forms.CharField):
    """A code that somebody types off a screen or a sheet of paper."""

    def __init__(self, label: str, help_text: str) -> None:
        attributes = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(label=label, help_text=help_text, max_length=40, widget=forms.TextInput(attrs=attributes))


class FactorForm(AuthenticateForm):
    code = CodeField("Code", CODE_WORDS)


class ConfirmFactorForm(ReauthenticateForm):
    code = CodeField("Code", CODE_WORDS)


class ActivateForm(ActivateTOTPForm):
    code = CodeField("Code", "The six digits that the app shows now: they prove that it has the key.")


class PasskeyName(NameField):
    def __init__(self, **options: Any) -> None:
        words = "So that you know it again in your list. Nobody else reads it."
        super().__init__(label="Name", max_length=60, help_text=words, **options)


class AddPasskeyForm(AddWebAuthnForm):
    name = PasskeyName(required=False)
    credential = CredentialField(RegistrationResponse)
    passwordless = forms.BooleanField(
        label="Sign in with this alone",
        required=False,
        initial=True,
        help_text="It then takes the place of password and code. It has to ask for a PIN, a finger or a face.",
    )
    field_order = ["name", "passwordless", "credential"]


class RenamePasskeyForm(EditWebAuthnForm):
    name = PasskeyName()


class PasskeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class SignInPasskeyForm(LoginWebAuthnForm):
    """Refuses a key that was set up to be used with a password or code: it is half of a sign-in."""

    credential = CredentialField(AuthenticationResponse)

    def clean_credential(self) -> Authenticator:
        authenticator = super().clean_credential()
        if authenticator.wrap().is_passwordless is False:
            raise ValidationError("This passkey goes with a password or a code: sign in with one of them first.")
        return authenticator


class ConfirmPasskeyForm(ReauthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)
