"""What a cohort looks for in an extension, and the calendar of its round."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
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
from mentorship.cases import Seen, in_total, seen
from mentorship.deadlines import usual_round, what_to_move
from mentorship.forms.extension import AnswersGivenForm, LettersSentForm, RoundForm, StandardForm
from mentorship.models import Approval, ExtensionCase, Round, Standard, State
from mentorship.rules.case import Known, Opening, check_may_apply, last_case
from mentorship.rules.round import NO_MIDPOINT
from mentorship.standard import WhatWeLookFor, version_of, versions, what_we_look_for
from mentorship.turn import Look, Turn, turn_of
from mentorship.views.application import own_place

SEEN_BY_MENTORS = {**dict(Seen.choices), Seen.YOUR_TURN: "with the scholar", Seen.MENTOR: "with the mentor"}
# While the committee has not decided, what a mentor adds is read.
WAITS_FOR_MENTOR = (State.MENTOR, State.TALK, State.COMMITTEE, State.MORE)


def extension_url(cohort: Cohort) -> str:
    return reverse("extension", args=[cohort.slug])


def _cohorts(at: dt.datetime) -> QuerySet[Cohort]:
    return Cohort.objects.all()


def extension(request: Request, slug: str) -> HttpResponse:
    """A scholar's case, what we look for, and the calendar, for everybody in the cohort; `?version=1` an
    earlier version of what we look for."""
    cohort = find_related("cohort", request.user, request.now, rows=_cohorts, slug=slug)
    numbers, standard = versions(cohort), _asked_for(cohort, request.GET.get("version", ""))
    rows = rounds.rounds_of(cohort)
    history, place = told.of_extension(cohort, rows, standard.number), own_place(request, cohort)
    context = {
        "cohort": cohort,
        "standard": standard,
        "why_published": history.why_published,
        "latest": numbers[0][0] if numbers else 0,
        "versions": numbers,
        "calendars": rounds.calendars(cohort, rows, history.moves, request.now),
        "my_place": place,
        "own": OwnCase.of(place, rows, request.user, request.now) if place else None,
        "is_staff": "staff" in cohort.relations,
        **_of_mentor(request, cohort),
    }
    return render(request, "mentorship/extension.html", context)


def _asked_for(cohort: Cohort, version: str) -> WhatWeLookFor:
    if not version:
        return what_we_look_for(cohort)
    found = version_of(cohort, int(version)) if re.fullmatch("[0-9]{1,4}", version) else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class OwnCase:
    """A scholar's latest case and whose turn it is; and what they may apply for now, or why they can't."""

    case: ExtensionCase | None
    turn: Turn | None
    opening: Opening | None
    why_not: str

    @classmethod
    def of(cls, place: Membership, rows: list[Round], reader: Person, at: dt.datetime) -> OwnCase:
        case, place.person = last_case(place), reader
        if case is None:
            return cls(None, None, *_opening(place, at, Known(None, rows)))
        case.scholar = place
        turn = turn_of(Look(case, reader, at))
        # After a refusal an appeal is heard, and nothing is applied for.
        if case.is_open or case.state == State.REFUSED:
            return cls(case, turn, None, "")
        return cls(case, turn, *_opening(place, at, Known(case, rows)))

    @property
    def totals(self) -> list[str]:
        return [in_total(term) for term in self.opening.terms.values()] if self.opening else []

    @property
    def says_why_not(self) -> bool:
        """Beside a case that was refused, or has ended otherwise, nothing more needs to be said."""
        return bool(self.why_not) and (self.case is None or self.case.state == State.IN_FORCE)


def _opening(place: Membership, at: dt.datetime, known: Known) -> tuple[Opening | None, str]:
    """What a scholar may apply for, or why not."""
    try:
        return check_may_apply(place, at, known), ""
    except ValidationError as refused:
        return None, refused.messages[0]


def _of_mentor(request: Request, cohort: Cohort) -> dict[str, Any]:
    """What waits for a mentor, and the scholars whom they mentor; two questions, and none for others."""
    if not any(place.cohort_id == cohort.pk and place.role == Role.MENTOR for place in places(request)):
        return {}
    reader = {"reader": request.user, "at": request.now, "cohort": cohort.pk}
    return {"asked": _asked(**reader), "mentored": [Mentored(*row) for row in _mentored(**reader)]}


class Mentored(NamedTuple):
    """A scholar whom the reader mentors, and their latest case, where there is one."""

    pk: uuid.UUID
    name: str
    case: uuid.UUID | None
    state: str | None

    @property
    def words(self) -> str:
        return SEEN_BY_MENTORS[seen(self.state)] if self.state else ""


@prepared
def _mentored(reader: Person, at: dt.datetime, cohort: uuid.UUID) -> QuerySet[Any]:
    theirs = Membership.objects.filter(condition(reader, "read", "evidence", at, relations=["mentor"]))
    cases = ExtensionCase.objects.filter(scholar=OuterRef("pk"), archived_at=None).order_by("-number")
    here = theirs.filter(cohort=cohort, archived_at=None)
    here = here.annotate(case=Subquery(cases.values("pk")[:1]), state=Subquery(cases.values("state")[:1]))
    return here.order_by("person__name", "pk").values_list("pk", "person__name", "case", "state")


@prepared
def _asked(reader: Person, at: dt.datetime, cohort: uuid.UUID) -> QuerySet[Approval]:
    """The mentor's approvals that the reader owes, or has given and may still change."""
    theirs = Approval.objects.filter(condition(reader, "write", "approval", at, relations=["author"]))
    live = theirs.filter(cohort=cohort, case__state__in=WAITS_FOR_MENTOR, case__archived_at=None)
    return live.select_related("case__scholar__person").order_by("due_at", "pk")


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
    """The days of a round; drawn with the days by default where there is none yet. `?round=` is that of a term."""
    cohort = cohort_to_change(request, slug)
    wanted = request.GET.get("round", "")
    of_term = next((row for row in rounds.rounds_of(cohort) if str(row.pk) == wanted), None)
    row, words = (of_term, "") if of_term else _main_round(cohort)
    form = RoundForm(request, cohort=cohort, about=row)
    facts = {"cohort": cohort, "phase": row.phase}
    if answer := form.hand_to(set_round, **facts, then=extension_url(cohort), saved="The calendar is set."):
        return answer
    intro = words or "On the cohort’s clock. Each day lasts until its end there; the window opens as its day begins."
    return form_page(
        request, form, cohort=cohort, title="The calendar of the round", back=extension_url(cohort), intro=intro,
        template="mentorship/extension_form.html",
    )  # fmt: skip


def _main_round(cohort: Cohort) -> tuple[Round, str]:
    """The main phase's round, or one that was never saved; and in words what stands in its way."""
    midpoint, phase = rounds.midpoint_day(cohort), cohort.main_phase
    usual = usual_round(phase, midpoint.due_on) if midpoint else None
    row = rounds.round_of(cohort)
    words = NO_MIDPOINT if usual is None else ""
    if row is None:
        row = Round(cohort=cohort, phase=phase, version=0, **(vars(usual) if usual else {}))
        words = what_to_move(usual, phase, midpoint.due_on) if usual and midpoint else NO_MIDPOINT
    return row, words


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
