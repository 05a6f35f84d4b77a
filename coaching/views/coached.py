"""One scholar's page: what is new, the next 1-1, and the running entries."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coaching.actions.note import write_entry
from coaching.days import read_days
from coaching.deadlines import next_one_on_one
from coaching.forms.note import EntryForm
from coaching.forms.one_on_one import SaidForm
from coaching.news import read_news
from coaching.openings import opened
from coaching.querysets import Plan, away_of, lines_for_coach, notes_for, one_on_ones, over_a_meeting
from coaching.readers import one_on_one_readers
from coaching.views.access import find_caseload
from cohorts.models import Caseload, Membership
from mats.clock import local_date
from mats.forms.base import KeptForm
from mats.identity.requests import Request


def coached(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A scholar as their coach sees them; writing an entry is a POST to the same address."""
    caseload = find_caseload(request, pk)
    form = _entry_form(request, caseload.scholar)
    if answer := form.hand_to(
        write_entry, about=caseload.scholar, then=reverse("coached", args=[pk]), saved="The entry is saved."
    ):
        return answer
    return show_coached(request, caseload, form)


def _entry_form(request: Request, scholar: Membership) -> EntryForm:
    return EntryForm(request, place=scholar, initial={"dated": local_date(request.now, scholar.cohort.time_zone)})


def show_coached(
    request: Request, caseload: Caseload, form: EntryForm | None = None, *, refused: KeptForm | None = None
) -> HttpResponse:
    """The page; `refused` is a press on it that was refused, whose words it then shows."""
    person, at, scholar = request.user, request.now, caseload.scholar
    found = one_on_ones(person, at, [scholar.pk])[scholar.pk]
    lines = [line for line in lines_for_coach(person=person, at=at, about=[scholar.pk]) if line.body]
    opened(lines, about=scholar, by=person, at=at)
    news = read_news(scholar, person, at, since=found.last or caseload.starts_on, lines=lines)
    older = [line for line in lines if line not in news.lines]
    notes = notes_for(person=person, at=at, about=[scholar.pk])
    context = {
        "scholar": scholar,
        "cohort": scholar.cohort,
        "caseload": caseload,
        "next": next_one_on_one(caseload, found.last, at, away_of(caseload)),
        "held_readers": one_on_one_readers(coach="you", scholar=scholar.person.name),
        "plans": _plans(request, scholar, found.plans),
        "refused": refused,
        "news": news,
        "days": read_days(caseload, person, notes=notes, said=found.said, lines=older),
        "form": form or _entry_form(request, scholar),
    }
    return render(request, "coaching/coached.html", context)


def _plans(request: Request, scholar: Membership, plans: list[Plan]) -> list[dict[str, object]]:
    """What is planned, with the two buttons from its start on where it is one's own."""
    person, at = request.user, request.now
    clashing = over_a_meeting(person, at, (plan for plan in plans if not plan.is_over(at)))
    return [
        {
            "plan": plan,
            "is_mine": plan.is_of(person),
            "is_over": plan.is_over(at),
            "clashes": plan.pk in clashing,
            "said": SaidForm(request, about=plan, place=scholar) if plan.is_of(person) and plan.has_begun(at) else None,
        }
        for plan in plans
    ]
