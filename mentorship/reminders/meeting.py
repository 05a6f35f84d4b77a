"""Messages about meetings: "did you meet?" to the scholar, "your meeting has moved" to the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, DateTimeField, Exists, ExpressionWrapper, F, Func, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from cohorts.access import visible
from cohorts.models import Leave, Person
from cohorts.querysets import LocalDay
from mats import clock
from mats.post import kinds, outbox
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message
from mentorship import emails
from mentorship.models import Meeting, PairingWeek, WeeklyLog

ASKED_AFTER = dt.timedelta(minutes=30)

# --- did you meet? ------------------------------------------------------------------------------


class Epoch(Func):
    """Whole seconds since 1970, in digits; names a moment in an occurrence."""

    template = "extract(epoch FROM %(expressions)s)::bigint::text"
    output_field = CharField()


def unanswered_weeks(at: dt.datetime) -> QuerySet[PairingWeek]:
    """Weeks whose meeting was planned, and neither started nor answered for half an hour after its end.

    `moment` is that half hour later. Nobody is asked about a day on which one of the two was away,
    or a week whose log says so.
    """
    away = Leave.objects.filter(archived_at=None, starts_on__lte=OuterRef("day"), ends_on__gte=OuterRef("day"))
    ill = WeeklyLog.objects.filter(
        scholar=OuterRef("pairing__scholar"), week_starts_on=OuterRef("week_starts_on"), archived_at=None, is_away=True
    )
    moment = ExpressionWrapper(F("meeting__planned__endswith") + Value(ASKED_AFTER), output_field=DateTimeField())
    return (
        PairingWeek.objects.filter(
            archived_at=None,
            meeting__is_live=True,
            meeting__held=None,
            meeting__outcome="",
            meeting__planned__endswith__lte=at - ASKED_AFTER,
            pairing__archived_at=None,
            pairing__scholar__archived_at=None,
            pairing__scholar__person__is_active=True,
            pairing__scholar__person__archived_at=None,
            pairing__cohort__archived_at=None,
            pairing__cohort__launched_at__lte=F("meeting__planned__startswith"),
        )
        .annotate(moment=moment, day=LocalDay(F("meeting__planned__startswith"), "pairing__cohort__time_zone"))
        .exclude(Exists(away.filter(membership=OuterRef("pairing__scholar"))))
        .exclude(Exists(away.filter(membership=OuterRef("pairing__mentor"))))
        .exclude(Exists(ill))
    )


def queue_did_you_meet(at: dt.datetime) -> int:
    """Ask the scholar of every such meeting of the last twelve hours, in one statement; once for each
    time that it was planned for."""
    due = unanswered_weeks(at).filter(meeting__planned__endswith__gt=at - ASKED_AFTER - outbox.NUDGE_LIFE).order_by()
    occurrence = Concat(Cast("meeting_id", CharField()), Value(" "), Epoch(F("meeting__planned__startswith")))
    columns = due.annotate(occurrence=occurrence).values_list(
        "pairing__scholar__person_id", "pairing__cohort_id", "meeting_id", "moment", "occurrence"
    )
    return outbox.put_all(kind=DID_YOU_MEET.name, policy=DID_YOU_MEET.policy, due=columns, at=at)


def asked_once(meeting: UUID | None, starts_at: dt.datetime) -> str:
    """The occurrence that `queue_did_you_meet` gives a meeting and its planned start."""
    return f"{meeting} {int(starts_at.timestamp())}"


def drop_did_you_meet(message: Message, at: dt.datetime) -> str:
    """Why the question has become pointless, or nothing."""
    asked = unanswered_weeks(at).filter(meeting=message.about_id, pairing__scholar__person=message.person_id)
    if asked.filter(meeting__planned__endswith=message.moment - ASKED_AFTER).exists():
        return ""
    meeting = Meeting.objects.filter(pk=message.about_id).first() if message.about_id else None
    if meeting is None or not meeting.is_live:
        return "The meeting was called off."
    if meeting.held or meeting.outcome:
        return "The meeting was started, or answered for."
    if meeting.ends_at + ASKED_AFTER != message.moment:
        return "The meeting was moved."
    return "Nothing is owed for it any more: away, or no longer paired."


def write_did_you_meet(message: Message, at: dt.datetime) -> Letter:
    weeks = PairingWeek.objects.select_related("meeting", "pairing__cohort", "pairing__mentor__person")
    week = weeks.get(meeting=message.about_id, pairing__scholar__person=message.person_id, archived_at=None)
    assert week.meeting
    return emails.did_you_meet(
        name=message.person.name,
        cohort=week.pairing.cohort.name,
        week=week.number,
        mentor=week.pairing.mentor.person.name,
        when=clock.format_moment(week.meeting.starts_at, message.person.time_zone, date=True),
        meeting_link=link(reverse("meeting", args=[week.meeting.pk])),
    )


DID_YOU_MEET = kinds.register(
    kinds.Kind(
        name="did_you_meet",
        words="Question: did you meet?",
        policy=Message.Policy.NUDGE,
        drop_why=drop_did_you_meet,
        write=write_did_you_meet,
        find=queue_did_you_meet,
        staff_read=True,
    )
)

# --- your meeting has moved ---------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One move of one meeting, as the occurrence of its messages keeps it.

    `now` is None for a meeting that was called off; `and_later` says that the weekly time itself
    has changed. The moment of the move is part of it: to and fro and to again are three moves.
    """

    meeting: UUID
    was: dt.datetime
    now: dt.datetime | None
    at: dt.datetime
    and_later: bool = False

    @property
    def occurrence(self) -> str:
        now = int(self.now.timestamp()) if self.now else "off"
        later = " +" if self.and_later else ""
        return f"{self.meeting} {int(self.was.timestamp())} {now} {int(self.at.timestamp())}{later}"

    @classmethod
    def of(cls, message: Message) -> Move:
        meeting, was, now, at, *later = message.occurrence.split()
        return cls(UUID(meeting), _moment(was), None if now == "off" else _moment(now), _moment(at), bool(later))


def _moment(seconds: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)


def tell_moved(
    meeting: Meeting, people: Iterable[UUID], *, was: dt.datetime, now: dt.datetime | None, by: Person, at: dt.datetime
) -> None:
    """Put a letter for everybody of a meeting but whoever moved it, or called it off (`now` is None)."""
    if (now or was) > at:
        move = Move(meeting.pk, was, now, at)
        put_moves({person: move for person in people if person != by.pk}.items(), meeting.cohort_id, at)


def put_moves(moves: Iterable[tuple[UUID, Move]], cohort: UUID, at: dt.datetime) -> None:
    """One letter for each person and move, in the transaction of the move; rings after its commit."""
    rows = [(person, cohort, move.meeting, move.occurrence) for person, move in moves]
    drop_in(MEETING_MOVED, rows, at)


def drop_moved(message: Message, at: dt.datetime) -> str:
    """Why the letter has become pointless, or nothing."""
    move = Move.of(message)
    mine = visible(Meeting, "meeting", message.person, at, "hold").filter(attendances__person=message.person_id)
    meeting = mine.filter(pk=move.meeting, archived_at=None).first()
    if meeting is None:
        return "The reader is no longer of this meeting."
    if meeting.is_live == (move.now is None) or (move.now and meeting.starts_at != move.now):
        return "The meeting was moved again since."
    later = Message.objects.filter(kind=message.kind, person=message.person_id, about_id=move.meeting)
    if later.filter(moment__gt=message.moment).exists():
        return "The meeting was moved again since."
    if meeting.held or meeting.outcome or (move.now or move.was) <= at:
        return "Its time has gone by."
    return ""


def write_moved(message: Message, at: dt.datetime) -> Letter:
    move, reader = Move.of(message), message.person
    meeting = Meeting.objects.select_related("cohort", "moved_by").get(pk=move.meeting)
    others = _others(meeting, reader)
    zone = next((other.time_zone for other in others if other.time_zone != reader.time_zone), None)
    is_one_move = not move.and_later and meeting.moved_at is not None
    moved_by = meeting.moved_by.name if is_one_move and meeting.moved_by else ""
    names = [other.name for other in others]
    return emails.meeting_moved(
        name=reader.name,
        cohort=meeting.cohort.name,
        others=[] if names == [moved_by] else names,
        was=clock.format_moment(move.was, reader.time_zone, zone, date=True),
        now=clock.format_moment(move.now, reader.time_zone, zone, date=True) if move.now else "",
        moved_by=moved_by,
        why=why_moved(meeting) if is_one_move else "",
        and_later=move.and_later,
        meeting_link=link(reverse("meeting", args=[meeting.pk])),
    )


def _others(meeting: Meeting, reader: Person) -> list[Person]:
    """The other side of the table: the mentor for a scholar, the scholars for the mentor."""
    weeks = PairingWeek.objects.filter(meeting=meeting, archived_at=None)
    pairs = [
        (week.pairing.scholar.person, week.pairing.mentor.person)
        for week in weeks.select_related("pairing__scholar__person", "pairing__mentor__person")
    ]
    if any(scholar == reader for scholar, _ in pairs):
        return list(dict.fromkeys(mentor for _, mentor in pairs))
    return sorted({scholar for scholar, _ in pairs}, key=lambda person: person.name.casefold())


def why_moved(meeting: Meeting) -> str:
    """The reason of the last move, where one was given; it stands in the history of the row."""
    event = meeting.events.filter(moved_at=meeting.moved_at).order_by("pgh_id").first()  # type: ignore[attr-defined]
    return str((event.pgh_context or {}).get("why", "")) if event else ""


MEETING_MOVED = kinds.register(
    kinds.Kind(
        name="meeting_moved",
        words="Your meeting has moved",
        policy=Message.Policy.LETTER,
        drop_why=drop_moved,
        write=write_moved,
        staff_read=True,
    )
)
