"""A mentor's approval: written on one screen, read; and what staff do where it does not come or is not enough."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.access import find, visible
from cohorts.models import Person
from cohorts.views.pages import form_page
from mats import clock
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship.actions.approval import close_search, give_approval, name_approver, record_talk_with_mentor
from mentorship.approvals import Said, answers_before, approvals_of, open_search, who_judges
from mentorship.approvers import places_to_name
from mentorship.cases import in_total
from mentorship.forms.approval import ApprovalForm, ApproverForm, MentorSearchForm, MentorTalkForm
from mentorship.letters import term_of
from mentorship.models import Approval, ExtensionCase, MidpointLine, State
from mentorship.rules.approval import ANSWERED_IN
from mentorship.views.case import who_reads


def _approvals(at: dt.datetime) -> QuerySet[Approval]:
    live = Approval.objects.filter(archived_at=None, case__archived_at=None)
    return live.select_related("cohort", "case__scholar__person", "mentor__person")


def _url(row: Approval) -> str:
    return reverse("approval", args=[row.pk])


def _total_of(case: ExtensionCase) -> str:
    """What is asked for: `6 months in total, until 3 July`."""
    return in_total(term_of(case.cohort, case.total_months))


def approval_write(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Two minutes: who asks for what, where they stand, and the questions. What was decided meanwhile is only read."""
    row = find("approval", request.user, request.now, act="write", rows=_approvals, pk=pk)
    row.case.cohort = row.cohort
    if row.case.state not in ANSWERED_IN and request.method != "POST":
        return redirect("approval", pk=row.pk)
    form = ApprovalForm(request, about=row)
    if answer := form.hand_to(give_approval, approval=row, then=_url, saved=_saved(row)):
        return answer
    context = {
        "approval": row,
        "case": row.case,
        "cohort": row.cohort,
        "scholar": row.case.scholar,
        "total": _total_of(row.case),
        "line": _line_of(reader=request.user, at=request.now, mentor=row.mentor_id, scholar=row.case.scholar_id),
        "form": form,
        "who_judges": who_judges(),
    }
    return render(request, "mentorship/approval_write.html", context)


def _saved(row: Approval) -> str:
    return "Your change is saved; the history keeps what you said before." if row.given_at else "Your answer is given."


def _line_of(**values: Any) -> MidpointLine | None:
    return next(iter(_lines(**values)), None)


@prepared
def _lines(reader: Person, at: dt.datetime, mentor: uuid.UUID, scholar: uuid.UUID) -> QuerySet[MidpointLine]:
    """What this mentor said at mid-point."""
    lines = visible(MidpointLine, "midpoint_line", reader, at)
    return lines.filter(mentor=mentor, scholar=scholar, given_at__isnull=False, archived_at=None).order_by("-due_at")


def approval(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One mentor's approval, as this reader may see it."""
    row = find("approval", request.user, request.now, rows=_approvals, pk=pk)
    row.case.cohort, is_of_reader = row.cohort, row.case.scholar.person_id == request.user.pk
    context = {
        "approval": row,
        "case": row.case,
        "cohort": row.cohort,
        "scholar": row.case.scholar,
        "total": _total_of(row.case),
        "said": _one(approvals_of(row.case, request.user, request.now), row),
        "before": answers_before(row.pk),
        "is_open": row.case.state in ANSWERED_IN,
        "who_judges": who_judges(),
        "is_of_reader": is_of_reader,
        "who_reads": who_reads("approval", is_scholar=is_of_reader),
    }
    return render(request, "mentorship/approval.html", context)


def _one(rows: list[Said], row: Approval) -> Said:
    said = next((one for one in rows if one.pk == row.pk), None)
    if said is None:  # archived between two questions
        raise Http404
    return said


# What staff do


def _cases(at: dt.datetime) -> QuerySet[ExtensionCase]:
    return ExtensionCase.objects.filter(archived_at=None).select_related("cohort", "scholar__person", "scholar__cohort")


def _case(request: Request, pk: uuid.UUID) -> ExtensionCase:
    return find("case", request.user, request.now, act="administer", rows=_cases, pk=pk)


def _case_url(case: ExtensionCase) -> str:
    return reverse("case", args=[case.pk])


def case_approver(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask another mentor; the reason is for the duty leads."""
    case = _case(request, pk)
    form = ApproverForm(request, cohort=case.cohort, place=case)
    places = places_to_name(case)
    form.offer_mentors(places)
    saved = "The mentor you named is asked; both get a letter."
    if answer := form.hand_to(name_approver, case=case, then=_case_url(case), saved=saved):
        return answer
    lead = _lead(approvals_of(case, request.user, request.now))
    who = f"{lead.mentor_name} is asked now, {_by_when(lead, request)}." if lead else "Nobody is asked now."
    rest = (
        f"You can name another mentor of the cohort: no {case.cohort.coach_label} of theirs, now, before or to come, "
        "nobody with a declared conflict, nobody who is asked already."
    )
    return form_page(
        request, form, cohort=case.cohort, title=f"Another approver for {case.scholar.person.name}",
        back=_case_url(case), save="Ask them", intro=f"{who} {rest}",
    )  # fmt: skip


def _lead(rows: list[Said]) -> Said | None:
    return next((row for row in rows if row.is_lead), None)


def _by_when(lead: Said, request: Request) -> str:
    if lead.answer:
        return "and has answered" if lead.answer != Approval.Answer.NOT_SURE else "and is not sure"
    return f"by {clock.format_moment(lead.due_at, request.user.time_zone, date=True)}"


def case_talk(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The talk with a mentor who is not sure; where none is waited for, the case is shown."""
    case = _case(request, pk)
    if case.state != State.TALK and request.method != "POST":
        return redirect("case", pk=case.pk)
    form = MentorTalkForm(request, case=case)
    saved = "The talk is recorded; the case is with the committee."
    if answer := form.hand_to(record_talk_with_mentor, case=case, then=_case_url(case), saved=saved):
        return answer
    rows = approvals_of(case, request.user, request.now)
    lead = _lead(rows)
    name = lead.mentor_name if lead else "The mentor"
    intro = (
        f"{name} is not sure about {case.scholar.person.name}, who asks for {_total_of(case)}. Once the talk is "
        f"recorded the case goes to the committee; {name} can still change their answer. Or name another approver."
    )
    others = [("Name another approver", reverse("case_approver", args=[case.pk]))]
    if lead:
        others.insert(0, (f"What {name} has said", lead.url))
    return form_page(
        request, form, cohort=case.cohort, title=f"Talk with {name}", back=_case_url(case), save="Record the talk",
        intro=intro, others=others,
    )  # fmt: skip


def mentor_search(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The search for a mentor of the term; where none is open, the case is shown."""
    case = _case(request, pk)
    search = open_search(case)
    if search is None and request.method != "POST":
        return redirect("case", pk=case.pk)
    form = MentorSearchForm(request, case=case)
    if answer := form.hand_to(close_search, case=case, then=_case_url(case), saved="The search is closed."):
        return answer
    due = clock.format_moment(search.due_at, request.user.time_zone, date=True) if search else ""
    by = f" by {due}" if due else ""
    intro = (
        f"A mentor says yes to {case.scholar.person.name}, and nobody who was asked can mentor the term. Find "
        f"somebody{by}: another mentor of the cohort, who is then put on the next-term sheet; or say why nobody is."
    )
    return form_page(
        request, form, cohort=case.cohort, title=f"A mentor for {case.scholar.person.name}’s next term",
        back=_case_url(case), save="Close the search", intro=intro,
    )  # fmt: skip
