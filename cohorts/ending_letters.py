"""Letters about the end of a place: to its person, to whoever worked with them, to whoever leads on duty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from cohorts import emails
from cohorts.models import Duty, Ending, Membership, Person, Role
from cohorts.querysets import HERE_AND_OPEN, not_over_on
from cohorts.ties import open_ties
from mats.clock import format_until, local_date
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message

GOES_ON = "The place was given back."


def _occurrence(place: Membership) -> str:
    assert place.ended_at
    return f"{place.pk} {place.ended_at.isoformat()}"


def _place_of(message: Message) -> Membership | None:
    """The place, as long as it has ended as the message says."""
    assert message.about_id
    place = Membership.objects.select_related("person", "cohort").filter(pk=message.about_id).first()
    return place if place and place.ended_at and _occurrence(place) == message.occurrence else None


def drop_why(message: Message, at: dt.datetime) -> str:
    return "" if _place_of(message) else GOES_ON


# --- to whom it is about ----------------------------------------------------------------------------


def tell_ended(places: Iterable[Membership], at: dt.datetime) -> None:
    """A letter to the person of each of these places, in the transaction of the end."""
    drop_in(PLACE_ENDED, [(place.person_id, place.cohort_id, place.pk, _occurrence(place)) for place in places], at)


def _confirmed(place: Membership) -> Ending | None:
    return Ending.objects.filter(membership=place, confirmed_at=place.ended_at).first()


def letter_to(place: Membership, how: str, letter: str, until: dt.datetime, recorded_by: str = "") -> Letter:
    """The letter as it is sent; `letter` is what was written for it, if anything was."""
    person = place.person
    return emails.place_ended(
        name=person.name,
        cohort=place.cohort.name,
        role=place.label,
        how=how,
        letter=letter,
        until=format_until(local_date(until, person.time_zone), year=True),
        is_alum=how == "completed" and place.role == Role.SCHOLAR,
        place_link=link(reverse("person", args=[place.pk])),
        recorded_by=recorded_by,
    )


def write_ended(message: Message, at: dt.datetime) -> Letter:
    place = _place_of(message)
    assert place
    assert place.reads_until
    ending = _confirmed(place)
    if ending is None:
        return letter_to(place, place.ended_how, "", place.reads_until)
    recorded_by = ending.proposed_by.name if ending.proposed_by_id != place.person_id else ""
    return letter_to(place, place.ended_how, ending.letter, place.reads_until, recorded_by)


PLACE_ENDED = kinds.register(
    kinds.Kind(
        name="place_ended",
        words="Your place has ended",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write_ended,
        staff_read=True,
    )
)

# --- to whoever worked with them --------------------------------------------------------------------


def who_is_beside(place: Membership, at: dt.datetime) -> set[UUID]:
    """The people (keys) of the other places of pairings and caseloads that are open."""
    found = set()
    for tie in open_ties(place, local_date(at, place.cohort.time_zone)):
        other = tie.kind.other(tie.row) if tie.row.scholar_id == place.pk else tie.row.scholar
        if other.accepted_at and not other.archived_at:
            found.add(other.person_id)
    return found - {place.person_id}


def tell_beside(place: Membership, people: set[UUID], at: dt.datetime) -> None:
    """That somebody is no longer here, to whoever worked with them; never why."""
    drop_in(PLACE_ENDED_BESIDE, [(person, place.cohort_id, place.pk, _occurrence(place)) for person in people], at)


def write_beside(message: Message, at: dt.datetime) -> Letter:
    place = _place_of(message)
    assert place
    return emails.place_ended_beside(
        name=message.person.name, who=place.person.name, role=place.label, cohort=place.cohort.name
    )


PLACE_ENDED_BESIDE = kinds.register(
    kinds.Kind(
        name="place_ended_beside",
        words="Somebody you work with is no longer here",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write_beside,
        staff_read=True,
    )
)

# --- to whoever leads on duty -----------------------------------------------------------------------


def tell_who_leads(ending: Ending, at: dt.datetime) -> None:
    """That somebody has left, to the duty leads of today; without one, to staff."""
    place = ending.membership
    people = (_duty_leads(place, at) or _staff(place)) - {place.person_id}
    drop_in(PLACE_LEFT, [(person, place.cohort_id, ending.pk, str(ending.pk)) for person in people], at)


def _staff(place: Membership) -> set[UUID]:
    staff = Membership.objects.filter(HERE_AND_OPEN, cohort=place.cohort_id, role=Role.STAFF)
    return set(staff.order_by().values_list("person", flat=True))


def _duty_leads(place: Membership, at: dt.datetime) -> set[UUID]:
    today = local_date(at, place.cohort.time_zone)
    held = Duty.objects.filter(cohort=place.cohort_id, kind=Duty.Kind.DUTY_LEAD, archived_at=None, starts_on__lte=today)
    held = held.filter(not_over_on(today))
    return set(held.order_by().values_list("membership__person", flat=True)) & _staff(place)


NOT_THEIRS = "The ending is not the reader’s to read any more."


def _reads(ending: Ending, person: Person) -> bool:
    return person.pk in _staff(ending.membership)


def _ending(message: Message) -> Ending:
    assert message.about_id
    rows = Ending.objects.select_related("membership__person", "membership__cohort", "proposed_by")
    return rows.get(pk=message.about_id)


def _of_its_place(message: Message, ending: Ending) -> dict[str, str]:
    """What every letter to staff about an ending says."""
    place = ending.membership
    return {
        "name": message.person.name,
        "who": place.person.name,
        "role": place.label,
        "cohort": place.cohort.name,
        "ending_link": link(reverse("ending", args=[ending.pk])),
    }


def drop_left(message: Message, at: dt.datetime) -> str:
    return "" if _reads(_ending(message), message.person) else NOT_THEIRS


def write_left(message: Message, at: dt.datetime) -> Letter:
    ending = _ending(message)
    return emails.place_left(reason=ending.reason, **_of_its_place(message, ending))


PLACE_LEFT = kinds.register(
    kinds.Kind(
        name="place_left",
        words="Somebody has left",
        policy=Message.Policy.LETTER,
        drop_why=drop_left,
        write=write_left,
        staff_read=True,
    )
)

# --- to the other staff -----------------------------------------------------------------------------


def tell_proposed(ending: Ending, at: dt.datetime) -> None:
    """That an ending waits for a second person, to all of staff who may be it."""
    place = ending.membership
    people = _staff(place) - {place.person_id, ending.proposed_by_id}
    drop_in(ENDING_PROPOSED, [(person, place.cohort_id, ending.pk, str(ending.pk)) for person in people], at)


def drop_proposed(message: Message, at: dt.datetime) -> str:
    ending = _ending(message)
    if ending.confirmed_at or ending.dropped_at:
        return "It has its outcome."
    return "" if _reads(ending, message.person) else NOT_THEIRS


def write_proposed(message: Message, at: dt.datetime) -> Letter:
    ending = _ending(message)
    return emails.ending_proposed(proposed_by=ending.proposed_by.name, **_of_its_place(message, ending))


ENDING_PROPOSED = kinds.register(
    kinds.Kind(
        name="ending_proposed",
        words="An ending is proposed",
        policy=Message.Policy.LETTER,
        drop_why=drop_proposed,
        write=write_proposed,
    )
)
