"""Which promises of the programme can't hold in a cohort as it stands, and what to do about each.

Some need two people, or one who stands outside; in a small programme one person is director, mentor
and coach. Each function looks at one promise, and says nothing where it can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from cohorts.duties import TWO
from cohorts.models import Duty, Role
from mats.pages.set_up.facts import Facts
from mentorship.rules.reader import READING_ROLES

OUTSIDE = "Ask an outside member: somebody you trust who has no other part in the programme."


@dataclass(frozen=True)
class Broken:
    """A promise that can't be kept: what it is, why not here, what to do, and where (an address)."""

    promise: str
    why: str
    do: str
    url: str


def _number(facts: Facts, number: int) -> str:
    return f"{number} {facts.cohort.label(Role.SCHOLAR, plural=number != 1)}"


def _url(facts: Facts, name: str) -> str:
    return reverse(name, args=[facts.cohort.slug])


def _committee(facts: Facts) -> dict[UUID, str]:
    return facts.on_duty(Duty.Kind.COMMITTEE) | facts.on_duty(Duty.Kind.OUTSIDE_MEMBER)


def _tied_to(facts: Facts, scholar: UUID) -> set[UUID]:
    """Whoever mentors or coaches a scholar, and the scholar."""
    return {scholar} | facts.mentors.get(scholar, set()) | facts.coaches.get(scholar, set())


def two_decide(facts: Facts) -> Broken | None:
    """Two people decide each case, and nobody whom they mentor or coach."""
    committee = set(_committee(facts))
    promise, url = "Two people decide on each extension.", _url(facts, "duties")
    if len(committee) < TWO:
        who = "Nobody is" if not committee else "One person is"
        return Broken(promise, f"{who} on the committee.", f"Give somebody else of staff the duty. {OUTSIDE}", url)
    short = sum(len(committee - _tied_to(facts, scholar)) < TWO for scholar in facts.scholars)
    if not short:
        return None
    why = f"For {_number(facts, short)} fewer than two are left: the others mentor or coach them."
    return Broken(promise, why, OUTSIDE, url)


def another_coach(facts: Facts) -> Broken | None:
    """Nobody is mentor and coach of one scholar: whoever mentors needs somebody else to coach."""
    coaches = set(facts.people[Role.COACH])
    left = [one for one in facts.scholars if coaches and not coaches - facts.mentors.get(one, set())]
    if not left:
        return None
    return Broken(
        f"Nobody is mentor and {facts.cohort.coach_label} of the same {facts.cohort.scholar_label}.",
        f"For {_number(facts, len(left))} there is nobody: whoever could coach them mentors them.",
        f"Ask somebody outside the programme to coach them, and add them as {facts.cohort.coach_label}.",
        _url(facts, "person_add"),
    )


def choice_of_coach(facts: Facts) -> Broken | None:
    """A scholar can ask for another coach, without a reason."""
    coaches = facts.people[Role.COACH]
    if len(coaches) >= TWO:
        return None
    (label, plural) = (facts.cohort.coach_label, facts.cohort.coach_label_plural)
    if not coaches:
        return Broken(
            f"Every {facts.cohort.scholar_label} has a {label}.", f"There is no {label}.",
            f"Add somebody as {label} who mentors nobody here.", _url(facts, "person_add"),
        )  # fmt: skip
    only = next(iter(coaches.values()))
    return Broken(
        f"Whoever wants another {label} gets one, and two {plural} can consult each other.",
        f"{only} is the only one, and nobody stands in for them.",
        f"Ask somebody of another programme to stand ready, and add them as {label}.", _url(facts, "person_add"),
    )  # fmt: skip


def duty_leads(facts: Facts) -> Broken | None:
    """In danger to life one duty lead opens notes at once; a second person reviews it within a day."""
    leads = facts.on_duty(Duty.Kind.DUTY_LEAD)
    promise = "In danger to life one duty lead acts at once, and a second person reviews it within a day."
    if not leads:
        return Broken(promise, "Nobody leads on duty.", "Give somebody of staff the duty.", _url(facts, "duties"))
    if len(leads) < TWO and len(facts.people[Role.STAFF]) < TWO:
        return Broken(promise, "There is no second person.", OUTSIDE, _url(facts, "person_add"))
    return None


def concerns(facts: Facts) -> Broken | None:
    """A concern goes to at least two people, one of them outside the programme."""
    people = facts.on_duty(Duty.Kind.CONCERN_RECIPIENT)
    outside = [role for role in people.values() if role == Role.OUTSIDE]
    if len(people) >= TWO and outside:
        return None
    number = {0: "Nobody is named", 1: "One person is named"}.get(len(people), "None of those named is outside")
    return Broken(
        "A concern reaches at least two people, one of them outside the programme, and never the one it is about.",
        f"{number}.", f"Name recipients on the page of duties. {OUTSIDE}", _url(facts, "duties"),
    )  # fmt: skip


def staff_apart(facts: Facts) -> Broken | None:
    """Somebody of staff who does not mentor a scholar sees whether their 1-1s take place."""
    staff = set(facts.people[Role.STAFF])
    blind = sum(not staff - facts.mentors.get(scholar, set()) for scholar in facts.scholars)
    if not blind:
        return None
    return Broken(
        "Somebody of staff notices when 1-1s stop, without reading any.",
        f"For {_number(facts, blind)} nobody can: all of staff mentor them, and mentors learn nothing of coaching.",
        "Let somebody who does not mentor them join staff. Until then nobody but the two of them knows.",
        _url(facts, "person_add"),
    )


def two_end(facts: Facts) -> Broken | None:
    """Where the programme ends a place, a second person of staff confirms it."""
    staff = facts.people[Role.STAFF]
    if len(staff) >= TWO:
        return None
    return Broken(
        "The programme ends nobody’s place on one person’s word.",
        f"{next(iter(staff.values()), 'Nobody')} is the only one of staff: nobody can confirm it.",
        "Add a second person as staff, from outside if need be.",
        _url(facts, "person_add"),
    )


def other_readers(facts: Facts) -> Broken | None:
    """A research plan is read by one who is not its scholar's mentor or coach."""
    readers = {person for role in READING_ROLES for person in facts.people[role]}
    left = sum(not readers - _tied_to(facts, scholar) for scholar in facts.scholars)
    if not left or not facts.of("milestone"):
        return None
    return Broken(
        "Each research plan is read by somebody who does not mentor its author.",
        f"For {_number(facts, left)} nobody is left who could.",
        "Add somebody as mentor or staff who reads, and mentors nobody here.",
        _url(facts, "person_add"),
    )


PROMISES: tuple[Callable[[Facts], Broken | None], ...] = (
    two_decide,
    another_coach,
    choice_of_coach,
    duty_leads,
    concerns,
    staff_apart,
    two_end,
    other_readers,
)


def broken_promises(facts: Facts) -> list[Broken]:
    found: Iterable[Broken | None] = (promise(facts) for promise in PROMISES)
    return [one for one in found if one]
