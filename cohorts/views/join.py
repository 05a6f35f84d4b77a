"""The link of an invitation, for people who may not have signed in yet, and the same act from Home.

Opening the link changes nothing, because mail scanners open every link they see. Unknown, used, run
out, taken back, for a closed account or of an address that has changed: the answer is the one to nonsense.
"""

from __future__ import annotations

import uuid

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from cohorts.access import find
from cohorts.actions.invitation import accept
from cohorts.forms.invitation import AcceptForm
from cohorts.invitation_letter import what_they_do
from cohorts.invitations import find_by_token, open_of
from cohorts.models import Invitation, Membership, Person
from cohorts.rules.invitation import has_never_signed_in
from mats.history.tracking import acting_as
from mats.identity.requests import Request
from mats.identity.transaction import set_identity

CONFLICT = 409
# What stands in history for the page: the real address holds the token.
PAGE = "/join/-/"


def masked(email: str) -> str:
    """`a…@example.org`, for somebody else's eyes."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


@login_not_required
def join(request: Request, token: str) -> HttpResponse:
    """Shows what somebody is invited to; a press accepts it, for the address it was sent to and nobody else."""
    set_identity(request.user.pk if request.user.is_authenticated else None, request.now, page=PAGE)
    if not ratelimit.consume(request, app="allauth.account", action="join", limit_get=True):
        return ratelimit.respond_429(request)
    invitation = find_by_token(token, request.now)
    if invitation is None:
        raise Http404
    person = invitation.membership.person
    if request.user.is_authenticated and request.user.pk != person.pk:
        return _whose(request, invitation)
    must_sign_in = not request.user.is_authenticated and not has_never_signed_in(person)
    there = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    if request.method != "POST":
        return render(request, "cohorts/join.html", {**_said(invitation), "sign_in": there if must_sign_in else ""})
    return redirect(there) if must_sign_in else _come_in(request, invitation)


def _said(invitation: Invitation) -> dict[str, object]:
    """What the page tells; nothing of the link."""
    place = invitation.membership
    return {
        "invitation": invitation,
        "cohort_name": invitation.cohort.name,
        "role": place.label,
        "does": what_they_do(invitation.cohort, place.role),
        "zone": place.person.time_zone,
    }


def _whose(request: Request, invitation: Invitation) -> HttpResponse:
    """Signed in as somebody else: a choice, never a mixture. Nothing is accepted by it."""
    context = {"cohort_name": invitation.cohort.name, "address": masked(invitation.email), "here": request.path}
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "cohorts/join_whose.html", context, status=status)


def _come_in(request: Request, invitation: Invitation) -> HttpResponse:
    """Accept, and sign in whoever has no other way yet: the letter has shown that the address is theirs."""
    person = invitation.membership.person
    set_identity(person.pk, request.now, page=PAGE)
    acting_as("invited")
    try:
        place = accept(invitation=invitation, by=person, at=request.now)
    except ValidationError as refusal:  # somebody else was quicker with the same link
        return render(request, "cohorts/join_over.html", {"words": " ".join(refusal.messages)}, status=CONFLICT)
    if not request.user.is_authenticated:
        _sign_in(request, person)
    return _welcome(request, place)


def _sign_in(request: Request, person: Person) -> None:
    """As after a code by mail: a new session, noted as a sign-in that is fresh."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, "invitation")
    UserSession.objects.create_from_request(request)


def _welcome(request: Request, place: Membership) -> HttpResponse:
    messages.success(request, f"You are here as {place.label} now.")
    return redirect("first_hour", pk=place.pk)


@require_POST
def invitation_accept(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Accepting from Home: whoever can sign in has shown that the address is theirs. 404 for everybody else."""
    invitation = open_of(request.user, request.now, pk)
    if invitation is None:
        raise Http404
    find("membership", request.user, request.now, act="accept", pk=invitation.membership_id)
    form = AcceptForm(request)

    def act() -> Membership:
        return accept(invitation=invitation, by=request.user, at=request.now)

    there = reverse("first_hour", args=[invitation.membership_id])
    saved = f"You are here as {invitation.membership.label} now."
    if form.is_valid() and (answer := form.carry_out(act, then=there, saved=saved)):
        return answer
    for words in form.non_field_errors():
        messages.warning(request, str(words))
    return redirect("home")
