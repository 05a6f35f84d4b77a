"""A person's own profile."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.actions.profile import change_profile
from cohorts.forms.profile import ProfileForm
from cohorts.models import Person
from cohorts.places import all_places
from mats.identity.requests import Request


def profile(request: Request) -> HttpResponse:
    person = find("person", request.user, request.now, act="change", pk=request.user.pk)
    form = ProfileForm(request, about=person)
    if answer := form.hand_to(change_profile, person=person, then="profile", saved="Your profile is saved."):
        return answer
    return render(request, "cohorts/profile.html", _context(request, form, person))


def _context(request: Request, form: ProfileForm, person: Person) -> dict[str, Any]:
    """With the places whose first hour can be seen again, and those that have ended and are still read."""
    mine = all_places(request)
    return {
        "form": form,
        "person": person,
        "places": [place for place in mine.live if place.cohort.is_launched],
        "ended": [place for place in mine.ended if place.reads_until and request.now < place.reads_until],
    }
