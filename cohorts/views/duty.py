"""Who does what beside their role: read by everybody, given by staff."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, may, refusal, visible
from cohorts.actions.duty import end_duty, give_duty
from cohorts.duties import TWO, can_decide, can_receive, duties_of, is_on
from cohorts.forms.duty import DutyForm, EndDutyForm
from cohorts.models import Cohort, Duty, Person
from cohorts.rules.duty import holders
from cohorts.trail import history
from cohorts.views.pages import cohort_to_change, form_page
from mats.clock import local_date
from mats.history.trail import Part
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request
from mats.prepared import prepared

WHAT = {
    Duty.Kind.COMMITTEE: "Decides who can stay on, two people a case; nobody decides on somebody they mentor or coach.",
    Duty.Kind.DUTY_LEAD: "Reads why another mentor was asked to approve, and is told when somebody leaves.",
    Duty.Kind.HEAD_COACH: (
        "Named for the coaches to turn to. It opens no note of anybody; what they do with it comes with its own pages."
    ),
    Duty.Kind.DATA_LEAD: "Named for people’s own data: sees to it that copies and erasures are done when asked.",
    Duty.Kind.DELEGATE: "Moves and calls off a mentor’s meetings. Sees when they are and with whom, and nothing else.",
    Duty.Kind.STAND_IN: (
        "Takes a mentor’s meetings: reads the weekly logs, holds the meetings and writes there. Opens nothing of "
        "coaching, and coaches none of that mentor’s people."
    ),
    Duty.Kind.OUTSIDE_MEMBER: "Judges extensions with the committee, and is from outside the programme.",
    Duty.Kind.CONCERN_RECIPIENT: "Named for concerns. What they do with it comes with the pages for raising one.",
}
STAYS = "What they did in it stays on record."
DECIDED = "What they decided stays decided. A proposal of theirs that nobody has confirmed waits for somebody else."
AFTERWARDS = dict.fromkeys([Duty.Kind.COMMITTEE, Duty.Kind.OUTSIDE_MEMBER], DECIDED)


@dataclass(frozen=True)
class Post:
    """One duty as the page shows it: whose it can be, and those who have it today or will."""

    kind: str
    title: str
    what: str
    holders: str
    held: list[tuple[Duty, bool]]


def duties_url(cohort: Cohort) -> str:
    return reverse("duties", args=[cohort.slug])


def duties(request: Request, slug: str) -> HttpResponse:
    cohort = find("cohort", request.user, request.now, slug=slug)
    today = local_date(request.now, cohort.time_zone)
    found = _readable(cohort, request)
    is_staff = may(request.user, "see_history", "cohort", cohort, request.now)
    context = {
        "cohort": cohort,
        "posts": [_post(kind, cohort, found, today) for kind in Duty.Kind],
        "lacks": _lacks(found, today) if is_staff else [],
        "is_staff": is_staff,
        "history": history([Part(Duty, ("cohort_id",), cohort.pk)]) if is_staff else [],
    }
    return render(request, "cohorts/duties.html", context)


def _readable(cohort: Cohort, request: Request) -> list[Duty]:
    """The duties of today and to come; whoever reads the cohort and not its duties is told so."""
    found = duties_of(cohort, request.now)
    keys = {key for (key,) in _read_by(person=request.user, at=request.now, cohort=cohort)}
    if found and not keys:
        raise PermissionDenied(refusal("read", "duty"))
    return [duty for duty in found if duty.pk in keys]


@prepared
def _read_by(person: Person, at: dt.datetime, cohort: Cohort) -> QuerySet[Any]:
    return visible(Duty, "duty", person, at).filter(cohort=cohort, archived_at=None).order_by().values_list("pk")


def _post(kind: Duty.Kind, cohort: Cohort, found: list[Duty], today: dt.date) -> Post:
    held = [(duty, is_on(duty, today)) for duty in found if duty.kind == kind]
    return Post(kind, kind.label, WHAT[kind], holders(cohort, kind), held)


def _lacks(found: list[Duty], today: dt.date) -> list[str]:
    """What two people, or somebody from outside, are needed for and there are not today."""
    words = []
    if can_decide(found, today) < TWO:
        words.append(
            "Two people decide each case, and fewer are on the committee today. Give somebody else the duty, or "
            "invite an outside member for named cases, from the page of the case."
        )
    number, is_one_outside = can_receive(found, today)
    if number < TWO or not is_one_outside:
        named = {0: "nobody is", 1: "one is"}.get(number, f"{number} are")
        outside = "" if is_one_outside else ", none of them from outside the programme" if number else ""
        words.append(
            "A concern goes to at least two named people, one of them from outside the programme: today "
            f"{named} named{outside}. Give somebody else the duty; an outside member is added under People."
        )
    return words


@needs_fresh_sign_in
def duty_new(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    form = DutyForm(request, cohort=cohort, initial={"kind": request.GET.get("kind")})
    if answer := form.hand_to(give_duty, then=duties_url(cohort), saved="The duty is given."):
        return answer
    return form_page(request, form, cohort=cohort, title="Give a duty", back=duties_url(cohort), save="Give it")


def _duties(at: dt.datetime) -> QuerySet[Duty]:
    return Duty.objects.filter(archived_at=None).select_related("cohort", "membership__person")


@needs_fresh_sign_in
def duty_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    duty = find("duty", request.user, request.now, act="change", rows=_duties, pk=pk)
    form, there = EndDutyForm(request, cohort=duty.cohort, about=duty), duties_url(duty.cohort)
    if answer := form.hand_to(end_duty, duty=duty, then=there, saved="The duty ends; it stays on record."):
        return answer
    title = f"End: {duty.membership.person.name}, {duty.get_kind_display()}"
    return form_page(
        request,
        form,
        cohort=duty.cohort,
        title=title,
        back=there,
        save="End it",
        intro=AFTERWARDS.get(duty.kind, STAYS),
    )
