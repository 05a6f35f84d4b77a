"""The demo's sign-in with one press, as one of its made-up people; there is none outside the demo."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cohorts.models import Person
from cohorts.second_factor import record_shown
from mats.forms.sent import own_path
from mats.pages.demo import demo_people


@require_POST
@login_not_required
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Refuses on its own account, whatever the addresses say, and knows the demo's people only."""
    if not settings.DEMO:
        raise Http404
    known = next((one for one in demo_people() if str(one.pk) == request.POST.get("person")), None)
    if known is None:
        raise Http404
    logout(request)
    login(request, Person.objects.get(pk=known.pk), backend=settings.AUTHENTICATION_BACKENDS[0])
    record_shown(request, "demo")  # the press counts as a second factor, and as a fresh sign-in, in the demo only
    UserSession.objects.create_from_request(request)
    return redirect(own_path(request.POST.get("next", ""), settings.LOGIN_REDIRECT_URL))
