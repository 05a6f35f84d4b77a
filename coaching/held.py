"""What this app holds about a person, and who can see it. What a coach wrote is behind its wall: it is
counted for them, and never carried away in a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from coaching.models import ForMyCoach, Note, OneOnOne, Opening, Refusal
from coaching.relations import people_who_ever_mentored
from cohorts.held import Held, circles, known_places, leave_out, register
from cohorts.held.circles import named
from cohorts.models import Duty, Membership, Person, Role
from cohorts.querysets import LAUNCHED, LocalDay, here, not_over, not_over_on
from mentorship.models import Pairing

# A mentor's denial reaches everybody for whom the wall stands: those to come as well, and stand-ins.
WALL = {"mentor": "walled"}

register(
    Held(
        name="shared-notes",
        words="Coaching entries",
        model=Note,
        about=("about",),
        by=("author__person",),
        thing="note",
        stands={"author": "coach", "scholar": "coached", **WALL},
        columns=("dated", "author__person__name", "topics", "sealed_body"),
        is_for_others=True,
        removed={"sealed_body": "", "topics": "{}"},
        page="my_coaching",
    ),
    Held(
        name="one-on-ones",
        words="1-1s: when, and whether they took place",
        model=OneOnOne,
        about=("about",),
        by=("coach__person",),
        thing="one_on_one",
        reads_as=("scholar", "former", "holder"),
        stands={"holder": "coach", "scholar": "coached", "staff": "staff_who_never_mentored", **WALL},
        columns=("coach__person__name", "planned", "took_place_on", "missed_at", "archived_at"),
        is_for_others=True,
        page="my_coaching",
    ),
    Held(
        name="for-my-coach",
        words="Written for a coach only",
        model=ForMyCoach,
        about=("about",),
        by=("coach__person",),
        thing="for_my_coach",
        reads_as=("scholar", "former", "coach"),
        stands={"scholar": "coached", **WALL},
        columns=("log__number", "coach__person__name", "sealed_body", "created_at"),
        is_for_others=True,
        removed={"sealed_body": ""},
        page="my_coaching",
    ),
    Held(
        name="openings",
        words="Who opened what is confidential",
        model=Opening,
        about=("about",),
        by=("reader",),
        thing="opening",
        reads_as=("scholar", "former", "reader"),
        stands={"scholar": "coached", "reader": "coach", **WALL},
        columns=("opened_at", "reader__name", "what"),
        is_for_others=True,
    ),
)
leave_out("a try that was refused; kept for whoever runs the product, read on no page, and without a text", Refusal)


def _staff_who_never_mentored(person: Person, at: dt.datetime) -> QuerySet[Any]:
    """The staff of the person's cohorts, but for those who mentor or mentored them."""
    beside = Membership.objects.filter(here(), cohort__in=known_places(person).values("cohort"), role=Role.STAFF)
    return named(beside.exclude(person__in=people_who_ever_mentored(person)), "staff_who_never_mentored", "person")


def _walled(person: Person, at: dt.datetime) -> QuerySet[Any]:
    theirs = Pairing.objects.filter(LAUNCHED, scholar__person=person).filter(not_over(at, "cohort__time_zone"))
    duties = Duty.objects.filter(kind=Duty.Kind.STAND_IN, archived_at=None, for_membership__in=theirs.values("mentor"))
    duties = duties.filter(not_over_on(LocalDay(at, "cohort__time_zone")))
    walled = Q(pk__in=theirs.values("mentor")) | Q(pk__in=duties.values("membership"))
    return named(Membership.objects.filter(walled), "walled", "person")


circles.register(_walled, walled=Role.MENTOR)
circles.register(_staff_who_never_mentored, staff_who_never_mentored=Role.STAFF)
