"""Taking back that a 1-1 took place."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from coaching.actions.one_on_one import take_back_one_on_one
from coaching.forms.one_on_one import TakeBackForm
from coaching.views.access import find_one_on_one
from mats.identity.requests import Request


def one_on_one_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    one_on_one = find_one_on_one(request, pk)
    page = reverse("coached", args=[one_on_one.about_id])
    form = TakeBackForm(request, about=one_on_one, place=one_on_one.about)
    if answer := form.hand_to(
        take_back_one_on_one, one_on_one=one_on_one, then=page, saved="Taken back: this 1-1 did not take place."
    ):
        return answer
    return redirect(page)
