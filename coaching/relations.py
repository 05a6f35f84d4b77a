"""How a person can stand to the things of this app.

The application's wall. PostgreSQL's policies say the same again (see the first migration), and a
test compares the two for every kind of visitor.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from coaching.models import ForMyCoach, Note, OneOnOne, Opening
from cohorts.access import register
from cohorts.models import Duty, Membership, Person, Role
from cohorts.relations import cohorts_of, ended_memberships, my_memberships
from mentorship.models import Pairing
from mentorship.relations import scholars_coached_by, scholars_walled_from


def people_mentored_by(person: Person, at: dt.datetime):
    """Everybody this person mentors now, or for whose mentor they stand in, as people: the wall stands in
    every cohort at once."""
    return Membership.objects.filter(pk__in=scholars_walled_from(person, at)).values("person")


def people_ever_mentored_by(person: Person):
    """As above, at any time: a duty that has ended counts as well as a pairing that has."""
    mine = Membership.objects.filter(person=person).values("pk")
    stood_in_for = Duty.objects.filter(kind=Duty.Kind.STAND_IN, membership__in=mine).values("for_membership")
    return Pairing.objects.filter(Q(mentor__in=mine) | Q(mentor__in=stood_in_for)).values("scholar__person")


def people_who_ever_mentored(person: Person):
    """The other way round: everybody who ever mentored this person, or stood in for one who did."""
    theirs = Pairing.objects.filter(scholar__person=person).values("mentor")
    stood_in = Duty.objects.filter(kind=Duty.Kind.STAND_IN, for_membership__in=theirs).values("membership")
    return Membership.objects.filter(Q(pk__in=theirs) | Q(pk__in=stood_in)).values("person")


def _mentor(path: str):
    return lambda person, at: Q(**{f"{path}__in": people_mentored_by(person, at)})


# "coached" is the scholar as their coach sees them: the page with the notes on it.
register(
    "coached",
    Membership,
    coach=lambda person, at: Q(pk__in=scholars_coached_by(person, at)),
    mentor=_mentor("person"),
)
register(
    "note",
    Note,
    author=lambda person, at: Q(
        author__in=my_memberships(person, Role.COACH), about__in=scholars_coached_by(person, at)
    ),
    scholar=lambda person, at: Q(
        audience=Note.Audience.WITH_SCHOLAR, about__in=my_memberships(person, Role.SCHOLAR), archived_at=None
    ),
    former=lambda person, at: Q(
        audience=Note.Audience.WITH_SCHOLAR, about__in=ended_memberships(person, at, Role.SCHOLAR), archived_at=None
    ),
    mentor=_mentor("about__person"),
)
register(
    "one_on_one",
    OneOnOne,
    coach=lambda person, at: Q(about__in=scholars_coached_by(person, at)),
    holder=lambda person, at: Q(
        coach__in=my_memberships(person, Role.COACH), about__in=scholars_coached_by(person, at)
    ),
    scholar=lambda person, at: Q(about__in=my_memberships(person, Role.SCHOLAR)),
    former=lambda person, at: Q(about__in=ended_memberships(person, at, Role.SCHOLAR)),
    staff=lambda person, at: (
        Q(took_place_on__isnull=False, about__cohort__in=cohorts_of(person, Role.STAFF))
        & ~Q(about__person__in=people_ever_mentored_by(person))
    ),
    mentor=_mentor("about__person"),
)
register(
    "one_on_ones",
    Membership,
    coach=lambda person, at: Q(pk__in=scholars_coached_by(person, at)),
    scholar=lambda person, at: Q(pk__in=my_memberships(person, Role.SCHOLAR)),
    former=lambda person, at: Q(pk__in=ended_memberships(person, at, Role.SCHOLAR)),
    staff=lambda person, at: (
        Q(role=Role.SCHOLAR, cohort__in=cohorts_of(person, Role.STAFF)) & ~Q(person__in=people_ever_mentored_by(person))
    ),
    mentor=_mentor("person"),
)
register(
    "for_my_coach",
    ForMyCoach,
    coach=lambda person, at: Q(coach__in=my_memberships(person, Role.COACH), about__in=scholars_coached_by(person, at)),
    scholar=lambda person, at: Q(about__in=my_memberships(person, Role.SCHOLAR)),
    former=lambda person, at: Q(about__in=ended_memberships(person, at, Role.SCHOLAR)),
    mentor=_mentor("about__person"),
)
register(
    "opening",
    Opening,
    scholar=lambda person, at: Q(about__in=my_memberships(person, Role.SCHOLAR)),
    former=lambda person, at: Q(about__in=ended_memberships(person, at, Role.SCHOLAR)),
    reader=lambda person, at: Q(reader=person),
    mentor=_mentor("about__person"),
)
