"""Rules about a stay: a place in one phase."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Leave, Membership, Person, Phase, Role, Site, Stay
from cohorts.querysets import apart_from
from cohorts.rules.days import DAY, Days, in_words, runs, share_a_day
from cohorts.ties import ties_of

MOST_HOURS = Decimal(80)
MOST_WEEKS_PER_LOG = 4


def within_its_phase(phase: Phase, starts_on: dt.date, ends_on: dt.date) -> None:
    """A stay lies within its phase."""
    if starts_on < phase.starts_on:
        raise ValidationError({"starts_on": f"The phase begins on {in_words(phase.starts_on)}."})
    if ends_on > phase.ends_on:
        raise ValidationError({"ends_on": f"The phase ends on {in_words(phase.ends_on)}."})


def hours_are_possible(hours_per_week: Decimal) -> None:
    """Hours a week are more than 0 and at most 80."""
    if not 0 < hours_per_week <= MOST_HOURS:
        raise ValidationError({"hours_per_week": f"Hours a week are more than 0 and at most {MOST_HOURS}."})


def log_rhythm_is_possible(weeks_per_log: int) -> None:
    """A weekly log covers one week, or up to four in a slower term."""
    if not 1 <= weeks_per_log <= MOST_WEEKS_PER_LOG:
        raise ValidationError({"weeks_per_log": f"A log covers 1 to {MOST_WEEKS_PER_LOG} weeks."})


def of_the_same_cohort(cohort: Cohort, *, phase: Phase, site: Site | None) -> None:
    """Phase and site of a stay belong to its cohort."""
    if phase.cohort_id != cohort.pk or phase.archived_at:
        raise ValidationError({"phase": "This phase is not one of the cohort's."})
    if site and (site.cohort_id != cohort.pk or site.archived_at):
        raise ValidationError({"site": "This site is not one of the cohort's."})


def one_per_phase(membership: Membership, phase: Phase, *, stay: Stay | None = None) -> None:
    """A place has one stay in a phase."""
    if apart_from(membership.stays.filter(phase=phase, archived_at=None), stay).exists():
        raise ValidationError({"phase": f"{membership.person.name} has a stay in this phase already; change that one."})


def stays_apart(membership: Membership, starts_on: dt.date, ends_on: dt.date, *, stay: Stay | None = None) -> None:
    """Two stays of one place share no day."""
    others = apart_from(membership.stays.filter(archived_at=None), stay)
    if other := others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
        raise ValidationError(
            {"starts_on": f"There is a stay from {in_words(other.starts_on)} to {in_words(other.ends_on)} already."}
        )


def days_here(membership: Membership) -> list[Days]:
    """All days of a place, in runs without a gap."""
    return runs(membership.stays.filter(archived_at=None).values_list("starts_on", "ends_on"))


def days_for(role: str, here: list[Days]) -> list[Days]:
    """The days on which people who are here then can be tied: a pairing lies within one run of them, a
    caseload goes on between two. Whoever awaits their next term is not gone, and keeps their coach."""
    return [(here[0][0], here[-1][1])] if here and role == Role.COACH else here


def days_missing(here: list[Days], wanted: Days) -> list[Days]:
    """Of the wanted days the runs on which somebody is not here."""
    missing, (day, last) = [], wanted
    for first, until in here:
        if day <= last and first > day:
            missing.append((day, min(first - DAY, last)))
        day = max(day, until + DAY)
    return [*missing, (day, last)] if day <= last else missing


def stay_that_covers(membership: Membership, phase: Phase, wanted: Days) -> Stay | None:
    """The stay in a phase with which a place is here on all the wanted days, not saved yet: the one that is
    there, made longer, or a new one with the site, zone and hours of the last. None: they are here already.

    Raises in words where a place, which has one stay in a phase, can't be here on all of them.
    """
    missing = days_missing(days_here(membership), wanted)
    if not missing:
        return None
    stays = list(membership.stays.filter(archived_at=None).order_by("starts_on"))
    stay = next((one for one in stays if one.phase_id == phase.pk), None)
    spans = [*missing, *([(stay.starts_on, stay.ends_on)] if stay else [])]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    others = [one for one in stays if one is not stay]
    if any(share_a_day((first, last), (one.starts_on, one.ends_on)) for one in others):
        days = " and ".join(f"from {in_words(one[0])} to {in_words(one[1])}" for one in missing)
        raise ValidationError(
            f"{membership.person.name} is not in the cohort {days}, and has one stay in a phase. "
            "Correct their stays first, or choose somebody else."
        )
    if stay is None:
        stay = Stay(membership=membership, phase=phase, time_zone=membership.person.time_zone)
        for field in ("site", "time_zone", "hours_per_week") if stays else ():
            setattr(stay, field, getattr(stays[-1], field))
    stay.starts_on, stay.ends_on = first, last
    return stay


def stays_hold_what_hangs_on_them(membership: Membership, here: list[Days]) -> None:
    """Pairings and caseloads lie within the stays of both people; a caseload goes on between two of them."""
    for tie in ties_of(membership):
        first, last = tie.days
        if not any(run[0] <= first and last <= run[1] for run in days_for(tie.kind.role, here)):
            raise ValidationError(
                f"{tie.words}, from {in_words(first)} to {in_words(last)}, would lie outside the stay. "
                "End or correct that first."
            )


def leave_is_within_the_stays(membership: Membership, starts_on: dt.date, ends_on: dt.date) -> None:
    """Somebody is away only while they are here at all."""
    here = days_here(membership)
    if not any(run[0] <= ends_on and starts_on <= run[1] for run in here):
        raise ValidationError({"starts_on": f"{membership.person.name} is not in the cohort on any of these days."})


def days_gone_by_have_a_reason(
    membership: Membership, by: Person, first_day: dt.date, today: dt.date, why: str
) -> None:
    """Whoever notes, changes or removes somebody else's days away that have begun says why: it changes
    what counts for them. Of one's own days nobody needs to."""
    if membership.person_id == by.pk or first_day >= today or why or not membership.cohort.is_launched:
        return
    raise ValidationError({"reason": "Some of these days have gone by, so this changes what counts. Say why."})


def leaves_apart(membership: Membership, starts_on: dt.date, ends_on: dt.date, *, leave: Leave | None = None) -> None:
    """Two absences of one place share no day."""
    others = apart_from(membership.leaves.filter(archived_at=None), leave)
    if other := others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
        raise ValidationError(
            {
                "starts_on": f"Away from {in_words(other.starts_on)} to {in_words(other.ends_on)} already; "
                "change that one."
            }
        )
