"""Days away, of anybody in a cohort; for staff."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse

from cohorts.actions.leave import add_leave, change_leave, remove_leave
from cohorts.forms.membership import LeaveForm
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Leave
from cohorts.views.pages import form_page, part_of_place, person_url, place_to_change
from mats.identity.requests import Request

INTRO = "Weeks wholly away do not count, and planned meetings on these days are freed."


def leave_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    place = place_to_change(request, pk)
    form = LeaveForm(request, cohort=place.cohort, place=place)
    if answer := form.hand_to(add_leave, membership=place, then=person_url(place), saved="The days away are noted."):
        return answer
    title = f"{place.person.name} is away"
    return form_page(request, form, cohort=place.cohort, title=title, back=person_url(place), intro=INTRO)


def leave_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    leave = part_of_place(request, Leave.objects, pk)
    place = leave.membership
    form = LeaveForm(request, cohort=place.cohort, about=leave)
    if answer := form.hand_to(change_leave, leave=leave, then=person_url(place), saved="The days away are saved."):
        return answer
    others = [("Remove these days", reverse("leave_remove", args=[leave.pk]))]
    title = f"{place.person.name} is away"
    return form_page(
        request, form, cohort=place.cohort, title=title, back=person_url(place), others=others, intro=INTRO
    )


def leave_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    leave = part_of_place(request, Leave.objects, pk)
    place = leave.membership
    form = ConfirmForm(request, cohort=place.cohort, about=leave)
    if answer := form.hand_to(remove_leave, leave=leave, then=person_url(place), saved="The days away are removed."):
        return answer
    back, title = reverse("leave_change", args=[leave.pk]), f"{place.person.name} is not away after all"
    return form_page(request, form, cohort=place.cohort, title=title, back=back, save="Remove")
