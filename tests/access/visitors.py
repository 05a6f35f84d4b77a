"""Every kind of visitor, and one of every thing that an address can name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from coaching.models import Note, OneOnOne
from cohorts.models import Duty, Membership, Person, Role
from mats.identity.transaction import acting
from tests.cast import FIRST_DAY, LONG_AGO, WEEK_SIX, Cast, a_caseload, a_log, a_meeting, a_pairing, a_person, a_place
from tests.cast import week_start as week

# A column of the tables of outcomes and acts → who it is. These are the cast …
VISITORS = {
    "out": None,
    "stranger": "stranger",
    "scholar": "scholar",
    "other_s": "other_scholar",
    "mentor": "mentor",
    "other_m": "other_mentor",
    "coach": "coach",
    "other_c": "other_coach",
    "staff": "staff",
    "elsewhere": "staff_elsewhere",
    "both": "mentor_and_coach",
    "disabled": "disabled",
}
# … and these `add_visitors` adds: who was something, who has a duty, who comes and who is gone.
MORE_VISITORS = {
    "was_m": "former_mentor",
    "was_c": "former_coach",
    "staff_m": "staff_who_mentored",
    "commit": "committee",
    "dutylead": "duty_lead",
    "headc": "head_coach",
    "datalead": "data_lead",
    "delegate": "delegate",
    "stand_in": "stand_in",
    "outside": "outside_member",
    "concern": "concern_recipient",
    "alum": "alum",
    "ended": "ended",
    "gone": "long_ended",
    "invited": "invited",
    "super": "superuser",
}
EVERYBODY = VISITORS | MORE_VISITORS
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


# Whoever has a duty, and the role of the place that holds it.
ON_DUTY = {
    "committee": (Duty.Kind.COMMITTEE, Role.STAFF),
    "duty_lead": (Duty.Kind.DUTY_LEAD, Role.STAFF),
    "head_coach": (Duty.Kind.HEAD_COACH, Role.COACH),
    "data_lead": (Duty.Kind.DATA_LEAD, Role.STAFF),
    "delegate": (Duty.Kind.DELEGATE, Role.OUTSIDE),
    "stand_in": (Duty.Kind.STAND_IN, Role.MENTOR),
    "outside_member": (Duty.Kind.OUTSIDE_MEMBER, Role.OUTSIDE),
    "concern_recipient": (Duty.Kind.CONCERN_RECIPIENT, Role.OUTSIDE),
}
FOR_THE_MENTOR = {Duty.Kind.DELEGATE, Duty.Kind.STAND_IN}
DAY = dt.timedelta(days=1)
LAST_WEEK = week(6) - DAY


@transaction.atomic  # as for the cast: deferred constraints judge a meeting with its week
def add_visitors(cast: Cast) -> dict[str, Person | None]:
    """Everybody of the tables by their column: the cast, and those it would be too slow to make for every test.

    They stand on `cast` too, their places in `cast.place` under their names.
    """
    for name in MORE_VISITORS.values():
        setattr(cast, name, a_person(name.replace("_", " ").title(), is_superuser=name == "superuser"))
    _add_former(cast)
    for name, (kind, role) in ON_DUTY.items():
        _add_on_duty(cast, name, kind, role)
    cast.place["alum"] = a_place(cast.alum, cast.cohort, Role.ALUM)
    add_ended(cast, "ended", ended_at=WEEK_SIX - 10 * DAY, reads_until=WEEK_SIX + 50 * DAY)
    add_ended(cast, "long_ended", ended_at=WEEK_SIX - 25 * DAY, reads_until=WEEK_SIX - DAY)
    cast.place["invited"] = Membership.objects.create(
        person=cast.invited, cohort=cast.cohort, role=Role.STAFF, created_at=LONG_AGO
    )
    return {column: getattr(cast, name) if name else None for column, name in EVERYBODY.items()}


def _add_former(cast: Cast) -> None:
    """Until last week two more mentored the scholar (one is staff as well), and another was the coach."""
    scholar, over = cast.place["scholar"], {"starts_on": FIRST_DAY, "ends_on": LAST_WEEK}
    cast.place["former_mentor"] = a_place(cast.former_mentor, cast.cohort, Role.MENTOR)
    cast.place["former_coach"] = a_place(cast.former_coach, cast.cohort, Role.COACH)
    cast.place["staff_who_mentored"] = a_place(cast.staff_who_mentored, cast.cohort, Role.STAFF)
    cast.place["staff_as_mentor"] = a_place(cast.staff_who_mentored, cast.cohort, Role.MENTOR)
    for mentor in ("former_mentor", "staff_as_mentor"):
        a_pairing(scholar, cast.place[mentor], is_lead=False, **over)
    cast.caseload.starts_on = week(6)
    cast.caseload.save()
    a_caseload(scholar, cast.place["former_coach"], **over)


def _add_on_duty(cast: Cast, name: str, kind: str, role: str) -> None:
    cast.place[name] = a_place(getattr(cast, name), cast.cohort, role)
    Duty.objects.create(
        cohort=cast.cohort,
        membership=cast.place[name],
        for_membership=cast.place["mentor"] if kind in FOR_THE_MENTOR else None,
        kind=kind,
        starts_on=FIRST_DAY,
        created_at=LONG_AGO,
    )


def add_ended(cast: Cast, name: str, **moments: dt.datetime) -> None:
    """A scholar who has left, with the log and the meeting of the first week; `other_mentor` mentored them."""
    cast.place[name] = place = a_place(getattr(cast, name), cast.cohort, Role.SCHOLAR)
    pairing = a_pairing(place, cast.place["other_mentor"], ends_on=moments["ended_at"].date())
    begins = dt.datetime(2027, 1, 7, 9, tzinfo=dt.UTC) + len(name) * dt.timedelta(hours=1)
    a_log(place, 1, done="Read a paper.")
    a_meeting(pairing, 1, begins)
    for field, value in {"ended_how": "left", "archived_at": moments["ended_at"], **moments}.items():
        setattr(place, field, value)
    place.save()


def client_of(person: Person | None, address: str = "127.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    if person is not None:
        client.force_login(person, backend=BACKEND)
    return client


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the product, however deep it is included. Those of the admin have a test of their own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "admin":
            continue  # tests/mats/test_admin.py walks them: nothing is there for anybody but a superuser
        if isinstance(pattern, URLResolver):
            yield from named_patterns(pattern)
        else:
            yield pattern


def a_note(cast: Cast, author: str, about: str, audience: str, text: str = "A quiet week.") -> Note:
    """A note as it was written, through the database's wall."""
    writer = cast.place[author]
    note = Note(author=writer, about=cast.place[about], audience=audience, dated=WEEK_SIX.date(), created_at=WEEK_SIX)
    note.body = text
    with acting(writer.person, WEEK_SIX):
        note.save()
    return note


def a_one_on_one(cast: Cast, coach: str, about: str) -> OneOnOne:
    place = cast.place[coach]
    with acting(place.person, WEEK_SIX):
        return OneOnOne.objects.create(
            coach=place, about=cast.place[about], took_place_on=WEEK_SIX.date(), created_at=WEEK_SIX
        )


def a_planned_one_on_one(cast: Cast, coach: str, about: str) -> OneOnOne:
    place, begins = cast.place[coach], WEEK_SIX - dt.timedelta(minutes=15)
    with acting(place.person, WEEK_SIX):
        return OneOnOne.objects.create(
            coach=place,
            about=cast.place[about],
            planned=(begins, begins + dt.timedelta(minutes=45)),
            created_at=WEEK_SIX,
        )
