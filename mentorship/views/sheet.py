"""The next-term sheet: now and next side by side, and the two presses; for staff its changes and the export."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find, find_related, may
from cohorts.models import Cohort
from cohorts.rules.days import in_words
from cohorts.trail import Line, history
from cohorts.views.pages import cohort_to_change, form_page
from mats.clock import local_date
from mats.history.trail import Part
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request
from mats.text import csv_cell
from mentorship.actions.sheet import agree, change_sheet, share_sheet
from mentorship.actions.term import end_early
from mentorship.forms.sheet import AgreeForm, ShareForm, SheetForm, TermEndForm
from mentorship.models import ExtensionCase, SheetMentor, State, TermSheet
from mentorship.rules.sheet import why_closed
from mentorship.sheets import before, holding_grant, lines, mentors_of, sheets_of, what_mentors_said
from mentorship.views.case import who_reads


@dataclass(frozen=True)
class Side:
    """One of the two who agree, and when they did."""

    name: str
    what: str
    is_reader: bool
    agreed_at: dt.datetime | None


def _sheets(at: dt.datetime) -> QuerySet[TermSheet]:
    sheets = TermSheet.objects.filter(archived_at=None)
    return sheets.select_related("cohort", "case__scholar__person", "phase", "site", "coach__person", "shared_by")


def sheet_url(sheet: TermSheet) -> str:
    return reverse("sheet", args=[sheet.pk])


def sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Whoever the term is about reads the same once it is shared; staff before, with what else they should know."""
    return _page(request, find_related("sheet", request.user, request.now, rows=_sheets, pk=pk))


def _page(request: Request, row: TermSheet, sent: AgreeForm | None = None) -> HttpResponse:
    relations: frozenset[str] = row.relations  # type: ignore[attr-defined]  # from `find_related`
    mentors, today = mentors_of(row), local_date(request.now, row.cohort.time_zone)
    case, is_staff, is_mine = row.case, "staff" in relations, "scholar" in relations
    case.scholar.cohort = row.cohort
    sides, is_open = _sides(request, row, mentors), case.state == State.ACCEPTED
    waits = is_open and any(side.is_reader and not side.agreed_at for side in sides)
    context = {
        "sheet": row,
        "case": case,
        "cohort": row.cohort,
        "total": f"{row.phase}, until {in_words(row.ends_on)}",
        "lines": lines(row, mentors, before(case.scholar, today, term_from=row.starts_on)),
        "has_begun": row.starts_on <= today,
        "sides": sides,
        "is_open": is_open,
        "is_staff": is_staff,
        "is_mine": is_mine,
        "is_side": any(side.is_reader for side in sides),
        "may_read_case": is_staff or is_mine or ("mentor" in relations and _may_read_case(request, case)),
        "who_reads": who_reads("sheet", is_scholar=is_mine),
        "condition": holding_grant(case) if is_open and (is_staff or is_mine) else None,
        "notes": what_mentors_said(row, mentors) if is_staff and is_open else [],
        "press": AgreeForm.hidden_of_new() if row.shared_at and waits else "",
        "sent": sent,
        "history": _history(row) if is_staff else [],
    }
    return render(request, "mentorship/sheet.html", context)


def _may_read_case(request: Request, case: ExtensionCase) -> bool:
    """A mentor who was found for the term alone does not read the case yet."""
    return may(request.user, "read", "case", case, request.now)


def _sides(request: Request, row: TermSheet, mentors: list[SheetMentor]) -> list[Side]:
    scholar, me = row.case.scholar.person, request.user.pk
    sides = [Side(scholar.name, row.cohort.scholar_label, scholar.pk == me, row.scholar_agreed_at)]
    for one in mentors:
        if one.is_lead:
            person = one.mentor.person
            sides.append(Side(person.name, "lead mentor", person.pk == me, row.mentor_agreed_at))
    return sides


def _history(row: TermSheet) -> list[Line]:
    """A sheet is not the coach's who stands on it."""
    site = {str(row.site_id): row.site.name} if row.site else {}
    found = history([Part(TermSheet, ("id",), row.pk), Part(SheetMentor, ("sheet_id",), row.pk)], names=site)
    return [replace(line, what=re.sub("^(Next-term sheet) of .+ ", r"\1 ", line.what)) for line in found]


def sheet_agree(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One press; opened as a page, or refused, it is the sheet as it stands now."""
    row = find_related("sheet", request.user, request.now, act="agree", rows=_sheets, pk=pk)
    form = AgreeForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(agree, sheet=row, then=sheet_url, saved="You have agreed to this sheet."):
        return answer
    if form.is_sent:
        row = find_related("sheet", request.user, request.now, act="agree", rows=_sheets, pk=pk)
    return _page(request, row, form)


# --- for staff --------------------------------------------------------------------------------------


def _sheet_to_write(request: Request, pk: uuid.UUID) -> TermSheet:
    return find("sheet", request.user, request.now, act="write", rows=_sheets, pk=pk)


def sheet_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _sheet_to_write(request, pk)
    form = SheetForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(change_sheet, sheet=row, then=sheet_url, saved="The sheet is saved."):
        return answer
    agreed = row.case.state == State.ACCEPTED and (row.scholar_agreed_at or row.mentor_agreed_at)
    intro = why_closed(row.case) or f"{row.phase}, until {in_words(row.phase.ends_on)}."
    return _form_page(
        request, form, row, title=f"The next term of {row.case.scholar.person.name}",
        intro=f"{intro} Somebody has agreed already: whatever you change they agree to anew." if agreed else intro,
        template="mentorship/sheet_form.html",
    )  # fmt: skip


def sheet_share(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One button; opened as a page it asks first, so that a followed link changes nothing."""
    row = _sheet_to_write(request, pk)
    form = ShareForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(share_sheet, sheet=row, then=sheet_url, saved="The sheet is shared, and they are told."):
        return answer
    intro = "The scholar and the lead mentor are asked to agree within a week. It can be changed after that too."
    intro = why_closed(row.case) or intro
    return _form_page(request, form, row, title="Share this sheet?", intro=intro, save="Yes, share it")


def _form_page(request: Request, form: Any, row: TermSheet, **words: Any) -> HttpResponse:
    return form_page(request, form, cohort=row.cohort, back=sheet_url(row), **words)


def _cases(at: dt.datetime) -> QuerySet[ExtensionCase]:
    return ExtensionCase.objects.filter(archived_at=None).select_related("cohort", "scholar__person")


def case_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = find("case", request.user, request.now, act="administer", rows=_cases, pk=pk)
    form, back = TermEndForm(request, cohort=case.cohort, about=case), reverse("case", args=[case.pk])
    if answer := form.hand_to(end_early, case=case, then=back, saved="The last day is set. What was done stays."):
        return answer
    intro = "Stay, pairings and coaching end that day, and nothing after it is owed. What was done stays on record."
    title = f"End the term of {case.scholar.person.name} early"
    return form_page(request, form, cohort=case.cohort, title=title, back=back, save="End it", intro=intro)


@needs_fresh_sign_in
def sheets_csv(request: Request, slug: str) -> HttpResponse:
    """Stipend and compute of every sheet, for whoever pays: nothing of it happens by itself."""
    cohort = cohort_to_change(request, slug)
    answer = HttpResponse(_as_csv(cohort), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{cohort.slug}-next-terms.csv"'
    return answer


def _as_csv(cohort: Cohort) -> str:
    head = ["months in total", "first day", "last day", "hours a week", "site", "stipend and compute", "stands"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([csv_cell(cell) for cell in [cohort.scholar_label, *head]])
    for row in sheets_of(cohort):
        cells: list[str | int] = [
            row.case.scholar.person.name,
            row.phase.total_months or 0,
            row.starts_on.isoformat(),
            row.ends_on.isoformat(),
            f"{float(row.hours_per_week):g}",
            row.site.name if row.site else "remote",
            row.money,
            str(State(row.case.state).label),
        ]
        writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()
