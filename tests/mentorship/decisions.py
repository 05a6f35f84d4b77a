"""People who decide, and what they do, for tests."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Membership, Person
from mentorship.actions.decision import confirm, give_opinion, invite, propose
from mentorship.models import Conflict, Decision, ExtensionCase, Opinion
from tests.cast import WEEK_SIX, Cast, a_person, a_place
from tests.mentorship.cases import REASON, WOULD_CHANGE, a_case, a_duty, an_approval

TWO_DAYS = dt.timedelta(hours=48)
LATER = WEEK_SIX + TWO_DAYS


def on_the_committee(cast: Cast, *names: str) -> list[Person]:
    """`staff` of the cast, and others of these names, all with the duty; their places stand in `cast.place`."""
    people = [cast.staff]
    a_duty(cast.place["staff"])
    for name in names:
        people.append(a_person(name))
        cast.place[name] = a_place(people[-1], cast.cohort, "staff")
        a_duty(cast.place[name])
    return people


def with_committee(cast: Cast, answer: str = "yes", scholar: str = "scholar", **fields: Any) -> ExtensionCase:
    """A case that its mentor has answered."""
    case = a_case(cast, fields.pop("state", "committee"), scholar, **fields)
    an_approval(case, mentor_of(cast, scholar), answer)
    return case


def mentor_of(cast: Cast, scholar: str) -> Membership:
    return cast.place["mentor" if scholar == "scholar" else "both_as_mentor"]


def opined(case: ExtensionCase, *people: Person, at: dt.datetime = WEEK_SIX, band: str = "yes") -> list[Opinion]:
    return [give_opinion(case=case, by=by, at=at, band=band, reasons=f"{by.name} thinks so.") for by in people]


def proposed(case: ExtensionCase, by: Person, outcome: str = "grant", **more: Any) -> Decision:
    facts: dict[str, Any] = {"at": WEEK_SIX, "reason": REASON}
    if outcome == "grant":
        facts["total_months"] = case.total_months
    if outcome == "refuse":
        facts["would_change"] = WOULD_CHANGE
    return propose(case=case, by=by, outcome=outcome, **{**facts, **more})


def decided(case: ExtensionCase, one: Person, two: Person, outcome: str = "grant", **more: Any) -> Decision:
    """Proposed by one, confirmed by the other, after both have written their opinion."""
    missing = [person for person in (one, two) if not Opinion.objects.filter(case=case, author=person).exists()]
    at = more.get("at", WEEK_SIX)
    opined(case, *missing, at=at)
    return confirm(decision=proposed(case, one, outcome, **more), by=two, at=at)


def invited(case: ExtensionCase, person: Person, by: Person) -> None:
    invite(case=case, by=by, at=WEEK_SIX, email=person.email, reason="She knows the field.")


def sent(**fields: Any) -> dict[str, str]:
    return {"_key": str(uuid.uuid4()), **{name: str(value) for name, value in fields.items()}}


def a_conflict(cast: Cast, person: Person) -> None:
    Conflict.objects.create(
        cohort=cast.cohort, person=person, scholar=cast.place["scholar"], declared_by=person, why="A flat.",
        created_at=WEEK_SIX,
    )  # fmt: skip


def refused(words: str, act: Callable[..., Any], *facts: Any, **more: Any) -> None:
    """An act is refused in these words."""
    with pytest.raises(ValidationError, match=words):
        act(*facts, **more)
