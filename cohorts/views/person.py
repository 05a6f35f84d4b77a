"""The people of a cohort, and one person's place in it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, may
from cohorts.actions.membership import add_person, remove_person, what_ends_with
from cohorts.endings import duties_at, proposal_for
from cohorts.forms.membership import PersonForm
from cohorts.forms.staff import RemoveForm
from cohorts.invitations import Standing, standings
from cohorts.models import Cohort, Ending, Invitation, Leave, Membership, Person, Role, Site, Stay
from cohorts.ties import KINDS, Tie, ties_of
from cohorts.trail import Manner, history
from cohorts.views.ending import ended_place, ending_of
from cohorts.views.pages import cohort_to_change, form_page, person_url, place_to_change
from mats.clock import local_date
from mats.history.trail import Part
from mats.identity.fresh import needs_fresh_sign_in, stale_answer
from mats.identity.requests import Request
from mats.prepared import prepared

PAGE = 50
CONFIRMED = frozenset({Role.STAFF, Role.COACH})  # roles that somebody gives only with a fresh sign-in


@dataclass(frozen=True)
class Line:
    """One row of the list: a place, its stay of today (else the nearest), and whom it is tied to; for staff
    how far somebody is who has not come in yet."""

    place: Membership
    stay: Stay | None
    beside: list[str]
    standing: Standing | None = None


def people(request: Request, slug: str) -> HttpResponse:
    """Everybody in the cohort by name; `?role=` and `?site=` narrow the list. Addresses are for staff."""
    cohort = find("cohort", request.user, request.now, slug=slug)
    is_staff = may(request.user, "change", "cohort", cohort, request.now)
    shows_ended = is_staff and "ended" in request.GET
    everybody = Membership.objects.filter(cohort=cohort, archived_at=None)
    if shows_ended:
        everybody = Membership.objects.filter(cohort=cohort, ended_at__isnull=False)
    counts = dict(_count_roles(cohort=cohort))
    sites = _sites(cohort=cohort)
    role = request.GET.get("role", "") if request.GET.get("role", "") in Role.values else ""
    site = next((site for site in sites if str(site.pk) == request.GET.get("site")), None)
    rows = _narrowed(everybody, role, site)
    pages = Paginator(rows.select_related("person").order_by("person__name", "role", "pk"), PAGE)
    if not site and not shows_ended:
        pages.count = counts.get(role, 0) if role else sum(counts.values())  # counted above: no second count
    page = pages.get_page(request.GET.get("page"))
    query = ("ended&" if shows_ended else "") + (f"role={role}&" if role else "") + (f"site={site.pk}&" if site else "")
    context = {
        "cohort": cohort,
        "page": page,
        "rows": _lines(cohort, list(page.object_list), request, is_staff=is_staff),
        "query": query,
        "role": role,
        "site": site,
        "sites": sites,
        "roles": [(key, cohort.label(key, plural=True), counts.get(key, 0)) for key in Role.values],
        "total": sum(counts.values()),
        "shows_ended": shows_ended,
        "is_staff": is_staff,
    }
    return render(request, "cohorts/people.html", context)


@prepared
def _count_roles(cohort: Cohort) -> QuerySet[Any]:
    everybody = Membership.objects.filter(cohort=cohort, archived_at=None)
    return everybody.order_by().values_list("role").annotate(number=Count("pk"))


@prepared
def _sites(cohort: Cohort) -> QuerySet[Site]:
    return Site.objects.filter(cohort=cohort, archived_at=None)


@prepared
def _stays_of(keys: list[uuid.UUID]) -> QuerySet[Stay]:
    return Stay.objects.filter(membership__any=keys, archived_at=None).select_related("site")


def _narrowed(rows: QuerySet[Membership], role: str, site: Site | None) -> QuerySet[Membership]:
    if role:
        rows = rows.filter(role=role)
    if site:
        rows = rows.filter(pk__in=Stay.objects.filter(site=site, archived_at=None).values("membership"))
    return rows


def _lines(cohort: Cohort, shown: list[Membership], request: Request, *, is_staff: bool) -> list[Line]:
    """The rows of one page, with three questions to the database however many they are (for staff four)."""
    today = local_date(request.now, cohort.time_zone)
    keys = [place.pk for place in shown]
    stays: dict[uuid.UUID, list[Stay]] = {key: [] for key in keys}
    for stay in _stays_of(keys=keys):
        stays[stay.membership_id].append(stay)
    beside: dict[uuid.UUID, list[str]] = {key: [] for key in keys}
    for kind in KINDS.values():
        for row in kind.of_any(keys, today):
            other = kind.other(row)
            beside.get(row.scholar_id, []).append(f"{other.person.name} ({cohort.label(kind.role)})")
            beside.get(other.pk, []).append(row.scholar.person.name)
    for place in shown:
        place.cohort = cohort
    waiting = standings([place for place in shown if not place.accepted_at], request.now) if is_staff else {}
    return [Line(place, _nearest(stays[place.pk], today), beside[place.pk], waiting.get(place.pk)) for place in shown]


def _nearest(stays: list[Stay], today: dt.date) -> Stay | None:
    """The stay of today, else the next one, else the last one."""
    ahead = [stay for stay in stays if stay.ends_on >= today]
    return next(iter(ahead or stays[-1:]), None)


def _places(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.select_related("person", "cohort")


@prepared
def _stays(place: Membership) -> QuerySet[Stay]:
    return Stay.objects.filter(membership=place, archived_at=None).select_related("phase", "site")


@prepared
def _leaves(place: Membership) -> QuerySet[Leave]:
    return Leave.objects.filter(membership=place, archived_at=None)


def person(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One place: stays, days away, who works with whom; for staff also what was changed, and why."""
    place = find("membership", request.user, request.now, rows=_places, pk=pk)
    is_staff = may(request.user, "see_history", "membership", place, request.now)
    if place.archived_at and not is_staff:
        return ended_place(request, _own_ended(place, request))
    may_be_away = is_staff or may(request.user, "be_away", "membership", place, request.now)
    today = local_date(request.now, place.cohort.time_zone)
    ties, stays = ties_of(place), _stays(place=place)
    context = {
        "cohort": place.cohort,
        "place": place,
        "is_staff": is_staff,
        "is_mine": place.person_id == request.user.pk,
        "may_change": is_staff and not place.archived_at,
        "ending": ending_of(place),
        "proposal": _proposal_seen(place, request) if is_staff else None,
        "standing": standings([place], request.now)[place.pk] if is_staff and not place.accepted_at else None,
        "may_be_away": may_be_away and not place.archived_at,
        "stays": stays,
        "awaits": _awaits(stays, today),
        "leaves": _leaves(place=place),
        "pairings": [_beside(tie, place, today) for tie in ties if tie.kind.role == Role.MENTOR],
        "caseloads": [
            _beside(tie, place, today, is_known=is_staff or _is_of(tie, request.user))
            for tie in ties
            if tie.kind.role == Role.COACH
        ],
        "history": history(_parts(place), manner=Manner.of(request.user, place.cohort)) if is_staff else [],
    }
    return render(request, "cohorts/person.html", context)


def _proposal_seen(place: Membership, request: Request) -> Ending | None:
    """An ending that waits for a second person; not shown to whoever it is about."""
    is_theirs = place.archived_at or place.person_id == request.user.pk
    return None if is_theirs else proposal_for(place)


def _own_ended(place: Membership, request: Request) -> Membership:
    """The place, if it is the reader's own and has ended, as long as they read what is theirs there."""
    if place.person_id != request.user.pk or place.reads_until is None or place.reads_until <= request.now:
        raise Http404
    return place


def _awaits(stays: list[Stay], today: dt.date) -> Stay | None:
    """The term that somebody awaits between two phases: they are not gone."""
    ahead = next((stay for stay in stays if stay.ends_on >= today), None)
    return ahead if ahead and ahead.starts_on > today and stays[0].ends_on < today else None


@dataclass(frozen=True)
class Beside:
    """Somebody tied to this place, as its page shows them.

    Who coaches whom is open within the cohort. How often they speak, and why it ended, is known
    (`is_known`) to the two of them and to staff.
    """

    row: object
    place: Membership
    label: str
    is_over: bool
    is_known: bool


def _is_of(tie: Tie, reader: Person) -> bool:
    return reader.pk in {tie.row.scholar.person_id, tie.kind.other(tie.row).person_id}


def _beside(tie: Tie, place: Membership, today, *, is_known: bool = True) -> Beside:
    is_scholar = tie.row.scholar_id == place.pk
    other = tie.kind.other(tie.row) if is_scholar else tie.row.scholar
    label = place.cohort.label(tie.kind.role if is_scholar else Role.SCHOLAR)
    return Beside(tie.row, other, label, tie.row.ends_on < today, is_known)


def _parts(place: Membership) -> list[Part]:
    parts = [Part(Membership, ("id",), place.pk)]
    parts += [Part(model, ("membership_id",), place.pk) for model in (Stay, Leave, Invitation)]
    return parts + [Part(kind.model, ("scholar_id", f"{kind.role}_id"), place.pk) for kind in KINDS.values()]


def _welcomed(request: Request, cohort: Cohort) -> Callable[[Membership], str]:
    """To the new place, saying when its person hears of it."""

    def go_on(place: Membership) -> str:
        when = "Their invitation is on its way."
        if not cohort.is_launched:
            when = "They are invited when the cohort is launched."
        messages.success(request, f"They have their place. {'' if place.accepted_at else when}".strip())
        return person_url(place)

    return go_on


def person_add(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    if request.POST.get("role") in CONFIRMED and (stale := stale_answer(request)):
        return stale
    start = {"time_zone": cohort.time_zone, "role": request.GET.get("role")}
    form = PersonForm(request, cohort=cohort, initial=start)
    if answer := form.hand_to(add_person, cohort=cohort, then=_welcomed(request, cohort)):
        return answer
    back = reverse("people", args=[cohort.slug])
    return form_page(request, form, cohort=cohort, title="Add a person", back=back, save="Add")


@needs_fresh_sign_in
def person_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    place = place_to_change(request, pk)
    form = RemoveForm(request, cohort=place.cohort, about=place)
    if answer := form.hand_to(
        remove_person,
        membership=place,
        then=reverse("people", args=[place.cohort.slug]),
        saved=f"{place.person.name} is no longer here as {place.label}.",
    ):
        return answer
    return form_page(
        request,
        form,
        cohort=place.cohort,
        title=f"Remove {place.person.name}, {place.label}",
        back=person_url(place),
        save="Remove",
        template="cohorts/person_remove.html",
        place=place,
        duties=[duty.get_kind_display() for duty in duties_at(place, request.now)],
        ending=what_ends_with(place, request.now),
    )
