"""Days away: everybody's own, and for staff anybody's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cohorts import ties
from cohorts.access import find
from cohorts.actions.leave import add_leave, change_leave, remove_leave
from cohorts.forms.membership import LeaveForm, NotAwayForm
from cohorts.forms.staff import StaffForm
from cohorts.models import Leave, Membership
from cohorts.rules.days import EARLIEST, LATEST, Days
from cohorts.ties import Appointment
from cohorts.views.pages import form_page, person_url
from mats.clock import format_range, local_date
from mats.forms.sent import own_path
from mats.identity.requests import Request

INTRO = (
    "First and last day included. A week wholly away does not count, and meetings at the weekly time are freed on "
    "these days. Days that have passed can be noted, too."
)
NO_REASON = " You need give no reason."


def leave_add(request: Request, pk: uuid.UUID) -> HttpResponse:
    place = _place(request, pk)
    form = LeaveForm(request, of=place, place=place)
    if answer := _carry_out(request, form, add_leave, place, saved="The days away are noted."):
        return answer
    return _page(request, form, place)


def leave_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    leave = _leave(request, pk)
    form = LeaveForm(request, of=leave.membership, about=leave)
    if answer := _carry_out(request, form, change_leave, leave.membership, leave, saved="The days away are saved."):
        return answer
    remove = reverse("leave_remove", args=[leave.pk]) + _back_query(request)
    return _page(request, form, leave.membership, others=[("Remove these days", remove)])


def leave_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    leave = _leave(request, pk)
    place = leave.membership
    form = NotAwayForm(request, of=place, about=leave)
    if answer := _carry_out(request, form, remove_leave, place, leave, saved="The days away are removed."):
        return answer
    back = reverse("leave_change", args=[leave.pk]) + _back_query(request)
    who = "You are" if place.person_id == request.user.pk else f"{place.person.name} is"
    title = f"{who} not away after all"
    return form_page(request, form, cohort=place.cohort, title=title, back=back, save="Remove")


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None).select_related("person", "cohort")


def _place(request: Request, pk: uuid.UUID) -> Membership:
    return find("membership", request.user, request.now, act="be_away", rows=_places, pk=pk)


def _leave(request: Request, pk: uuid.UUID) -> Leave:
    leave = Leave.objects.filter(archived_at=None, pk=pk).first()
    if leave is None:
        raise Http404
    leave.membership = _place(request, leave.membership_id)
    return leave


def _there(request: Request, place: Membership) -> str:
    """Back to the page one came from, if that said so; else to the person's page."""
    return own_path(request.GET.get("back", ""), person_url(place))


def _back_query(request: Request) -> str:
    return f"?back={reverse('home')}" if request.GET.get("back") == reverse("home") else ""


def _page(request: Request, form: StaffForm, place: Membership, **more: Any) -> HttpResponse:
    is_mine = place.person_id == request.user.pk
    intro = INTRO + (NO_REASON if is_mine else "")
    return form_page(
        request,
        form,
        cohort=place.cohort,
        title="Your days away" if is_mine else f"{place.person.name} is away",
        back=_there(request, place),
        intro=intro,
        **more,
    )


# What becomes of planned meetings


def _carry_out(
    request: Request,
    form: StaffForm,
    act: Callable[..., Any],
    place: Membership,
    leave: Leave | None = None,
    *,
    saved: str,
) -> HttpResponse | None:
    """Note, change or remove the days, and tell what that does to meetings ahead."""
    facts: dict[str, Any] = {"leave": leave} if leave else {"membership": place}
    told: list[SafeString] = []

    def act_and_look(**fields: Any) -> Any:
        now_away, was_away = _sent_days(fields), _days_of(leave)
        before = _planned(request, place, now_away, was_away)
        result = act(**fields)
        after = _planned(request, place, now_away, was_away)
        told.extend(_consequences(before, after, _within(after, now_away, place), request.user.time_zone))
        return result

    answer = form.hand_to(act_and_look, then=_there(request, place), saved=saved, **facts)
    if answer:
        for words in told:
            messages.info(request, words)
    return answer


def _days_of(leave: Leave | None) -> Days | None:
    return (leave.starts_on, leave.ends_on) if leave else None


def _sent_days(fields: dict[str, Any]) -> Days | None:
    """Days that a form sent; what cannot be is refused by the action."""
    first, last = fields.get("starts_on"), fields.get("ends_on")
    return (first, last) if first and last and EARLIEST <= first <= last <= LATEST else None


def _planned(request: Request, place: Membership, *spans: Days | None) -> dict[uuid.UUID, Appointment]:
    """What is planned on these days: one look from the first to the last of them."""
    days = [day for span in spans if span for day in span]
    found = ties.appointments(place, (min(days), max(days)), request.now) if days else []
    return {one.key: one for one in found}


def _within(planned: dict[uuid.UUID, Appointment], days: Days | None, place: Membership) -> set[uuid.UUID]:
    """Those that begin on days away, on the cohort's wall."""
    zone = place.cohort.time_zone
    return {key for key, one in planned.items() if days and days[0] <= local_date(one.starts_at, zone) <= days[1]}


def _consequences(
    before: dict[uuid.UUID, Appointment], after: dict[uuid.UUID, Appointment], in_the_way: set[uuid.UUID], zone: str
) -> list[SafeString]:
    """What was freed, what is planned again, and what stays until somebody moves it."""
    freed = [one for key, one in before.items() if key not in after]
    again = [one for key, one in after.items() if key not in before]
    stays = [one for key, one in after.items() if key in in_the_way]
    lines = []
    if freed:
        lines.append(format_html("Freed: {}.", _listed(freed, zone)))
    if again:
        lines.append(format_html("Planned again: {}.", _listed(again, zone, linked=True)))
    if stays:
        words = "Still planned, because somebody chose the time: {}. Move it or call it off there."
        lines.append(format_html(words, _listed(stays, zone, linked=True)))
    return lines


def _listed(found: list[Appointment], zone: str, *, linked: bool = False) -> SafeString:
    line = '<a href="{}">{} with {}</a>' if linked else "{1} with {2}"
    return format_html_join(
        "; ",
        line,
        ((one.url, format_range(one.starts_at, one.ends_at, zone), ", ".join(one.others)) for one in found),
    )
