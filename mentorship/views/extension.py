"""What a cohort looks for in an extension, and the calendar of its round."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import condition, find, find_related
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Cohort, Membership, Person, Role
from cohorts.places import places
from cohorts.views.pages import cohort_to_change, form_page, then_say
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship import rounds, told
from mentorship.actions.round import keep_promise, set_round
from mentorship.actions.standard import publish_standard
from mentorship.deadlines import usual_round, what_to_move
from mentorship.forms.extension import AnswersGivenForm, LettersSentForm, RoundForm, StandardForm
from mentorship.models import Round, Standard
from mentorship.rules.round import NO_MIDPOINT
from mentorship.standard import WhatWeLookFor, version_of, versions, what_we_look_for


def extension_url(cohort: Cohort) -> str:
    return reverse("extension", args=[cohort.slug])


def _cohorts(at: dt.datetime) -> QuerySet[Cohort]:
    return Cohort.objects.all()


def extension(request: Request, slug: str) -> HttpResponse:
    """What we look for and the calendar, for everybody in the cohort; `?version=1` an earlier version."""
    cohort = find_related("cohort", request.user, request.now, rows=_cohorts, slug=slug)
    numbers, standard = versions(cohort), _asked_for(cohort, request.GET.get("version", ""))
    row, midpoint = rounds.round_of(cohort), rounds.midpoint_day(cohort)
    context = {
        "cohort": cohort,
        "standard": standard,
        "why_published": told.why_published(cohort, standard.number),
        "latest": numbers[0][0] if numbers else 0,
        "versions": numbers,
        "round": row,
        "steps": rounds.steps(cohort, row, midpoint, request.now),
        "moves": rounds.moves(row),
        "my_place": _my_place(request, cohort),
        "mentored": _mentored(reader=request.user, at=request.now, cohort=cohort.pk),
        "is_staff": "staff" in cohort.relations,
    }
    return render(request, "mentorship/extension.html", context)


def _asked_for(cohort: Cohort, version: str) -> WhatWeLookFor:
    if not version:
        return what_we_look_for(cohort)
    found = version_of(cohort, int(version)) if re.fullmatch("[0-9]{1,4}", version) else None
    if found is None:
        raise Http404
    return found


def _my_place(request: Request, cohort: Cohort) -> Membership | None:
    """The reader's own place as a scholar of this cohort."""
    mine = (place for place in places(request) if place.cohort_id == cohort.pk and place.role == Role.SCHOLAR)
    return next(mine, None)


@prepared
def _mentored(reader: Person, at: dt.datetime, cohort: uuid.UUID) -> QuerySet[Any]:
    """The scholars whom the reader mentors: key and name."""
    theirs = Membership.objects.filter(condition(reader, "read", "evidence", at, relations=["mentor"]))
    here = theirs.filter(cohort=cohort, archived_at=None)
    return here.order_by("person__name", "pk").values_list("pk", "person__name")


def standard_change(request: Request, slug: str) -> HttpResponse:
    """The next version; drawn from the latest, or from words to start from."""
    cohort = cohort_to_change(request, slug)
    latest = Standard.objects.filter(cohort=cohort).order_by("-number").first()
    form = StandardForm(request, cohort=cohort, about=latest or Standard(cohort=cohort, number=0))
    before, saved = latest.number if latest else 0, "What you look for is published."
    then = then_say(request, extension_url(cohort), before=before, saved=saved)
    if answer := form.hand_to(publish_standard, cohort=cohort, then=then):
        return answer
    intro = "Everybody in the cohort reads it. Each change is a version of its own; earlier ones can still be read."
    title = "What we look for" if latest else "What do you look for?"
    return form_page(
        request, form, cohort=cohort, title=title, back=extension_url(cohort), save="Publish", intro=intro,
        template="mentorship/extension_form.html",
    )  # fmt: skip


def round_change(request: Request, slug: str) -> HttpResponse:
    """The days of the round; drawn with the days by default where there is none yet."""
    cohort = cohort_to_change(request, slug)
    midpoint, phase = rounds.midpoint_day(cohort), cohort.main_phase
    usual = usual_round(phase, midpoint.due_on) if midpoint else None
    row = rounds.round_of(cohort) or Round(cohort=cohort, phase=phase, version=0, **(vars(usual) if usual else {}))
    form = RoundForm(request, cohort=cohort, about=row)
    if answer := form.hand_to(set_round, cohort=cohort, then=extension_url(cohort), saved="The calendar is set."):
        return answer
    new, words = row._state.adding, NO_MIDPOINT
    if usual and midpoint:
        words = what_to_move(usual, phase, midpoint.due_on) if new else ""
    intro = words or "On the cohort’s clock. Each day lasts until its end there; the window opens as its day begins."
    return form_page(
        request, form, cohort=cohort, title="The calendar of the round", back=extension_url(cohort), intro=intro,
        template="mentorship/extension_form.html",
    )  # fmt: skip


def _live_rounds(at: dt.datetime) -> QuerySet[Round]:
    return Round.objects.filter(archived_at=None).select_related("cohort")


def _promise(request: Request, pk: uuid.UUID, form: type[ConfirmForm], which: str, title: str) -> HttpResponse:
    """One button; opened as a page it asks first, so that a followed link changes nothing."""
    row = find("round", request.user, request.now, act="change", rows=_live_rounds, pk=pk)
    asked, back = form(request, cohort=row.cohort), extension_url(row.cohort)
    if answer := asked.hand_to(partial(keep_promise, which=which), row=row, then=back, saved="It is marked as kept."):
        return answer
    intro = "Everybody in the cohort sees when it was kept, and that you said so. It can’t be taken back."
    return form_page(request, asked, cohort=row.cohort, title=title, back=back, save="Yes, it is done", intro=intro)


def round_answers(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _promise(request, pk, AnswersGivenForm, "answers", "Has everybody their answer?")


def round_letters(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _promise(request, pk, LettersSentForm, "letters", "Has everybody their letter?")
