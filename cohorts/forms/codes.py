"""Asking for a code by mail, and typing it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from cohorts.forms.sign_in import CodeField
from mats.forms.base import KeptForm
from mats.text import EmailField

FROM_MAIL = "Eight letters; the mail may take a minute. Look among unwanted mail too."


class OwnForm(KeptForm):
    """A form about the sender's own sign-in."""

    def carry_out_if_sent(self, act: Callable[[], Any], *, then: str, saved: str = "") -> HttpResponse | None:
        return self.carry_out(act, then=then, saved=saved) if self.is_sent and self.is_valid() else None


class AskForCodeForm(OwnForm):
    """Send me a code."""


class OwnCodeForm(OwnForm):
    code = CodeField("Code", FROM_MAIL)


class AddressForm(OwnForm):
    email = EmailField(label="New address", help_text="You sign in with it, and messages go there. Staff read it.")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email == self.request.user.email:
            raise ValidationError("This is your address already.")
        return email


class EndSessionForm(OwnForm):
    """End one of one's sessions; without one, all but this."""

    session = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
