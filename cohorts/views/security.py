"""What somebody's own sign-in consists of: password, passkeys, app, codes, sessions, address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cohorts import codes
from cohorts.accounts import put_account_mail
from cohorts.actions.account import change_address
from cohorts.actions.session import end_sessions
from cohorts.forms.codes import AddressForm, EndSessionForm, OwnCodeForm
from cohorts.models import Person
from cohorts.second_factor import needs_one
from cohorts.sessions import sessions_of
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request

ADDRESS = "address"


@dataclass(frozen=True)
class Passkey:
    pk: int
    name: str
    added_at: dt.datetime
    used_at: dt.datetime | None
    is_enough: bool


@dataclass
class Factors:
    """The second factors of a person. `codes_left` is None where there are no recovery codes."""

    app: Authenticator | None = None
    passkeys: list[Passkey] = field(default_factory=list)
    codes_left: int | None = None


def factors_of(person: Person) -> Factors:
    found = Factors()
    for row in Authenticator.objects.filter(user=person).order_by("created_at"):
        if row.type == Authenticator.Type.TOTP:
            found.app = row
        elif row.type == Authenticator.Type.WEBAUTHN:
            key = row.wrap()
            found.passkeys.append(
                Passkey(row.pk, key.name, row.created_at, row.last_used_at, bool(key.is_passwordless))
            )
        else:
            found.codes_left = _codes_left(row)
    return found


def _codes_left(row: Authenticator) -> int:
    try:
        return len(row.wrap().get_unused_codes())
    except ValidationError:  # its keys are gone: none of them works
        return 0


def security(request: Request) -> HttpResponse:
    person = request.user
    context = {
        "person": person,
        "has_password": person.has_usable_password(),
        "factors": factors_of(person),
        "needs_one": needs_one(request),
        "sessions": sessions_of(person, request.session.session_key, request.now),
    }
    return render(request, "cohorts/security.html", context)


def sessions(request: Request) -> HttpResponse:
    """Where they are signed in; one session, or all others, end at a press."""
    here = request.session.session_key
    form = EndSessionForm(request)
    if answer := form.hand_to(end_sessions, here=here, then="sessions", saved="Ended: nobody is signed in there now."):
        return answer
    lines = sessions_of(request.user, here, request.now)
    return render(request, "cohorts/sessions.html", {"form": form, "sessions": lines})


@needs_fresh_sign_in
def address_change(request: Request) -> HttpResponse:
    """Asks for a new address. The answer is the same whoever has it."""
    form = AddressForm(request)
    if answer := form.carry_out_if_sent(lambda: _ask(request, form.cleaned_data["email"]), then="address_confirm"):
        return answer
    return render(request, "cohorts/address_change.html", {"form": form, "person": request.user})


def _ask(request: Request, email: str) -> None:
    """A code to the new address; to its owner, if it has one, a word that somebody asked for it."""
    code = codes.issue(request, ADDRESS, email=email)
    owner = Person.objects.filter(email=email).first()
    if owner is None:
        put_account_mail(request.user, "address_code", at=request.now, code=code, to=email)
    else:
        put_account_mail(owner, "address_taken", at=request.now)


def address_confirm(request: Request) -> HttpResponse:
    sent = codes.waiting(request, ADDRESS)
    if sent is None:
        return redirect("address_change")
    form = OwnCodeForm(request)
    if answer := form.carry_out_if_sent(
        lambda: _take(request, form.cleaned_data["code"]), then="security", saved="This is your address now."
    ):
        return answer
    return render(request, "cohorts/address_confirm.html", {"form": form, "email": sent["email"]})


def _take(request: Request, code: str) -> None:
    email = codes.redeem(request, ADDRESS, code)["email"]
    old = request.user.email
    change_address(person=request.user, email=email, by=request.user, at=request.now)
    put_account_mail(request.user, "address_changed", at=request.now, to=old)
