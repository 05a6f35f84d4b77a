"""How a place ends: by its person, by staff, and completed for many at once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.access import find, find_with_acts
from cohorts.actions.ending import complete, confirm_end, drop_end, propose_end, withdraw
from cohorts.completing import candidates
from cohorts.ending_letters import letter_to
from cohorts.endings import READS_FOR, what_is_kept, what_is_open
from cohorts.forms.ending import CompleteForm, DropEndingForm, EndPlaceForm, WithdrawForm
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Ending, How, Membership, Person
from cohorts.rules.ending import is_confirmed_by_another, is_still_proposed
from cohorts.views.pages import cohort_to_change, form_page, person_url
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request


def _live_places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None).select_related("person", "cohort")


def _endings(at: dt.datetime) -> QuerySet[Ending]:
    return Ending.objects.select_related(
        "cohort", "membership__person", "membership__cohort", "proposed_by", "confirmed_by", "dropped_by"
    )


def ending_url(row: Ending) -> str:
    return reverse("ending", args=[row.pk])


def _as_sent(place: Membership, how: str, letter: str, at: dt.datetime, by: Person) -> str:
    """The letter as the person would get it now; `by` is who ends it, or records that they leave."""
    recorded_by = by.name if by.pk != place.person_id else ""
    return letter_to(place, how, letter, at + READS_FOR, recorded_by).text


# --- by staff ---------------------------------------------------------------------------------------


def _places_to_end(at: dt.datetime) -> QuerySet[Membership]:
    """With `proposal`, the key of the ending that is proposed already."""
    proposed = Ending.objects.filter(membership=OuterRef("pk"), confirmed_at=None, dropped_at=None)
    return _live_places(at).annotate(proposal=Subquery(proposed.values("pk")[:1]))


@needs_fresh_sign_in
def place_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What ends with it, how and why; `look` shows the letter first."""
    place = find("membership", request.user, request.now, act="end", rows=_places_to_end, pk=pk)
    if elsewhere := _ends_elsewhere(request, place):
        return elsewhere
    form = EndPlaceForm(request, cohort=place.cohort, place=place)
    looks = form.is_sent and "look" in request.POST
    if not looks and (answer := form.hand_to(propose_end, membership=place, then=_proposed(request, place))):
        return answer
    sent = form.cleaned_data if looks and form.is_valid() else {}
    context = {
        "form": form,
        "cohort": place.cohort,
        "place": place,
        "open": what_is_open(place, request.user, request.now),
        "preview": _as_sent(place, sent["how"], sent["letter"], request.now, request.user) if sent else "",
        "back": person_url(place),
    }
    return render(request, "cohorts/place_end.html", context)


def _ends_elsewhere(request: Request, place: Membership) -> HttpResponse | None:
    """One's own place is left, one that has not begun is removed, and what is proposed already is shown."""
    if request.method == "POST":
        return None
    if place.person_id == request.user.pk:
        return redirect("place_withdraw", pk=place.pk)
    if place.accepted_at is None or not place.cohort.is_launched:
        return redirect("person_remove", pk=place.pk)
    proposal = place.proposal  # type: ignore[attr-defined]  # by _places_to_end
    return redirect("ending", pk=proposal) if proposal else None


def _proposed(request: Request, place: Membership) -> Callable[[Ending], str]:
    def go_on(row: Ending) -> str:
        if row.confirmed_at:
            messages.success(request, f"The place of {place.person.name} has ended. They get a letter.")
        else:
            messages.success(request, "The ending is proposed. It takes effect when somebody else confirms it.")
        return ending_url(row)

    return go_on


def ending(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Where an ending stands: for staff; for whoever it is about once it is confirmed."""
    row = find_with_acts("ending", request.user, request.now, rows=_endings, pk=pk)
    is_proposed = not (row.confirmed_at or row.dropped_at)
    may_decide = is_proposed and "confirm" in row.acts
    is_mine = row.membership.person_id == request.user.pk
    context = {
        "row": row,
        "cohort": row.cohort,
        "place": row.membership,
        "is_mine": is_mine,
        "is_programmes": row.how == How.PROGRAMME,
        "may_drop": may_decide,
        "may_confirm": may_decide and row.proposed_by_id != request.user.pk,
        "open": what_is_open(row.membership, request.user, request.now) if is_proposed and not is_mine else [],
        "letter": "" if row.dropped_at else _letter_of(row, request.now),
    }
    return render(request, "cohorts/ending.html", context)


def _letter_of(row: Ending, at: dt.datetime) -> str:
    return _as_sent(row.membership, row.how, row.letter, row.confirmed_at or at, row.proposed_by)


def _not_now(request: Request, row: Ending, *checks: Callable[[], None]) -> HttpResponse | None:
    """A form that can do nothing is not drawn; what was sent nevertheless is answered in its words."""
    if request.method == "POST":
        return None
    try:
        for check in checks:
            check()
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
        return redirect(ending_url(row))
    return None


@needs_fresh_sign_in
def ending_confirm(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find("ending", request.user, request.now, act="confirm", rows=_endings, pk=pk)
    checks = (lambda: is_still_proposed(row), lambda: is_confirmed_by_another(row, request.user))
    if elsewhere := _not_now(request, row, *checks):
        return elsewhere
    form = ConfirmForm(request, cohort=row.cohort, place=row)
    name = row.membership.person.name
    if answer := form.hand_to(confirm_end, ending=row, then=ending_url(row), saved=f"The place of {name} has ended."):
        return answer
    return form_page(
        request,
        form,
        cohort=row.cohort,
        title=f"End the place of {name}?",
        back=ending_url(row),
        save="Confirm: it ends now",
        template="cohorts/ending_confirm.html",
        open=what_is_open(row.membership, request.user, request.now),
        row=row,
        place=row.membership,
        letter=_letter_of(row, request.now),
    )


def ending_drop(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find("ending", request.user, request.now, act="confirm", rows=_endings, pk=pk)
    if elsewhere := _not_now(request, row, lambda: is_still_proposed(row)):
        return elsewhere
    form = DropEndingForm(request, cohort=row.cohort, place=row)
    if answer := form.hand_to(drop_end, ending=row, then=ending_url(row), saved="It is dropped: the place goes on."):
        return answer
    title = f"Drop it: the place of {row.membership.person.name} goes on"
    intro = "They get no letter. What was proposed stays on record, read by staff."
    return form_page(request, form, cohort=row.cohort, title=title, back=ending_url(row), save="Drop it", intro=intro)


# --- by its person ----------------------------------------------------------------------------------


def place_withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One's own place: first what happens, then (`?leave=1`) the form."""
    place = find("membership", request.user, request.now, act="withdraw", rows=_live_places, pk=pk)
    form = WithdrawForm(request, cohort=place.cohort, place=place)
    if answer := form.hand_to(withdraw, membership=place, then="home", saved="You have left. A letter confirms it."):
        return answer
    context = {
        "form": form,
        "cohort": place.cohort,
        "place": place,
        "open": what_is_open(place, request.user, request.now),
        "until": request.now + READS_FOR,
        "is_second_step": form.is_sent or "leave" in request.GET,
    }
    return render(request, "cohorts/place_withdraw.html", context)


def ending_of(place: Membership) -> Ending | None:
    """How a place that has ended did; one that was completed has no ending of its own."""
    if place.ended_at is None or place.ended_how == How.COMPLETED:
        return None
    return Ending.objects.filter(membership=place, confirmed_at=place.ended_at).first()


def ended_place(request: Request, place: Membership) -> HttpResponse:
    """A place of one's own that has ended: what can still be read of it."""
    person: Person = request.user
    context = {
        "cohort": place.cohort,
        "place": place,
        "ending": ending_of(place),
        "shelves": what_is_kept(place, person, request.now),
    }
    return render(request, "cohorts/ended_place.html", context)


# --- many at once -----------------------------------------------------------------------------------


@needs_fresh_sign_in
def places_complete(request: Request, slug: str) -> HttpResponse:
    """Staff tick whose place is completed; who is left, and why, stands below."""
    cohort = cohort_to_change(request, slug)
    found = candidates(cohort, request.now)
    form = CompleteForm(request, cohort=cohort, ready=[one for one in found if not one.why_not])
    if answer := form.hand_to(complete, cohort=cohort, then=_completed(request, slug)):
        return answer
    context: dict[str, Any] = {
        "form": form,
        "cohort": cohort,
        "left": [one for one in found if one.why_not],
        "is_anybody_ready": any(not one.why_not for one in found),
    }
    return render(request, "cohorts/places_complete.html", context)


def _completed(request: Request, slug: str) -> Callable[[list[Membership]], str]:
    def go_on(rows: list[Membership]) -> str:
        number = len(rows)
        words = "1 place is" if number == 1 else f"{number} places are"
        messages.success(request, f"{words} completed. Everybody gets a letter.")
        is_mine_too = any(place.person_id == request.user.pk for place in rows)
        return reverse("home") if is_mine_too else reverse("people", args=[slug])

    return go_on
