"""Who could read what is submitted, how much they read already, and how to spread it evenly."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cohorts.models import Cohort, Membership, Milestone, Role, Stay
from cohorts.querysets import LocalDay
from mentorship.models import Submission
from mentorship.rules.reader import READING_ROLES, bars

# Whoever holds several places reads in the first of these.
ORDER = {role: place for place, role in enumerate(READING_ROLES)}
BY_DEFAULT = (Role.MENTOR, Role.STAFF)


def reading_places(cohort: Cohort, at: dt.datetime) -> list[Membership]:
    """Everybody of the cohort who could read, by name: one place a person. `is_here`: they have a stay
    that is not over, so that they are among those whom a spreading takes by default."""
    stays = Stay.objects.filter(
        membership=OuterRef("pk"), archived_at=None, ends_on__gte=LocalDay(at, "phase__cohort__time_zone")
    )
    places = (
        Membership.objects.filter(cohort=cohort, role__in=READING_ROLES, archived_at=None, person__is_active=True)
        .select_related("person", "cohort")
        .annotate(is_here=Exists(stays))
    )
    first: dict[UUID, Membership] = {}
    for place in sorted(places, key=lambda place: ORDER[Role(place.role)]):
        first.setdefault(place.person_id, place)
    return sorted(first.values(), key=lambda place: (place.person.name.casefold(), str(place.pk)))


def usual_readers(places: Iterable[Membership]) -> list[Membership]:
    """All mentors and staff who are here."""
    return [place for place in places if place.role in BY_DEFAULT and place.is_here]  # type: ignore[attr-defined]


def loads(milestone: Milestone) -> Counter[UUID]:
    """How many submissions of a milestone each person reads already."""
    held = Submission.objects.filter(milestone=milestone, archived_at=None, reader__isnull=False)
    return Counter(held.values_list("reader__person_id", flat=True))


def without_a_reader(milestone: Milestone) -> QuerySet[Submission]:
    """Its submissions, sent or not, that somebody still has to be found for; by name."""
    rows = Submission.objects.filter(milestone=milestone, archived_at=None, passed_at=None, reader=None)
    return rows.select_related("cohort", "milestone__cohort", "scholar__person").order_by("scholar__person__name", "pk")


@dataclass
class Spread:
    """Who would read whom; `left` are those for whom nobody is left."""

    given: list[tuple[Submission, Membership]] = field(default_factory=list)
    left: list[Submission] = field(default_factory=list)


def spread(rows: Sequence[Submission], people: Sequence[Membership], held: Counter[UUID]) -> Spread:
    """Give each submission to whoever may read it and has the fewest, the first by name among equals.

    Those with the fewest possible readers come first: later nobody might be left for them. The same
    facts always give the same answer.
    """
    barred = bars(row.scholar for row in rows)
    load, done = Counter(held), Spread()

    def possible(row: Submission) -> list[Membership]:
        out = {row.scholar.person_id, *barred[row.scholar.person_id]}
        return [place for place in people if place.person_id not in out]

    for row, places in sorted(((row, possible(row)) for row in rows), key=lambda pair: len(pair[1])):
        if not places:
            done.left.append(row)
            continue
        reader = min(places, key=lambda place: load[place.person_id])
        load[reader.person_id] += 1
        done.given.append((row, reader))
    done.given.sort(key=lambda pair: pair[0].scholar.person.name.casefold())
    return done
