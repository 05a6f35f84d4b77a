"""A person's own profile."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cohorts.access import find
from cohorts.actions.profile import change_profile
from cohorts.forms.profile import ProfileForm
from mats.identity.requests import Request


def profile(request: Request) -> HttpResponse:
    person = find("person", request.user, request.now, act="change", pk=request.user.pk)
    form = ProfileForm(request, about=person)
    if form.is_sent and form.is_valid():
        answer = form.carry_out(
            lambda: change_profile(
                person=person, by=request.user, at=request.now, version=form.version, **form.cleaned_data
            ),
            then="profile",
            saved="Your profile is saved.",
        )
        if answer:
            return answer
    return render(request, "cohorts/profile.html", {"form": form, "person": person})
