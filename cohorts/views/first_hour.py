"""The first hour of a place, the agreement that is ticked in it, and its versions."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cohorts.access import find
from cohorts.actions.agreement import publish_agreement, tick
from cohorts.actions.first_hour import save_first_hour
from cohorts.agreements import agreement_of
from cohorts.first_hours import may_be_delegate, read_first_hour, who_is_who
from cohorts.forms.first_hour import AgreementForm, FirstHourForm, TickForm
from cohorts.models import Membership
from cohorts.views.pages import cohort_to_change, cohort_url, form_page, person_url, then_say
from mats.identity.requests import Request


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None).select_related("person", "cohort")


def first_hour(request: Request, pk: uuid.UUID) -> HttpResponse:
    """For the person of the place alone; once, and later whenever they want to change it."""
    place = find("membership", request.user, request.now, act="begin", rows=_places, pk=pk)
    hour = read_first_hour(place, request.now)
    form = FirstHourForm(request, about=hour, delegates=may_be_delegate(place))
    saved = "It is saved." if place.first_hour_at else "Done: this is your place now."
    if answer := form.hand_to(save_first_hour, membership=place, then="home", saved=saved):
        return answer
    context = {
        "cohort": place.cohort,
        "place": place,
        "hour": hour,
        "form": form,
        "known": who_is_who(place, request.now),
        "page": person_url(place),
    }
    return render(request, "cohorts/first_hour.html", context)


@require_POST
def agreement_tick(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A tick under a later version, from Home."""
    place = find("membership", request.user, request.now, act="begin", rows=_places, pk=pk)
    form = TickForm(request)
    if answer := form.hand_to(tick, membership=place, then="home", saved="Thank you: it is noted that you agree."):
        return answer
    for words in [*form.non_field_errors(), *form.errors.get("number", [])]:
        messages.warning(request, str(words))
    return redirect("first_hour", pk=place.pk)


def agreement_change(request: Request, slug: str) -> HttpResponse:
    """The next version; drawn from the latest, or from the words that every cohort begins with."""
    cohort = cohort_to_change(request, slug)
    latest = agreement_of(cohort)
    before = latest.number
    latest.version = before
    form = AgreementForm(request, cohort=cohort, about=latest)
    then = then_say(request, cohort_url(cohort), before=before, saved="The agreement is published.")
    if answer := form.hand_to(publish_agreement, cohort=cohort, then=then):
        return answer
    intro = (
        f"This is version {before}. Everybody ticks it in their first hour; when you publish another one, everybody is "
        "asked to read and tick it on Home. Earlier versions are kept, with who ticked them."
    )
    return form_page(
        request, form, cohort=cohort, title="The agreement", back=reverse("cohort", args=[cohort.slug]),
        save="Publish", intro=intro,
    )  # fmt: skip
