"""Letters of decision: drafted, read before they go out, released; and what follows from a grant."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import takewhile
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, find_with_acts, visible
from cohorts.models import Cohort
from cohorts.rules.days import in_words
from cohorts.trail import Line, history
from cohorts.views.pages import form_page
from mats.forms.sent import FORM, as_uuid
from mats.history.trail import Part
from mats.identity.requests import Request
from mentorship import told
from mentorship.actions.letter import (
    Released,
    change_letter,
    let_lapse,
    meet_condition,
    move_accept_date,
    release_letters,
    say_talked,
)
from mentorship.forms.letter import (
    AcceptDateForm,
    ConditionMetForm,
    LapseForm,
    LetterForm,
    ReleaseForm,
    TalkedForm,
    letters_of,
)
from mentorship.letters import ANSWERS, of_cohort, token
from mentorship.models import Decision, DecisionLetter, ExtensionCase
from mentorship.rules.letter import may_lapse, waits_for_conditions
from mentorship.turn import holding
from mentorship.views.case import not_now, who_reads

MOVED = frozenset({str(DecisionLetter._meta.get_field("accept_by").verbose_name)})
RELEASED_AT = str(DecisionLetter._meta.get_field("released_at").verbose_name)
CHOOSE = "letters-choose"  # the form on the list of letters, which only leads to the preview


def letters_url(cohort: Cohort) -> str:
    return reverse("letters", args=[cohort.slug])


def letter_url(letter: DecisionLetter) -> str:
    return reverse("letter", args=[letter.pk])


def _letters(at: dt.datetime) -> QuerySet[DecisionLetter]:
    letters = DecisionLetter.objects.filter(archived_at=None)
    return letters.select_related(
        "cohort", "decision__conditions_met_by", "case__cohort", "case__scholar__person", "talked_by", "released_by"
    )


def _cases(at: dt.datetime) -> QuerySet[ExtensionCase]:
    return ExtensionCase.objects.filter(archived_at=None).select_related("cohort", "scholar__person")


def _decisions(at: dt.datetime) -> QuerySet[Decision]:
    decisions = Decision.objects.filter(archived_at=None)
    return decisions.select_related("cohort", "case__cohort", "case__scholar__person")


def _cohort(request: Request, slug: str) -> Cohort:
    return find("cohort", request.user, request.now, act="see_cases", slug=slug)


def _to_release(request: Request, pk: uuid.UUID) -> DecisionLetter:
    return find("letter", request.user, request.now, act="release", rows=_letters, pk=pk)


# Reading


def letters(request: Request, slug: str) -> HttpResponse:
    """Drafts by outcome, to be chosen for the release, and what was released."""
    cohort = _cohort(request, slug)
    drafts, released = of_cohort(cohort, request.user, request.now)
    context = {"cohort": cohort, "drafts": drafts, "released": released, "choose": CHOOSE}
    return render(request, "mentorship/letters.html", context)


def letter(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The letter as it is read; for staff with what can be done with it."""
    row = find_with_acts("letter", request.user, request.now, rows=_letters, pk=pk)
    lines = history([Part(DecisionLetter, ("id",), row.pk)])
    is_staff, is_mine = "release" in row.acts, row.case.scholar.person_id == request.user.pk
    context = {
        "letter": row,
        "cohort": row.cohort,
        "answer": ANSWERS[Decision.Outcome(row.outcome)],
        "is_mine": is_mine,
        "who_reads": who_reads("letter", is_scholar=is_mine),
        "is_staff": is_staff,
        "waits_for_condition": waits_for_conditions(row.decision, row.case),
        "moves": told.moves(takewhile(_is_after_release, lines), MOVED) if row.released_at else [],
        "history": lines if is_staff else [],
    }
    return render(request, "mentorship/letter.html", context)


def _is_after_release(line: Line) -> bool:
    """Of the latest first: not the release itself, nor what was changed before it."""
    return all(title != RELEASED_AT for title, _ in line.facts)


# Before the release


def letter_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _to_release(request, pk)
    form = LetterForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(change_letter, letter=row, then=letter_url, saved="The letter is saved; it is a draft."):
        return answer
    return _form_page(request, form, row, f"The letter to {row.case.scholar.person.name}")


def letter_talked(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _to_release(request, pk)
    form = TalkedForm(request, cohort=row.cohort, about=row)
    back = letters_url(row.cohort)
    if answer := form.hand_to(say_talked, letter=row, then=back, saved="It is noted."):
        return answer
    intro = "A no is released after a talk. Your name and the time stand beside the tick, for staff."
    return _form_page(request, form, row, f"Before the letter to {row.case.scholar.person.name}", intro)


def letters_release(request: Request, slug: str) -> HttpResponse:
    """The chosen letters as their scholars will read them, and one press that releases them together."""
    cohort = _cohort(request, slug)
    form = ReleaseForm(request, cohort=cohort)
    if answer := form.hand_to(release_letters, then=_say_what_went_out(request, cohort)):
        return answer
    shown = _on_preview(request, cohort)
    nothing = request.method == "POST" and not shown and not form.errors
    context = {"cohort": cohort, "form": form, "shown": shown, "back": letters_url(cohort)}
    return render(request, "mentorship/letters_release.html", context, status=422 if nothing else 200)


def _on_preview(request: Request, cohort: Cohort) -> list[tuple[str, DecisionLetter]]:
    """The letters to be shown, as they stand now, and the token of each: chosen on the list or, by a link,
    one alone; the same once more where the release was refused."""
    is_chosen = request.POST.get(FORM) == CHOOSE
    sent = request.POST.getlist("letters") or ([] if is_chosen else request.GET.getlist("letters"))
    chosen = [pk for value in sent if (pk := as_uuid(str(value).partition(".")[0]))]
    allowed = visible(DecisionLetter, "letter", request.user, request.now, "release").filter(released_at=None)
    return [(token(row), row) for row in letters_of(cohort, chosen).filter(pk__in=allowed.values("pk"))]


def _say_what_went_out(request: Request, cohort: Cohort) -> Any:
    def go_on(found: Released) -> str:
        number = len(found.out)
        messages.success(request, f"{number} letter{' is' if number == 1 else 's are'} out.")
        for letter, words in found.kept:
            messages.warning(request, f"{letter.case.scholar.person.name}: not released. {words}")
        return letters_url(cohort)

    return go_on


# Afterwards


def letter_date(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _to_release(request, pk)
    form = AcceptDateForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(move_accept_date, letter=row, then=letter_url, saved="The day is moved."):
        return answer
    intro = f"It is {in_words(row.accept_by)} so far. The scholar is told the new day." if row.accept_by else ""
    return _form_page(request, form, row, f"Longer to accept for {row.case.scholar.person.name}", intro)


def case_lapse(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find("case", request.user, request.now, act="administer", rows=_cases, pk=pk)
    decision = holding(row)
    if answer := not_now(request, row, may_lapse, row, decision, getattr(decision, "letter", None), request.now):
        return answer
    form, back = LapseForm(request, cohort=row.cohort, about=row), reverse("case", args=[row.pk])
    if answer := form.hand_to(let_lapse, case=row, then=back, saved="The case has lapsed; its place is free."):
        return answer
    intro = "Its place becomes free. The scholar and their mentors are told; it can’t be taken back."
    title = f"Let the case of {row.scholar.person.name} lapse"
    return form_page(request, form, cohort=row.cohort, title=title, back=back, save="Let it lapse", intro=intro)


def condition_met(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find("decision", request.user, request.now, act="administer", rows=_decisions, pk=pk)
    form, back = ConditionMetForm(request, cohort=row.cohort, about=row), reverse("case", args=[row.case_id])
    if answer := form.hand_to(meet_condition, decision=row, then=back, saved="It is noted that the condition is met."):
        return answer
    until = f", to be met by {in_words(row.conditions_by)}" if row.conditions_by else ""
    intro = f"{row.conditions}{until}" if row.conditions else "This decision has no conditions."
    title = f"Is the condition of {row.case.scholar.person.name} met?"
    return form_page(request, form, cohort=row.cohort, title=title, back=back, save="Yes, it is met", intro=intro)


def _form_page(request: Request, form: Any, row: DecisionLetter, title: str, intro: str = "") -> HttpResponse:
    context = {"form": form, "cohort": row.cohort, "letter": row, "title": title, "back": letter_url(row)}
    return render(request, "mentorship/letter_form.html", {**context, "intro": intro})
