"""A person's own profile."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.actions.profile import change_profile
from cohorts.forms.profile import ProfileForm
from cohorts.models import Membership
from cohorts.places import places
from mats.identity.requests import Request


def profile(request: Request) -> HttpResponse:
    person = find("person", request.user, request.now, act="change", pk=request.user.pk)
    form = ProfileForm(request, about=person)
    if answer := form.hand_to(change_profile, person=person, then="profile", saved="Your profile is saved."):
        return answer
    return render(request, "cohorts/profile.html", {"form": form, "person": person, "places": _launched(request)})


def _launched(request: Request) -> list[Membership]:
    """Places whose first hour can be seen again."""
    return [place for place in places(request) if place.cohort.is_launched]
