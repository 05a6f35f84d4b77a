"""Reading a next-term sheet: what it says beside what is now, and what staff should know of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cohorts.models import Caseload, Cohort, Membership, Site, Stay
from cohorts.rules.days import in_words
from mats.prepared import prepared
from mentorship.models import Approval, Decision, ExtensionCase, Pairing, SheetMentor, TermSheet
from mentorship.rules.pairing import time_in_words

NOBODY = "nobody"


@dataclass(frozen=True)
class Before:
    """Where a scholar is before a term: their last stay, and who looks after them in it."""

    stay: Stay
    pairings: list[Pairing]
    caseload: Caseload | None

    @property
    def mentors(self) -> str:
        return names([(row.mentor, row.is_lead) for row in self.pairings])


@dataclass(frozen=True)
class Line:
    """One line of a sheet, as it is before the term and in it."""

    what: str
    now: str
    then: str

    @property
    def is_changed(self) -> bool:
        return self.now != self.then


@prepared
def _stays(scholar: UUID) -> QuerySet[Stay]:
    stays = Stay.objects.filter(membership=scholar, archived_at=None)
    return stays.select_related("site", "phase").order_by("-starts_on")


@prepared
def _pairings(scholar: UUID, day: dt.date) -> QuerySet[Pairing]:
    running = Pairing.objects.filter(scholar=scholar, archived_at=None, starts_on__lte=day, ends_on__gte=day)
    return running.select_related("mentor__person").order_by("-is_lead", "created_at", "pk")


@prepared
def _caseloads(scholar: UUID, day: dt.date) -> QuerySet[Caseload]:
    running = Caseload.objects.filter(scholar=scholar, archived_at=None, starts_on__lte=day, ends_on__gte=day)
    return running.select_related("coach__person")


@prepared
def _mentors(sheet: UUID) -> QuerySet[SheetMentor]:
    mentors = SheetMentor.objects.filter(sheet=sheet, archived_at=None)
    return mentors.select_related("mentor__person").order_by("-is_lead", "created_at", "pk")


@prepared
def _approvals(case: UUID) -> QuerySet[Approval]:
    given = Approval.objects.filter(case=case, archived_at=None, given_at__isnull=False)
    return given.select_related("mentor__person")


@prepared
def _decisions(case: UUID) -> QuerySet[Decision]:
    """The one that holds."""
    return Decision.objects.filter(case=case, confirmed_at__isnull=False, replaced_at=None, archived_at=None)


@prepared
def _sheets(cohort: UUID) -> QuerySet[TermSheet]:
    sheets = TermSheet.objects.filter(cohort=cohort, archived_at=None)
    return sheets.select_related("case__scholar__person", "phase", "site").order_by(
        "phase__total_months", "case__scholar__person__name", "pk"
    )


def before(scholar: Membership, today: dt.date, *, term_from: dt.date | None = None) -> Before | None:
    """As it is today, or was on the last day before the term; None for somebody without a stay."""
    stays = [stay for stay in _stays(scholar=scholar.pk) if term_from is None or stay.ends_on < term_from]
    if not stays:
        return None
    day = max(min(today, stays[0].ends_on), stays[0].starts_on)
    caseloads = _caseloads(scholar=scholar.pk, day=day)
    return Before(stays[0], _pairings(scholar=scholar.pk, day=day), next(iter(caseloads), None))


def mentors_of(sheet: TermSheet) -> list[SheetMentor]:
    """The mentors of the term, the lead first."""
    return _mentors(sheet=sheet.pk)


def holding_grant(case: ExtensionCase) -> Decision | None:
    """The decision that holds, where it is a grant."""
    return next((row for row in _decisions(case=case.pk) if row.outcome == Decision.Outcome.GRANT), None)


def approvals_of(case: ExtensionCase) -> list[Approval]:
    """What mentors have said of the case."""
    return _approvals(case=case.pk)


def names(mentors: list[tuple[Membership, bool]]) -> str:
    """`Mira Mentor (lead), Omar Mentor`"""
    return ", ".join(f"{one.person.name}{' (lead)' if is_lead else ''}" for one, is_lead in mentors) or NOBODY


def log_rhythm(weeks: int) -> str:
    return "every week" if weeks == 1 else f"every {weeks} weeks"


def lines(sheet: TermSheet, mentors: list[SheetMentor], was: Before | None) -> list[Line]:
    """The sheet, line by line; nothing stands under "now" for somebody who was nowhere."""
    stay = was.stay if was else None
    then: dict[str, str] = {
        "First day": in_words(sheet.starts_on),
        "Last day": in_words(sheet.ends_on),
        **_where(sheet.site, sheet.time_zone, sheet.hours_per_week),
        "Mentors": names([(one.mentor, one.is_lead) for one in mentors]),
        **{f"Weekly time with {one.mentor.person.name}": time_in_words(one) or "none yet" for one in mentors},
        "Coach": sheet.coach.person.name if sheet.coach else NOBODY,
        "Weekly log": log_rhythm(sheet.weeks_per_log),
    }
    now = dict.fromkeys(then, "")
    if was and stay:
        times = {f"Weekly time with {row.mentor.person.name}": time_in_words(row) or "none yet" for row in was.pairings}
        now |= {
            "First day": in_words(stay.starts_on),
            "Last day": in_words(stay.ends_on),
            **_where(stay.site, stay.time_zone, stay.hours_per_week),
            "Mentors": was.mentors,
            **{what: time for what, time in times.items() if what in then},
            "Coach": was.caseload.coach.person.name if was.caseload else NOBODY,
            "Weekly log": log_rhythm(stay.weeks_per_log),
        }
    label = sheet.cohort.coach_label.capitalize()
    return [Line(label if what == "Coach" else what, now[what], words) for what, words in then.items()]


def _where(site: Site | None, zone: str, hours: Any) -> dict[str, str]:
    return {
        "Site": site.name if site else "remote",
        "Time zone": zone.replace("_", " "),
        "Hours a week": f"{float(hours):g}",
    }


def what_mentors_said(sheet: TermSheet, mentors: list[SheetMentor]) -> list[str]:
    """What mentors of the sheet said of mentoring the term, where it is less than yes; for staff."""
    here = {one.mentor_id for one in mentors}
    said = []
    for row in approvals_of(sheet.case):
        name = row.mentor.person.name
        if row.mentor_id in here and row.can_mentor == Approval.CanMentor.CO_MENTOR and len(mentors) == 1:
            said.append(f"{name} can mentor with a co-mentor; the sheet has none.")
        if row.mentor_id in here and row.mentor_until and row.mentor_until < sheet.ends_on:
            said.append(f"{name} can mentor until {in_words(row.mentor_until)}; the term lasts longer.")
        if row.can_mentor == Approval.CanMentor.NO:
            there = "and stands on the sheet" if row.mentor_id in here else "and is left out"
            said.append(f"{name} said that they can’t mentor the term, {there}.")
    return said


def sheets_of(cohort: Cohort) -> list[TermSheet]:
    """Every sheet of a cohort, by total and name."""
    return _sheets(cohort=cohort.pk)
