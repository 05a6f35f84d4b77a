"""Who is invited to a cohort, and how far they are: for its staff."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from cohorts.access import find
from cohorts.actions.invitation import change_address, issue_all, resend, revoke
from cohorts.forms.invitation import AddressForm, InviteRestForm, ResendForm, RevokeForm
from cohorts.invitation_letter import INVITED
from cohorts.invitations import STATES, Standing, counts_of, in_state, latest_of, standing_of
from cohorts.models import Cohort, Invitation, Membership
from cohorts.views.pages import cohort_to_change, form_page, person_url
from cohorts.views.person import CONFIRMED
from mats.identity.fresh import stale_answer
from mats.identity.requests import Request
from mats.post.models import Message
from mats.prepared import prepared

PAGE = 50
# What is said of a letter that did not go out; one that waits goes within a minute.
NOT_SENT = {
    "failed": "the letter could not be sent",
    "unknown": "it is not known whether the letter went out",
    "dropped": "the letter was kept back",
}


def invitations_url(cohort: Cohort) -> str:
    return reverse("invitations", args=[cohort.slug])


@dataclass(frozen=True)
class Line:
    """A place, how far its person is, what became of the letter, and a button to send it again."""

    place: Membership
    standing: Standing
    letter: str

    @property
    def hidden(self) -> SafeString:
        return ResendForm.hidden_of_new()


def invitations(request: Request, slug: str) -> HttpResponse:
    """Everybody with a place here; `?state=` narrows to those who stand so. A press invites those who never were."""
    cohort = cohort_to_change(request, slug)
    form = InviteRestForm(request, cohort=cohort)
    there = invitations_url(cohort)
    if answer := form.hand_to(issue_all, cohort=cohort, then=_tell_number(request, there)):
        return answer
    counts = counts_of(cohort, request.now)
    state = request.GET.get("state", "") if request.GET.get("state") in STATES else ""
    pages = Paginator(_places(cohort, state, request.now), PAGE)
    pages.count = counts[state] if state else counts.total()
    page = pages.get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "form": form,
        "page": page,
        "rows": _lines(cohort, list(page.object_list), request.now),
        "state": state and STATES[state],
        "states": [(key, words, counts[key]) for key, words in STATES.items()],
        "total": counts.total(),
        "never": counts["none"] if cohort.is_launched else 0,
        "query": f"state={state}&" if state else "",
    }
    return render(request, "cohorts/invitations.html", context)


def _tell_number(request: Request, there: str) -> Any:
    def go_on(sent: list[Invitation]) -> str:
        messages.success(request, f"{len(sent)} {'invitations are' if len(sent) != 1 else 'invitation is'} on the way.")
        return there

    return go_on


def _places(cohort: Cohort, state: str, at: dt.datetime) -> QuerySet[Membership]:
    live = Membership.objects.filter(cohort=cohort, archived_at=None)
    live = live.filter(in_state(state, at)) if state else live
    return live.select_related("person").order_by("person__name", "role", "pk")


def _lines(cohort: Cohort, places: list[Membership], at: dt.datetime) -> list[Line]:
    """The rows of one page; two questions to the database, however many they are."""
    latest = latest_of(places)
    letters = dict(_letters(keys=[row.pk for row in latest.values()], kind=INVITED.name))
    for place in places:
        place.cohort = cohort
    return [
        Line(place, standing_of(place, row, at), NOT_SENT.get(letters.get(row.pk, ""), "") if row else "")
        for place, row in ((place, latest.get(place.pk)) for place in places)
    ]


@prepared
def _letters(keys: list[uuid.UUID], kind: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = Message.objects.filter(about_id__any=keys, kind=kind).with_state().order_by()
    return rows.values_list("about_id", "state")


def _rows(at: dt.datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(archived_at=None).select_related("cohort", "membership__person")


def _find(request: Request, pk: uuid.UUID) -> Invitation:
    row: Invitation = find("invitation", request.user, request.now, act="change", rows=_rows, pk=pk)
    row.membership.cohort = row.cohort
    return row


def invitation_resend(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A new letter; it can be pressed on the list, or here after reading what it does."""
    row = _find(request, pk)
    form, there = ResendForm(request, cohort=row.cohort), invitations_url(row.cohort)
    name = row.membership.person.name
    if answer := form.hand_to(resend, invitation=row, then=there, saved=f"A new invitation is on its way to {name}."):
        return answer
    intro = (
        "They get a new letter with a new link, which works for seven days. The earlier link opens nothing any more."
    )
    title = f"Invite {name} again, as {row.membership.label}"
    return form_page(request, form, cohort=row.cohort, title=title, back=there, save="Send it", intro=intro)


def invitation_revoke(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _find(request, pk)
    form, there = RevokeForm(request, cohort=row.cohort, about=row), invitations_url(row.cohort)
    name = row.membership.person.name
    if answer := form.hand_to(revoke, invitation=row, then=there, saved=f"The invitation of {name} is taken back."):
        return answer
    intro = (
        "Its link opens nothing any more, and a letter that waits is not sent. The place stays, and lets nobody in: "
        "invite them again, or remove the person."
    )
    title = f"Take back the invitation of {name}, {row.membership.label}"
    others = [("Remove the person", reverse("person_remove", args=[row.membership_id]))]
    return form_page(
        request, form, cohort=row.cohort, title=title, back=there, save="Take it back", intro=intro, others=others
    )


def invitation_address(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _find(request, pk)
    if row.membership.role in CONFIRMED and (stale := stale_answer(request)):
        return stale
    form, there = AddressForm(request, cohort=row.cohort, about=row), person_url(row.membership)
    name = row.membership.person.name
    if answer := form.hand_to(
        change_address, invitation=row, then=there, saved="The invitation is on its way to this address."
    ):
        return answer
    intro = (
        f"{name} was invited at {row.email} and has not accepted. An account that nobody has used gets the new "
        "address; if somebody uses it, or there is one with the new address already, the place goes to the account of "
        "the new address."
    )
    title = f"Invite {name} at another address"
    return form_page(request, form, cohort=row.cohort, title=title, back=there, save="Send it there", intro=intro)
