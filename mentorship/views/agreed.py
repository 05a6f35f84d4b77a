"""The agreed list: clear cases, proposed by one person and confirmed by another after 48 hours."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import condition, find
from cohorts.models import Cohort, Person
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship import rounds
from mentorship.actions.decision import Several, confirm_many, propose_many
from mentorship.cases import in_total
from mentorship.committee.case import places_words
from mentorship.committee.facts import Facts, facts_of
from mentorship.forms.decision import AgreedForm, ConfirmManyForm
from mentorship.models import Decision, ExtensionCase, Round, State
from mentorship.rules.decision import PROPOSED_IN, why_not_clear, why_not_confirm, why_not_hear
from mentorship.rules.round import takes_a_place


@dataclass(frozen=True)
class Waiting:
    """A proposal on the list; `why_not`: why this reader does not confirm it now."""

    row: Decision
    case: ExtensionCase
    total: str
    why_not: str


@dataclass(frozen=True)
class Agreed:
    """The list as one person of the committee has it."""

    clear: list[ExtensionCase]
    waiting: list[Waiting]
    contested: int
    totals: dict[int, str]

    @property
    def ready(self) -> list[Decision]:
        return [one.row for one in self.waiting if not one.why_not]


def agreed_url(cohort: Cohort) -> str:
    return reverse("agreed_list", args=[cohort.slug])


def agreed_list(request: Request, slug: str) -> HttpResponse:
    """Two forms: what is clear, to propose; what was proposed, to confirm or pull out."""
    cohort = find("cohort", request.user, request.now, act="see_cases", slug=slug)
    page = _read(cohort, request.user, request.now)
    to_propose = AgreedForm(request, rows=page.clear)
    to_confirm = ConfirmManyForm(request, rows=page.ready)
    there = agreed_url(cohort)
    if answer := to_propose.hand_to(propose_many, then=_told(request, there, "proposed")):
        return answer
    if answer := to_confirm.hand_to(confirm_many, then=_told(request, there, "confirmed")):
        return answer
    context = {
        "cohort": cohort,
        "page": page,
        "to_propose": to_propose,
        "to_confirm": to_confirm,
        "proposals": [(pick, page.totals.get(pick.row.total_months, "")) for pick in to_propose.picks],
        "ticked": {pick.row.pk for pick in to_confirm.picks if pick.is_ticked},
        "places": [places_words(places, taken) for places, taken in _places(cohort=cohort.pk) if places is not None],
    }
    return render(request, "mentorship/agreed_list.html", context)


def _told(request: Request, there: str, what: str) -> Callable[[Several], str]:
    """Where it goes on to; saying how many were done, and which were refused, each with why."""

    def go_on(found: Several) -> str:
        number = len(found.done)
        messages.success(request, f"{number} case{'s are' if number != 1 else ' is'} {what}.")
        for case, words in found.refused:
            messages.warning(request, f"Not {what}: {case.scholar.person.name}. {words}")
        return there

    return go_on


@prepared
def _cases(reader: Person, at: dt.datetime, cohort: uuid.UUID) -> QuerySet[ExtensionCase]:
    """Those that the committee has and this reader may judge: whoever is recused does not see them here."""
    theirs = ExtensionCase.objects.filter(condition(reader, "judge", "case", at), cohort=cohort, archived_at=None)
    theirs = theirs.filter(state__in=[str(state) for state in PROPOSED_IN])
    return theirs.select_related("cohort", "round", "scholar__person").order_by("scholar__person__name", "pk")


@prepared
def _places(cohort: uuid.UUID) -> QuerySet[Any]:
    """Of each round: how many places there are, and how many are taken."""
    taken = Q(cases__in=ExtensionCase.objects.filter(takes_a_place(), archived_at=None).values("pk"))
    rows = Round.objects.filter(cohort=cohort, archived_at=None).order_by("opens_on")
    return rows.annotate(taken=Count("cases", filter=taken)).values_list("places", "taken")


def _read(cohort: Cohort, reader: Person, at: dt.datetime) -> Agreed:
    facts = facts_of(_cases(reader=reader, at=at, cohort=cohort.pk)).values()
    totals = {total: in_total(term) for total, term in rounds.terms(cohort).items()}
    listed = [(one, one.proposal) for one in facts if one.proposal and one.proposal.is_agreed_list]
    free = [one for one in facts if one.proposal is None and not why_not_hear(one, reader)]
    clear = [one for one in free if one.case.state in (State.COMMITTEE, State.WAITLISTED) and not why_not_clear(one)]
    with_committee = [one for one in facts if one.case.state in (State.COMMITTEE, State.APPEALED)]
    return Agreed(
        clear=[one.case for one in clear],
        waiting=[_waiting(one, row, reader, at, totals) for one, row in listed if row],
        contested=sum(bool(why_not_clear(one)) for one in with_committee),
        totals=totals,
    )


def _waiting(facts: Facts, row: Decision, reader: Person, at: dt.datetime, totals: dict[int, str]) -> Waiting:
    row.case = facts.case
    total = totals.get(row.total_months or 0, f"{row.total_months} months in total")
    return Waiting(row, facts.case, total, why_not_confirm(facts, row, reader, at))
