"""The letter that an extension case has moved: to whoever has to know and did not move it themselves.

What was decided or said stands on the pages, not in the letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from cohorts.access import visible
from cohorts.models import Membership, Person, Role
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import ExtensionCase, State, TermSheet

# What a letter says of each state; nobody is told of a decision before its letter is released.
NEWS: dict[str, str] = {
    State.MENTOR: "is with the mentor",
    State.TALK: "waits for a talk of staff with the mentor",
    State.COMMITTEE: "is with the committee",
    State.MORE: "waits for an answer: the committee asks for more",
    State.DECIDED: "is with the committee",
    State.OFFERED: "has its answer, and is to be accepted",
    State.WAITLISTED: "has its answer",
    State.REFUSED: "has its answer",
    State.APPEALED: "is heard again, after an appeal",
    State.ACCEPTED: "was accepted; the next-term sheet comes next",
    State.IN_FORCE: "is in force: everything about the next term is set",
    State.DECLINED: "was declined by its scholar",
    State.WITHDRAWN: "was withdrawn",
    State.LAPSED: "has lapsed",
    State.ENDED: "ends early",
}


def _occurrence(case: ExtensionCase) -> str:
    """The case and the moment since which it stands so: each move is told once to each person."""
    return f"{case.pk} {case.state_since.isoformat()}"


def tell_moved(case: ExtensionCase, people: Iterable[UUID], at: dt.datetime) -> None:
    """A letter to each of these people (keys), in the transaction of the move; rings after its commit.

    Who is told twice of one move gets one letter. What was put earlier and not sent yet is dropped at
    sending if the case has moved on.
    """
    rows = [(person, case.cohort_id, case.pk, _occurrence(case)) for person in set(people)]
    drop_in(CASE_MOVED, rows, at)


def staff_of(case: ExtensionCase) -> list[UUID]:
    """Keys of the cohort's staff, but not of the case's own scholar."""
    staff = Membership.objects.filter(cohort=case.cohort_id, role=Role.STAFF, archived_at=None, person__is_active=True)
    return list(staff.exclude(person=case.scholar.person_id).order_by().values_list("person", flat=True))


def _url(case: ExtensionCase, person: Person, at: dt.datetime) -> str:
    """The page of it that this person may open: the case, else the sheet of its term, else nothing."""
    if visible(ExtensionCase, "case", person, at).filter(pk=case.pk).exists():
        return reverse("case", args=[case.pk])
    sheet = visible(TermSheet, "sheet", person, at).filter(case=case.pk, archived_at=None).first()
    return reverse("sheet", args=[sheet.pk]) if sheet else ""


def drop_why(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    assert message.about_id
    case = ExtensionCase.objects.filter(pk=message.about_id, archived_at=None).first()
    if case is None or not _url(case, message.person, at):
        return "The case is not the reader’s to read any more."
    return "" if message.occurrence == _occurrence(case) else "The case has moved on; a later letter tells of it."


def write(message: Message, at: dt.datetime) -> Letter:
    assert message.about_id
    case = ExtensionCase.objects.select_related("cohort", "scholar__person").get(pk=message.about_id)
    return emails.case_moved(
        name=message.person.name,
        cohort=case.cohort.name,
        scholar=case.scholar.person.name,
        is_theirs=case.scholar.person_id == message.person_id,
        news=NEWS[case.state],
        case_link=link(_url(case, message.person, at)),
    )


CASE_MOVED = kinds.register(
    kinds.Kind(
        name="case_moved",
        words="An extension case has moved",
        policy=Message.Policy.LETTER,
        drop_why=drop_why,
        write=write,
        staff_read=True,
    )
)
