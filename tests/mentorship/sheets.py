"""Next-term sheets for tests: the case of `scholar` was accepted in week six, and the sheet prepared from now."""

from __future__ import annotations

import datetime as dt

from cohorts.models import Caseload, Membership
from mentorship.actions.sheet import TermMentor, agree, change_sheet, prepare_sheet, share_sheet
from mentorship.models import ExtensionCase, Pairing, TermSheet
from mentorship.sheets import mentors_of
from tests.cast import LONDON, WEEK_SIX, Cast
from tests.mentorship.cases import a_case, a_decision

TUESDAY_AT_TEN = {"weekday": 1, "local_time": dt.time(10), "time_zone": LONDON}
SIX_FROM, SIX_UNTIL = dt.date(2027, 4, 12), dt.date(2027, 7, 3)
TWELVE_UNTIL = dt.date(2028, 1, 3)


def an_accepted_case(cast: Cast, total_months: int = 6, at: dt.datetime = WEEK_SIX, **decision) -> ExtensionCase:
    """A grant that was just accepted, still without its sheet."""
    case = a_case(cast, "accepted", total_months=total_months, state_since=at)
    a_decision(case, proposed_by=cast.staff, confirmed_by=cast.staff_elsewhere, **decision)
    return case


def an_accepted(cast: Cast, total_months: int = 6, at: dt.datetime = WEEK_SIX, **decision) -> TermSheet:
    """The sheet of such a case, prepared."""
    return prepare_sheet(an_accepted_case(cast, total_months, at, **decision), by=cast.scholar, at=at)


def facts(sheet: TermSheet, **more) -> dict:
    """All that a form says of a sheet, as it stands now."""
    row = TermSheet.objects.get(pk=sheet.pk)
    named = ("starts_on", "ends_on", "own_end_reason", "site", "time_zone", "hours_per_week", "coach", "weeks_per_log")
    now = {field: getattr(row, field) for field in (*named, "money")}
    mentors = [TermMentor(one.mentor, one.weekday, one.local_time, one.time_zone) for one in mentors_of(row)]
    return {**now, "mentors": mentors, "reason": "It was agreed by phone.", **more}


def changed(cast: Cast, sheet: TermSheet, at: dt.datetime = WEEK_SIX, **more) -> TermSheet:
    version = more.pop("version", TermSheet.objects.get(pk=sheet.pk).version)
    return change_sheet(sheet=sheet, by=cast.staff, at=at, version=version, **facts(sheet, **more))


def shared(cast: Cast, sheet: TermSheet, at: dt.datetime = WEEK_SIX) -> TermSheet:
    version = TermSheet.objects.get(pk=sheet.pk).version
    return share_sheet(sheet=sheet, by=cast.staff, at=at, version=version)


def agreed(cast: Cast, sheet: TermSheet, who: str = "scholar", at: dt.datetime = WEEK_SIX, **more) -> TermSheet:
    version = more.pop("version", TermSheet.objects.get(pk=sheet.pk).version)
    return agree(sheet=sheet, by=getattr(cast, who), at=at, version=version)


def in_force(cast: Cast, sheet: TermSheet, at: dt.datetime = WEEK_SIX, lead: str = "mentor") -> ExtensionCase:
    """Shared, and agreed to by both."""
    shared(cast, sheet, at)
    agreed(cast, sheet, at=at)
    agreed(cast, sheet, lead, at)
    return ExtensionCase.objects.get(pk=sheet.case_id)


def days_of(rows) -> list[tuple[dt.date, dt.date]]:
    return list(rows.filter(archived_at=None).order_by("starts_on").values_list("starts_on", "ends_on"))


def dates(place: Membership) -> dict[str, list[tuple[dt.date, dt.date]]]:
    """Every date that hangs on a scholar's place."""
    return {
        "stays": days_of(place.stays),
        "pairings": days_of(Pairing.objects.filter(scholar=place)),
        "caseloads": days_of(Caseload.objects.filter(scholar=place)),
    }
