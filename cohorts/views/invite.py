"""Inviting many people at once: a list is looked at, then sent. Two steps, with the text in the form between them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.actions.inviting import Done, invite_people, is_not_too_long
from cohorts.forms.invitation import InviteForm
from cohorts.invitation_letter import sample
from cohorts.invitations import LIFE
from cohorts.invite_list import Entry, Judged, entries, judge
from cohorts.models import Cohort, Membership, Person, Role
from cohorts.views.pages import cohort_to_change
from cohorts.views.person import CONFIRMED
from mats.identity.fresh import stale_answer
from mats.identity.requests import Request
from mats.post.letters import Letter

CHANGED = "This list or its role has changed since you looked: look at it again, then send."


def invite(request: Request, slug: str) -> HttpResponse:
    """What was sent is read and judged anew each time: what a page has shown is nothing to go by."""
    cohort = cohort_to_change(request, slug)
    is_final = "send" in request.POST
    if is_final and request.POST.get("role") in CONFIRMED and (stale := stale_answer(request)):
        return stale
    form = InviteForm(request, cohort=cohort, place=cohort, initial=_start(request, cohort))
    judged: list[Judged] = []
    if form.is_sent and form.is_valid():
        listed = entries(form.cleaned_data["lines"])
        if is_final and not form.was_seen:
            messages.warning(request, CHANGED)
        elif is_final and (answer := _send(request, form, cohort, listed)):
            return answer
        judged = _looked_at(request, form, cohort, listed)
    context = {
        "cohort": cohort,
        "form": form,
        "judged": judged,
        "good": sum(one.is_good for one in judged),
        "letter": _letter(form, cohort, judged) if judged else None,
        "back": reverse("people", args=[cohort.slug]),
    }
    return render(request, "cohorts/invite.html", context)


def _start(request: Request, cohort: Cohort) -> dict[str, Any]:
    """`?role=` chooses a role; `?place=` is somebody who has a place that was never invited to."""
    start = {"role": request.GET.get("role") if request.GET.get("role") in Role.values else Role.SCHOLAR}
    waiting = Membership.objects.filter(cohort=cohort, archived_at=None, accepted_at=None).select_related("person")
    wanted = request.GET.get("place", "")
    if wanted and (place := next((one for one in waiting if str(one.pk) == wanted), None)):
        start |= {"role": place.role, "lines": f"{place.person.name} <{place.person.email}>"}
    return start


def _looked_at(request: Request, form: InviteForm, cohort: Cohort, listed: list[Entry]) -> list[Judged]:
    try:
        is_not_too_long(listed)
    except ValidationError as refusal:
        form.refuse(refusal)
        return []
    if not listed:
        form.refuse(ValidationError({"lines": "There is nobody on this list."}))
    return judge(cohort, form.cleaned_data["role"], listed, request.now, request.user.time_zone)


def _send(request: Request, form: InviteForm, cohort: Cohort, listed: list[Entry]) -> HttpResponse | None:
    role = form.cleaned_data["role"]

    def act() -> Done:
        done = invite_people(cohort=cohort, by=request.user, at=request.now, role=role, listed=listed)
        if done.rest:
            form.keep_rest(done.rest)
        return done

    def then(done: Done) -> str:
        messages.success(request, _told(done, cohort, role))
        if not done.rest:
            return reverse("invitations", args=[cohort.slug])
        messages.warning(
            request, "What could not be invited stands in the box again. Correct it, or throw the draft away."
        )
        return reverse("invite", args=[cohort.slug])

    return form.carry_out(act, then=then)


def _told(done: Done, cohort: Cohort, role: str) -> str:
    if not cohort.is_launched:
        words = cohort.label(role, plural=done.invited != 1)
        return f"{done.invited} {words} added. They are invited when the cohort is launched."
    many = done.letters != 1
    return f"{done.letters} {'invitations are' if many else 'invitation is'} on the way."


def _letter(form: InviteForm, cohort: Cohort, judged: list[Judged]) -> Letter:
    """The letter as the first of them will read it."""
    first = next((one for one in judged if one.is_good), None)
    person: Person = form.request.user
    return sample(
        cohort, form.cleaned_data["role"], first.name if first else "Ana", first.email if first else "ana@example.org",
        by=person, until=form.request.now + LIFE,
    )  # fmt: skip
