"""Rules about a pairing, beside those that it shares with a caseload (`cohorts.rules.tie`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from cohorts.models import Membership
from cohorts.models.cohort import WEEKDAYS
from cohorts.querysets import apart_from
from cohorts.rules.days import in_words, zone_is_known
from mats.clock import Clash, Slot, clash, format_day, local_date
from mentorship.models import Pairing
from mentorship.models.meeting import MEETING_CAP

MINUTES = int(MEETING_CAP.total_seconds() // 60)
DAYS_NAMED = 4


def _overlapping(starts_on: dt.date, ends_on: dt.date, row: Pairing | None) -> QuerySet[Pairing]:
    live = Pairing.objects.filter(archived_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    return apart_from(live, row).select_related("scholar__person", "mentor__person")


def one_lead_at_a_time(
    scholar: Membership, starts_on: dt.date, ends_on: dt.date, *, is_lead: bool, row: Pairing | None = None
) -> None:
    """A scholar has one lead mentor at a time."""
    if not is_lead:
        return
    if other := _overlapping(starts_on, ends_on, row).filter(scholar=scholar, is_lead=True).first():
        raise ValidationError(
            {
                "is_lead": f"{other.mentor.person.name} is lead mentor of {scholar.person.name} from "
                f"{in_words(other.starts_on)} to {in_words(other.ends_on)}. Take this tick away, or end that first."
            }
        )


def paired_once_at_a_time(
    scholar: Membership, mentor: Membership, starts_on: dt.date, ends_on: dt.date, *, row: Pairing | None = None
) -> None:
    """Two people are paired once at a time."""
    if other := _overlapping(starts_on, ends_on, row).filter(scholar=scholar, mentor=mentor).first():
        raise ValidationError(
            {
                "mentor": f"{mentor.person.name} and {scholar.person.name} are paired from "
                f"{in_words(other.starts_on)} to {in_words(other.ends_on)} already; correct that one."
            }
        )


def time_is_whole(weekday: int | None, local_time: dt.time | None, time_zone: str) -> None:
    """A weekly meeting time is a weekday, a time and the zone it was made in, or nothing of the three."""
    given = {"weekday": weekday is not None, "local_time": local_time is not None, "time_zone": bool(time_zone)}
    if any(given.values()) and not all(given.values()):
        missing = [field for field, is_given in given.items() if not is_given]
        raise ValidationError(
            dict.fromkeys(missing, "A weekly time needs weekday, time and zone; or leave all three blank.")
        )
    if time_zone:
        zone_is_known(time_zone)


def slot_of(pairing: Any) -> Slot:
    """The weekly time of a pairing that has one."""
    return Slot(pairing.weekday, pairing.local_time, pairing.time_zone, pairing.starts_on, pairing.ends_on, MINUTES)


def is_joint(one: Pairing, other: Pairing) -> bool:
    """Pairings of one mentor at exactly the same weekly time meet together, as a team."""
    same = (one.weekday, one.local_time, one.time_zone) == (other.weekday, other.local_time, other.time_zone)
    return same and one.mentor_id == other.mentor_id


def nobody_is_in_two_meetings(pairing: Pairing) -> None:
    """The weekly meetings of one person do not overlap, in whichever zones they were made; a team meets jointly.

    `pairing` need not be saved. Names who and when; where the other meeting is in another cohort
    only that there is one.
    """
    if not pairing.has_a_time:
        return
    people = {pairing.scholar.person_id: pairing.scholar.person, pairing.mentor.person_id: pairing.mentor.person}
    others = _overlapping(pairing.starts_on, pairing.ends_on, pairing).filter(
        Q(scholar__person__in=people) | Q(mentor__person__in=people), weekday__isnull=False
    )
    for other in others:
        if is_joint(pairing, other):
            continue
        if found := clash(slot_of(pairing), slot_of(other)):
            who = people.get(other.mentor.person_id) or people[other.scholar.person_id]
            raise ValidationError({"local_time": _clash_in_words(pairing, other, who.name, found)})


def _clash_in_words(pairing: Pairing, other: Pairing, who: str, found: Clash) -> str:
    if other.cohort_id != pairing.cohort_id:
        against = "a weekly meeting in another cohort"
    else:
        with_whom = other.scholar if other.mentor.person.name == who else other.mentor
        against = f"the weekly meeting with {with_whom.person.name}, {time_in_words(other)}"
    said = f"For {who} this is at the same time as {against}"
    if not found.only_by_clock_change:
        return f"{said}."
    return f"{said}, on {_days(found, pairing.time_zone)} only, because the clocks of the two zones differ then."


def _days(found: Clash, zone: str) -> str:
    days = [format_day(local_date(moment, zone)) for moment in found.moments]
    if len(days) > DAYS_NAMED:
        days = [*days[: DAYS_NAMED - 1], f"{len(days) - DAYS_NAMED + 1} more days"]
    return " and ".join([", ".join(days[:-1]), days[-1]] if len(days) > 1 else days)


def time_in_words(pairing: Any) -> str:
    """`Thursday 14:00 Europe/London`, empty without a weekly time."""
    if pairing.weekday is None:
        return ""
    return f"{dict(WEEKDAYS)[pairing.weekday]} {pairing.local_time:%H:%M} {pairing.time_zone.replace('_', ' ')}"
