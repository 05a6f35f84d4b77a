"""Sign-in and its set-up: allauth's views, and what ours see to around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from cohorts import codes
from cohorts.accounts import put_account_mail
from cohorts.forms.codes import AskForCodeForm, OwnCodeForm
from cohorts.providers import ways
from cohorts.second_factor import AFTER, has_one, has_shown_one, needs_one, record_shown
from mats.forms.sent import own_path
from mats.identity.requests import Request

CONFIRM = "confirm"


class SignInView(account.LoginView):
    """The sign-in page, with the providers that this installation knows."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "ways": ways()}


def by_the_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """What changes a second factor asks for one that stands: a password, or a session that was signed
    in before there was one, does not put another beside it."""

    @wraps(view)
    def shown(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if has_one(request.user) and not has_shown_one(request):
            return redirect(f"{_show_url(request)}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return shown


def _show_url(request: Request) -> str:
    """Where a second factor that they have is shown."""
    has_app = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")


class ActivateView(ActivateTOTPView):
    """The code that proves the app is used up by that, and counts as the second factor of this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        app.wrap().validate_code(form.cleaned_data["code"])
        record_shown(self.request, app.type, id=app.pk)
        return answer


class AddPasskeyView(AddWebAuthnView):
    """Making a passkey is showing it."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        record_shown(self.request, Authenticator.Type.WEBAUTHN)
        return answer


class RemovePasskeyView(RemoveWebAuthnView):
    """Refuses to take the last second factor from somebody who has to have one."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        is_last = not get_adapter().can_delete_authenticator(self.object)
        return {**super().get_context_data(**more), "is_last": is_last}

    def form_valid(self, form: Any) -> HttpResponse:
        if get_adapter().can_delete_authenticator(self.object):
            return super().form_valid(form)
        self.request.form_was_refused = True
        return self.render_to_response(self.get_context_data(form=form))


def second_factor(request: Request) -> HttpResponse:
    """What a second factor is and how to get one; on to where they were going once it is there."""
    if has_shown_one(request) or not (needs_one(request) or request.session.get(AFTER)):
        return redirect(own_path(request.session.pop(AFTER, ""), reverse("home")))
    if has_one(request.user):
        return redirect(f"{_show_url(request)}?{urlencode({'next': reverse('second_factor')})}")
    return render(request, "mfa/second_factor.html")


def confirm_by_code(request: Request) -> HttpResponse:
    """Confirms with a code by mail that it is them; whoever has an authenticator confirms with that."""
    there = own_path(request.GET.get("next", ""), reverse("security"))
    if Authenticator.objects.filter(user=request.user).exists():
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': there})}")
    ask, form = AskForCodeForm(request), OwnCodeForm(request)
    if answer := ask.carry_out_if_sent(lambda: _send_code(request), then=request.get_full_path()):
        return answer
    if answer := form.carry_out_if_sent(lambda: _confirm(request, form.cleaned_data["code"]), then=there):
        return answer
    context = {"ask": ask, "form": form, "is_sent": codes.waiting(request, CONFIRM) is not None}
    return render(request, "account/confirm_by_code.html", context)


def _send_code(request: Request) -> None:
    code = codes.issue(request, CONFIRM)
    put_account_mail(request.user, "own_code", at=request.now, code=code)


def _confirm(request: Request, code: str) -> None:
    codes.redeem(request, CONFIRM, code)
    record_authentication(request, request.user, method="code", reauthenticated=True)
