"""The page of a cohort's set-up, read at a moment; eight questions, whatever the size of the cohort."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.urls import reverse

from cohorts.models import Cohort, Person, Phase, Role
from mats import clock
from mats.pages.set_up.ahead import Sending, letters, sendings
from mats.pages.set_up.facts import Facts, read_facts
from mats.pages.set_up.promises import Broken, broken_promises
from mats.post.letters import Letter
from mentorship.actions.layout import AWAY, BUSY, NO_SUCH_TIME
from mentorship.preview import Preview, preview

DONE, MISSING, OPEN = "done", "missing", "open"
STATES = {DONE: "Done", MISSING: "Missing", OPEN: "Can wait"}
WHY = {
    BUSY: "one of them has another meeting then",
    AWAY: "one of them is away",
    NO_SUCH_TIME: "the week does not hold this time, as clocks change",
}


@dataclass(frozen=True)
class Step:
    """One step: whether it is done, what is there or missing, and where it is done (words, address)."""

    key: str
    title: str
    state: str
    says: list[str]
    ways: list[tuple[str, str]]

    @property
    def state_words(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Unplanned:
    """Weeks of a pairing in which no meeting can be planned, and why."""

    who: str
    url: str
    weeks: str
    why: str


@dataclass(frozen=True)
class SetUp:
    steps: list[Step]
    plan: Preview
    unplanned: list[Unplanned]
    sendings: list[Sending]
    letters: list[tuple[str, Letter]]
    broken: list[Broken]
    may_launch: bool


def read_set_up(cohort: Cohort, reader: Person, at: dt.datetime) -> SetUp:
    prefetch_related_objects([cohort], "phases")
    facts, phases = read_facts(cohort), [phase for phase in cohort.phases.all() if not phase.archived_at]
    plan = preview(cohort, at, phases=phases, stays=facts.stays(), leaves=facts.leaves())
    for pairing in plan.pairings:
        facts.mentors[pairing.scholar.person_id].add(pairing.mentor.person_id)
    return SetUp(
        steps=[_dates(cohort, phases), _people(facts), _pairs(facts, plan), _coaches(facts)],
        plan=plan,
        unplanned=_unplanned(plan),
        sendings=sendings(facts, plan, at),
        letters=letters(facts, reader, at),
        broken=broken_promises(facts),
        may_launch=bool(facts.counts[Role.SCHOLAR]),
    )


# --- steps ----------------------------------------------------------------------------------------


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _dates(cohort: Cohort, phases: list[Phase]) -> Step:
    says = [f"{phase}: {_day(phase.starts_on)} – {_day(phase.ends_on)}." for phase in phases]
    says.append(
        f"Weeks begin on {cohort.get_week_start_display()}, by the clock of {cohort.time_zone.replace('_', ' ')}; "
        f"the weekly log is due on {cohort.get_log_weekday_display()} at {cohort.log_time:%H:%M}. "
        "The clock and the start of the week are fixed at launch."
    )
    if len(phases) == 1:
        says.append("There is no extension term yet; one can be added later too.")
    main = next(phase for phase in phases if phase.kind == Phase.Kind.MAIN)
    ways = [
        ("Dates of the main phase", reverse("phase_change", args=[main.pk])),
        ("Add an extension term", reverse("phase_add", args=[cohort.slug])),
        ("Name, clock and words", reverse("cohort_change", args=[cohort.slug])),
        ("Add a site", reverse("site_add", args=[cohort.slug])),
    ]
    return Step("dates", "Dates and terms", DONE, says, ways)


def _people(facts: Facts) -> Step:
    cohort, counts = facts.cohort, facts.counts
    told = [role for role in Role.values if counts[role] or role in {Role.SCHOLAR, Role.MENTOR, Role.COACH}]
    says = [", ".join(f"{counts[role]} {cohort.label(role, plural=counts[role] != 1)}" for role in told) + "."]
    if not counts[Role.SCHOLAR]:
        says.append(f"Without a {cohort.scholar_label} there is no launch.")
    ways = [
        ("Import from files", reverse("import", args=[cohort.slug])),
        ("Paste a list", reverse("invite", args=[cohort.slug])),
        ("Add a person", reverse("person_add", args=[cohort.slug])),
        ("Everybody", reverse("people", args=[cohort.slug])),
        ("Give duties", reverse("duties", args=[cohort.slug])),
    ]
    lacks = [role for role in (Role.MENTOR, Role.COACH) if not counts[role]]
    state = MISSING if not counts[Role.SCHOLAR] else OPEN if lacks else DONE
    return Step("people", "People", state, says, ways)


def _tied(facts: Facts, number: int, words: str) -> tuple[str, str]:
    """The state and the words of a step that ties every scholar to somebody."""
    cohort = facts.cohort
    if not facts.scholars:
        return MISSING, f"There is no {cohort.scholar_label} yet."
    if not number:
        return DONE, f"Every {cohort.scholar_label} has one."
    label = cohort.label(Role.SCHOLAR, plural=number != 1)
    return OPEN, f"{number} {label} {'are' if number != 1 else 'is'} {words}; this can wait until after launch."


def _pairs(facts: Facts, plan: Preview) -> Step:
    state, says = _tied(facts, facts.unpaired, "not paired with a mentor yet")
    more = [f"{len(plan.without_a_time)} of {len(plan.pairings)} pairings have no weekly time yet."] * bool(
        plan.without_a_time
    )
    slug = facts.cohort.slug
    ways = [
        ("Pair two people", reverse("pairing_new", args=[slug])),
        ("Not paired yet", f"{reverse('pairings', args=[slug])}?show=unpaired"),
        ("All pairings", reverse("pairings", args=[slug])),
    ]
    return Step("pairs", "Pair", state, [says, *more], ways)


def _coaches(facts: Facts) -> Step:
    cohort = facts.cohort
    state, says = _tied(facts, facts.uncoached, f"without a {cohort.coach_label}")
    ways = [(f"Assign a {cohort.coach_label}", reverse("caseload_new", args=[cohort.slug]))]
    title = f"{cohort.scholar_label_plural} to {cohort.coach_label_plural}"
    return Step("coaches", title[:1].upper() + title[1:], state, [says], ways)


# --- preview --------------------------------------------------------------------------------------


def _unplanned(plan: Preview) -> list[Unplanned]:
    """A line for each pairing and reason."""
    weeks: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    pairings = {one.pairing.pk: one.pairing for one in plan.left_out}
    for one in plan.left_out:
        weeks[one.pairing.pk, one.why].append(one.week.number)
    return [
        Unplanned(
            who=f"{pairings[key].scholar.person.name} and {pairings[key].mentor.person.name}",
            url=reverse("pairing", args=[key]),
            weeks=clock.format_weeks(numbers),
            why=WHY[why],
        )
        for (key, why), numbers in weeks.items()
    ]
