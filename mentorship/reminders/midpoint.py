"""Letters about the mid-point: to the scholar that a line is there, to staff that they owe a talk, and
about a support plan. What was said stands on the pages, not in the letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from cohorts.access import visible
from cohorts.models import Membership, Person, Role
from cohorts.querysets import not_over
from mats import clock
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import MidpointLine, Pairing, SupportPlan, Talk


def _put(
    kind: kinds.Kind, people: Iterable[UUID], about: MidpointLine | Talk | SupportPlan, occurrence: str, at: dt.datetime
) -> None:
    """One letter for each person, in the transaction of what it tells; rings after its commit."""
    rows = [(person, about.cohort_id, about.pk, occurrence) for person in people]
    drop_in(kind, rows, at)


def _about(message: Message) -> UUID:
    assert message.about_id  # every letter here is about a row
    return message.about_id


# --- a line is there, or was changed --------------------------------------------------------------


def said_once(line: MidpointLine) -> str:
    """The occurrence: the line and the moment since which it stands so, so that a change tells again."""
    stands_since = line.changed_at or line.given_at
    assert stands_since is not None
    return f"{line.pk} {stands_since.isoformat()}"


def tell_line_given(line: MidpointLine, at: dt.datetime) -> None:
    _put(MIDPOINT_LINE_GIVEN, [line.scholar.person_id], line, said_once(line), at)


def drop_line_given(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    theirs = visible(MidpointLine, "midpoint_line", message.person, at, "receive")
    line = theirs.filter(pk=_about(message), archived_at=None).first()
    if line is None:
        return "The line is not the reader’s any more."
    if line.read_at:
        return "The line was read."
    if message.occurrence != said_once(line):
        return "The line was changed since; a later letter tells of it."
    return ""


def write_line_given(message: Message, at: dt.datetime) -> Letter:
    line = MidpointLine.objects.select_related("cohort", "mentor__person").get(pk=_about(message))
    return emails.midpoint_line_given(
        name=message.person.name,
        cohort=line.cohort.name,
        mentor=line.mentor.person.name,
        is_changed=line.changed_at is not None,
        line_link=link(reverse("midpoint_line", args=[line.pk])),
    )


MIDPOINT_LINE_GIVEN = kinds.register(
    kinds.Kind(
        name="midpoint_line_given",
        words="Your mentor has said their mid-point line",
        policy=Message.Policy.LETTER,
        drop_why=drop_line_given,
        write=write_line_given,
        staff_read=True,
    )
)

# --- staff owe a talk -----------------------------------------------------------------------------


def tell_talk_owed(talk: Talk, at: dt.datetime) -> None:
    """To everybody of the cohort's staff: until somebody has taken it, it is everybody's."""
    staff = Membership.objects.filter(cohort=talk.cohort_id, role=Role.STAFF, archived_at=None, person__is_active=True)
    others = staff.exclude(person=talk.scholar.person_id)
    _put(TALK_OWED, others.order_by().values_list("person", flat=True), talk, str(talk.pk), at)


def tell_talk_handed_on(talk: Talk, at: dt.datetime) -> None:
    """To its new owner, who did not take it themselves."""
    assert talk.owner
    _put(TALK_OWED, [talk.owner.person_id], talk, f"{talk.pk} {at.isoformat()}", at)


def drop_talk_owed(message: Message, at: dt.datetime) -> str:
    """Why the nudge has become pointless, or nothing."""
    theirs = visible(Talk, "talk", message.person, at, "write")
    talk = theirs.filter(pk=_about(message), archived_at=None).select_related("owner").first()
    if talk is None:
        return "The talk is not the reader’s to have any more."
    if talk.done_at:
        return "The talk was recorded."
    if talk.owner and talk.owner.person_id != message.person_id:
        return "Somebody else has taken the talk."
    return ""


def write_talk_owed(message: Message, at: dt.datetime) -> Letter:
    talk = Talk.objects.select_related("cohort", "scholar__person").get(pk=_about(message))
    return emails.talk_owed(
        name=message.person.name,
        cohort=talk.cohort.name,
        scholar=talk.scholar.person.name,
        due=clock.format_moment(talk.due_at, message.person.time_zone, date=True),
        is_theirs=talk.owner_id is not None,  # another's is dropped
        talk_link=link(reverse("talk", args=[talk.pk])),
    )


TALK_OWED = kinds.register(
    kinds.Kind(
        name="talk_owed",
        words="A talk is owed",
        policy=Message.Policy.NUDGE,
        drop_why=drop_talk_owed,
        write=write_talk_owed,
        staff_read=True,
    )
)

# --- a support plan -------------------------------------------------------------------------------


def tell_plan_opened(plan: SupportPlan, *, by: Person, at: dt.datetime) -> None:
    """To the scholar and whoever mentors them, but not to whoever made it."""
    mentors = Pairing.objects.filter(not_over(at, "cohort__time_zone"), scholar=plan.scholar_id)
    people = {plan.scholar.person_id, *mentors.values_list("mentor__person", flat=True)}
    _put(SUPPORT_PLAN_OPENED, people - {by.pk}, plan, str(plan.pk), at)


def drop_plan_opened(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    theirs = visible(SupportPlan, "support_plan", message.person, at)
    plan = theirs.filter(pk=_about(message), archived_at=None).first()
    if plan is None:
        return "The plan is not the reader’s to read any more."
    return "The plan was looked at again already." if plan.reviewed_at else ""


def write_plan_opened(message: Message, at: dt.datetime) -> Letter:
    plan = SupportPlan.objects.select_related("cohort", "scholar__person", "opened_by").get(pk=_about(message))
    return emails.support_plan_opened(
        name=message.person.name,
        cohort=plan.cohort.name,
        scholar=plan.scholar.person.name,
        is_theirs=plan.scholar.person_id == message.person_id,
        opened_by=plan.opened_by.name,
        review_on=clock.format_day(plan.review_on),
        plan_link=link(reverse("support_plan", args=[plan.pk])),
    )


SUPPORT_PLAN_OPENED = kinds.register(
    kinds.Kind(
        name="support_plan_opened",
        words="A support plan was made",
        policy=Message.Policy.LETTER,
        drop_why=drop_plan_opened,
        write=write_plan_opened,
        staff_read=True,
    )
)
