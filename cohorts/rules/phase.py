"""Rules about phases."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Milestone, Phase, Site, Stay
from cohorts.querysets import apart_from
from cohorts.rules.days import in_words
from mats.clock import first_long_enough_end, last_day_of_months

TOTALS = (6, 12)
LONGEST_YEARS = 2


def main_phase_is_long_enough(starts_on: dt.date, ends_on: dt.date, *, is_record: bool = False) -> None:
    """A main phase lasts at least three calendar months, first and last day included.

    A record of the past may be shorter.
    """
    enough = first_long_enough_end(starts_on)
    if ends_on < enough and not is_record:
        raise ValidationError(
            {
                "ends_on": "A main phase lasts at least three calendar months. "
                f"The first last day that is long enough is {in_words(enough)}."
            }
        )


def phase_is_not_endless(starts_on: dt.date, ends_on: dt.date) -> None:
    """A phase lasts at most two years."""
    if ends_on > last_day_of_months(starts_on, 12 * LONGEST_YEARS):
        raise ValidationError({"ends_on": "A phase lasts at most two years. Is the year right?"})


def record_is_over(ends_on: dt.date, today: dt.date, *, is_record: bool) -> None:
    """A record of the past has ended."""
    if is_record and ends_on >= today:
        raise ValidationError({"is_record": "A record of the past has ended; this phase has not."})


def total_is_six_or_twelve(total_months: int | None) -> None:
    """An extension term brings people to 6 or 12 months in total."""
    if total_months not in TOTALS:
        raise ValidationError({"total_months": "An extension term brings people to 6 or to 12 months in total."})


def term_end(main: Phase, total_months: int) -> dt.date:
    """The last day of a term by default: so many calendar months after the main phase's first day."""
    return last_day_of_months(main.starts_on, total_months)


def term_follows_main(term_starts_on: dt.date, main_ends_on: dt.date, field: str = "starts_on") -> None:
    """An extension term begins after the last day of the main phase."""
    if term_starts_on > main_ends_on:
        return
    if field == "starts_on":
        raise ValidationError(
            {field: f"An extension term begins after the main phase, which ends on {in_words(main_ends_on)}."}
        )
    raise ValidationError(
        {field: f"An extension term begins on {in_words(term_starts_on)}; the main phase ends before that."}
    )


def main_comes_before_terms(main: Phase, ends_on: dt.date) -> None:
    """The main phase ends before its extension terms begin."""
    terms = main.cohort.phases.filter(kind=Phase.Kind.TERM, archived_at=None)
    if first := terms.order_by("starts_on").first():
        term_follows_main(first.starts_on, ends_on, "ends_on")


def phase_holds_its_stays(phase: Phase, starts_on: dt.date, ends_on: dt.date) -> None:
    """A phase is never made shorter than the stays in it."""
    stays = Stay.objects.filter(phase=phase, archived_at=None, membership__archived_at=None)
    for field, outside in (
        ("starts_on", stays.filter(starts_on__lt=starts_on).order_by("starts_on")),
        ("ends_on", stays.filter(ends_on__gt=ends_on).order_by("-ends_on")),
    ):
        if first := outside.select_related("membership__person").first():
            others = outside.count() - 1
            raise ValidationError({field: _outside(first, field, others)})


def _outside(stay: Stay, field: str, others: int) -> str:
    who = stay.membership.person.name + (f" and {others} more" if others else "")
    day = in_words(getattr(stay, field))
    verb = "are" if others else "is"
    return f"{who} {verb} here {'from' if field == 'starts_on' else 'until'} {day}. Change their stays first."


def phase_holds_its_milestones(phase: Phase, starts_on: dt.date, ends_on: dt.date) -> None:
    """A phase is never moved away from under the milestones in it."""
    held = Milestone.objects.filter(
        cohort=phase.cohort, archived_at=None, due_on__gte=phase.starts_on, due_on__lte=phase.ends_on
    )
    for field, outside in (
        ("starts_on", held.filter(due_on__lt=starts_on).order_by("due_on")),
        ("ends_on", held.filter(due_on__gt=ends_on).order_by("-due_on")),
    ):
        if first := outside.first():
            raise ValidationError({field: f"The {first} is due on {in_words(first.due_on)}. Move that first."})


def phase_is_empty(phase: Phase) -> None:
    """A term in which somebody stays is not removed, and the main phase never is."""
    if phase.kind == Phase.Kind.MAIN:
        raise ValidationError("A cohort always has its main phase.")
    if Stay.objects.filter(phase=phase, archived_at=None, membership__archived_at=None).exists():
        raise ValidationError("Somebody stays in this term. Change their stays first.")


def site_is_empty(site: Site) -> None:
    """A site where somebody is or will be is not removed."""
    found = Stay.objects.filter(site=site, archived_at=None, membership__archived_at=None)
    if first := found.select_related("membership__person").first():
        others = found.count() - 1
        who = first.membership.person.name + (f" and {others} more" if others else "")
        raise ValidationError(f"{who} {'are' if others else 'is'} at this site. Change their stays first.")


def site_is_new(cohort: Cohort, name: str, *, site: Site | None = None) -> None:
    """Two sites of a cohort have different names, whatever their case."""
    if apart_from(cohort.sites.filter(name__iexact=name, archived_at=None), site).exists():
        raise ValidationError({"name": f"There is a site “{name}” in this cohort already."})
