"""When, where and for how many hours somebody is here; for staff."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse

from cohorts.actions.stay import add_stay, change_stay, remove_stay
from cohorts.forms.membership import NewStayForm, StayForm
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Stay
from cohorts.views.pages import form_page, part_of_place, person_url, place_to_change
from mats.identity.requests import Request

STAYS = Stay.objects.select_related("phase")


def stay_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    place = place_to_change(request, pk)
    start = {"time_zone": place.person.time_zone}
    form = NewStayForm(request, cohort=place.cohort, membership=place, place=place, initial=start)
    if answer := form.hand_to(add_stay, membership=place, then=person_url(place), saved="The stay is added."):
        return answer
    title = f"Another stay of {place.person.name}"
    return form_page(request, form, cohort=place.cohort, title=title, back=person_url(place), save="Add")


def stay_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    stay = part_of_place(request, STAYS, pk)
    place = stay.membership
    form = StayForm(request, cohort=place.cohort, about=stay)
    if answer := form.hand_to(change_stay, stay=stay, then=person_url(place), saved="The stay is saved."):
        return answer
    others = [("Remove this stay", reverse("stay_remove", args=[stay.pk]))]
    title = f"{place.person.name}: {str(stay.phase).lower()}"
    return form_page(request, form, cohort=place.cohort, title=title, back=person_url(place), others=others)


def stay_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    stay = part_of_place(request, STAYS, pk)
    place = stay.membership
    form = ConfirmForm(request, cohort=place.cohort, about=stay)
    if answer := form.hand_to(remove_stay, stay=stay, then=person_url(place), saved="The stay is removed."):
        return answer
    back, title = reverse("stay_change", args=[stay.pk]), f"Remove a stay of {place.person.name}"
    return form_page(request, form, cohort=place.cohort, title=title, back=back, save="Remove")
