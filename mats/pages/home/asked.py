"""What Home asks of the database: flat rows, by person and not by place.

Each question is compiled once a process (`mats.statements`). A person with five places asks as much
as a person with one, and a cohort of any size the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from cohorts.access import condition
from cohorts.models import Leave, Person, Phase, Stay
from cohorts.querysets import LocalDay
from mats.forms.models import Draft
from mats.statements import Statement, Written
from mentorship.deadlines import APPEAL_WITHIN
from mentorship.models import Action, AgendaItem, PairingWeek, WeeklyLog
from mentorship.owed import OF_PERSON, OPEN_STATES, Owed, order_of
from mentorship.querysets import AWAY
from mentorship.window import MAY_APPLY

ENOUGH_FOR_TWO_LINES = 600  # characters
PHASE, DAYS_AWAY = "phase", "away"


def _word(word: str) -> Value:
    return Value(word, output_field=CharField())


# --- days ---------------------------------------------------------------------------------------


class DaysRow(NamedTuple):
    """The main phase of a cohort, or a term that is one's own (`of` is the cohort), or own days away (`of` is
    the place)."""

    kind: str
    key: UUID
    of: UUID
    starts_on: dt.date
    ends_on: dt.date


def _days(*, reader: Person, at: dt.datetime, until: dt.datetime) -> list[QuerySet[Any]]:
    own_terms = Stay.objects.filter(membership__person=reader, membership__archived_at=None, archived_at=None)
    phases = Phase.objects.filter(
        Q(kind=Phase.Kind.MAIN) | Q(pk__in=own_terms.values("phase")),
        archived_at=None,
        cohort__memberships__person=reader,
        cohort__memberships__archived_at=None,
    )
    leaves = Leave.objects.filter(
        membership__person=reader,
        membership__archived_at=None,
        archived_at=None,
        ends_on__gte=LocalDay(at, "membership__cohort__time_zone"),
        starts_on__lte=LocalDay(until, "membership__cohort__time_zone"),
    )
    return [
        phases.values_list(_word(PHASE), "pk", "cohort_id", "starts_on", "ends_on").distinct(),
        leaves.values_list(_word(DAYS_AWAY), "pk", "membership_id", "starts_on", "ends_on"),
    ]


_DAYS = Statement(_days)


def days_of(person: Person, at: dt.datetime, until: dt.datetime) -> list[DaysRow]:
    """Main phases of the person's cohorts, their own terms, and their own days away until a moment."""
    rows = [DaysRow._make(row) for row in _DAYS.ask(reader=person, at=at, until=until)]
    return sorted(rows, key=lambda row: row.starts_on)


# --- logs ---------------------------------------------------------------------------------------


class LogRow(NamedTuple):
    """A log of one's own. `on_leave`: away on every working day of its week."""

    pk: UUID
    cohort: UUID
    number: int
    day: dt.date
    due_at: dt.datetime
    submitted_at: dt.datetime | None
    on_leave: bool
    draft_saved_at: dt.datetime | None


def _own_logs(*, reader: Person, at: dt.datetime, until: dt.datetime, since: dt.datetime) -> list[QuerySet[Any]]:
    drafts = Draft.objects.filter(person=reader, about=Cast(OuterRef("pk"), CharField())).order_by("-saved_at")
    own = WeeklyLog.objects.filter(condition(reader, "write", "log", at), archived_at=None, due_at__lte=until)
    asked = own.filter(Q(submitted_at=None) | Q(submitted_at__gte=since)).annotate(
        on_leave=AWAY, saved_at=Subquery(drafts.values("saved_at")[:1])
    )
    columns = ("number", "week_starts_on", "due_at", "submitted_at", "on_leave", "saved_at")
    return [asked.values_list("pk", "scholar__cohort_id", *columns)]


_OWN_LOGS = Statement(_own_logs)


def logs_of(person: Person, at: dt.datetime, until: dt.datetime, since: dt.datetime) -> list[LogRow]:
    """A scholar's logs due until a moment that are open, or were sent since another; by their moment."""
    rows = [LogRow._make(row) for row in _OWN_LOGS.ask(reader=person, at=at, until=until, since=since)]
    return sorted(rows, key=lambda row: row.due_at)


class SentLog(NamedTuple):
    """The beginning of a log that a scholar of a mentor has sent."""

    pk: UUID
    scholar: UUID
    number: int
    day: dt.date
    said_away: bool
    done: str
    links: str

    @property
    def in_short(self) -> str:
        """What was done, else the first link, else away."""
        return self.done or next(iter(self.links.split()), "Away or ill this week." if self.said_away else "")


SENT_LOGS = """
SELECT id, scholar_id, number, week_starts_on, is_away, left(done, %s), links
  FROM mentorship_weeklylog
 WHERE scholar_id = ANY(%s) AND week_starts_on = ANY(%s) AND submitted_at IS NOT NULL AND archived_at IS NULL
"""


def sent_logs(rows: list[MeetingRow]) -> dict[tuple[UUID, dt.date], SentLog]:
    """The logs for these pairings' weeks, whose mentor asks, by scholar and first day."""
    keys = [row.scholar for row in rows], [row.day for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(SENT_LOGS, [ENOUGH_FOR_TWO_LINES, *keys])
        found = [SentLog._make(row) for row in cursor.fetchall()]
    return {(log.scholar, log.day): log for log in found}


# --- meetings -----------------------------------------------------------------------------------


class MeetingRow(NamedTuple):
    """A pairing's week as its scholar or its mentor reads it, with its meeting; `other` is the other one."""

    week: UUID
    number: int
    day: dt.date
    closes_at: dt.datetime
    pairing: UUID
    pairing_ends: dt.date
    scholar: UUID
    cohort: UUID
    other: str
    other_zone: str
    meeting: UUID | None
    planned: Any
    moved_from: dt.datetime | None
    held: Any
    is_live: bool | None
    outcome: str | None
    outcome_at: dt.datetime | None
    agenda: int

    @property
    def is_planned(self) -> bool:
        """There is a meeting, and it was not called off."""
        return bool(self.meeting and self.is_live)

    def is_unanswered(self, at: dt.datetime) -> bool:
        """Its time is over, nobody started it, and nobody said whether they met."""
        return self.is_planned and not self.outcome and self.held is None and self.planned.upper <= at


def _weeks_of(mine: str, other: str) -> Statement:
    """The weeks that one side of a pairing has ahead, is in, or has not answered for."""

    def build(*, reader: Person, at: dt.datetime, until: dt.datetime, lately: dt.datetime) -> list[QuerySet[Any]]:
        items = AgendaItem.objects.filter(meeting=OuterRef("meeting"), archived_at=None).order_by()
        nobody_said = Q(meeting__is_live=True, meeting__outcome="", meeting__held=None)
        weeks = PairingWeek.objects.filter(
            Q(closes_at__gt=at)
            | Q(meeting__planned__endswith__gt=at)
            | (nobody_said & Q(meeting__planned__endswith__gt=lately)),
            pairing__archived_at=None,
            archived_at=None,
            closes_at__lte=until,
            **{f"pairing__{mine}__person": reader},
        ).annotate(items=Coalesce(Subquery(items.values("meeting").annotate(n=Count("pk")).values("n")), 0))
        return [
            weeks.values_list(
                "pk", "number", "week_starts_on", "closes_at", "pairing_id", "pairing__ends_on", "pairing__scholar_id",
                "pairing__cohort_id", f"pairing__{other}__person__name", f"pairing__{other}__person__time_zone",
                "meeting_id", "meeting__planned", "meeting__moved_from", "meeting__held", "meeting__is_live",
                "meeting__outcome", "meeting__outcome_at", "items",
            )
        ]  # fmt: skip

    return Statement(build)


_WEEKS = {"scholar": _weeks_of("scholar", "mentor"), "mentor": _weeks_of("mentor", "scholar")}


def meetings_of(side: str, person: Person, **moments: dt.datetime) -> list[MeetingRow]:
    """The pairings' weeks of a person as scholar or mentor, until one closes that is too far ahead.

    By time, those without one last of their week. Cohorts that are not launched, and for a mentor
    pairings that have ended, are the caller's to leave out: it knows the days of their zones.
    """
    rows = [MeetingRow._make(row) for row in _WEEKS[side].ask(reader=person, **moments)]
    return sorted(rows, key=lambda row: (row.planned.lower if row.is_planned else row.closes_at, row.other))


# --- actions ------------------------------------------------------------------------------------


class ActionRow(NamedTuple):
    """An action that the person owes, or has lately done, and where it comes from."""

    pk: UUID
    cohort: UUID
    what: str
    due_on: dt.date | None
    done_at: dt.datetime | None
    created_at: dt.datetime
    meeting: UUID | None
    planned: Any
    held: Any
    log: UUID | None
    log_number: int | None

    @property
    def met_at(self) -> dt.datetime | None:
        """When the meeting was in which it was agreed."""
        span = self.held or self.planned
        return span.lower if span else None


def _actions(*, reader: Person, since: dt.datetime) -> list[QuerySet[Any]]:
    mine = Action.objects.filter(
        owner__person=reader,
        owner__cohort__launched_at__isnull=False,
        archived_at=None,
        dropped_at=None,
    )
    columns: tuple[str, ...] = ("pk", "owner__cohort_id", "what", "due_on", "done_at", "created_at")
    columns += ("meeting_id", "meeting__planned", "meeting__held", "log_id", "log__number")
    return [mine.filter(Q(done_at=None) | Q(done_at__gte=since)).values_list(*columns)]


_ACTIONS = Statement(_actions)


def actions_of(person: Person, since: dt.datetime) -> list[ActionRow]:
    """Open actions and those done since a moment; the earliest by-when first, without one last."""
    rows = [ActionRow._make(row) for row in _ACTIONS.ask(reader=person, since=since)]
    return sorted(rows, key=lambda row: (row.due_on or dt.date.max, row.created_at))


# --- milestones and extensions ------------------------------------------------------------------

# What was lately done about milestones, and what staff promised a scholar, in the columns of `OF_PERSON`:
# sent, passed, reviewed (by the reader of Home); answers_promised and letters_promised; apply (where the
# window is open), my_case (an open one, or one refused lately) next_term (of a term that is set)
# and invited (to decide a case with the committee). `since` bounds
# what was done, `until` what is promised; a promise that is late stays until it is kept.
NEWS = f"""
    SELECT CASE WHEN s.passed_at IS NULL THEN 'sent' ELSE 'passed' END, s.id, s.cohort_id, s.scholar_id, m.person_id,
           NULL::text, f.kind, coalesce(s.passed_at, t.sent_at), s.id, f.id, NULL::uuid, NULL::timestamptz
      FROM mentorship_submission s
      JOIN cohorts_membership m ON m.id = s.scholar_id AND m.person_id = {{reader}} AND m.archived_at IS NULL
      JOIN cohorts_milestone f ON f.id = s.milestone_id
      JOIN LATERAL (SELECT max(sent_at) AS sent_at FROM mentorship_submittedtext WHERE submission_id = s.id) t ON true
     WHERE s.archived_at IS NULL AND s.revise_at IS NULL AND coalesce(s.passed_at, t.sent_at) >= {{since}}
    UNION ALL
    SELECT 'reviewed', s.id, s.cohort_id, m.id, m.person_id, p.name, f.kind, r.given_at, s.id, f.id, NULL, NULL
      FROM mentorship_review r
      JOIN cohorts_membership m ON m.id = r.reader_id AND m.person_id = {{reader}} AND m.archived_at IS NULL
      JOIN mentorship_submission s ON s.id = r.submission_id AND s.reader_id = r.reader_id
      JOIN cohorts_milestone f ON f.id = s.milestone_id
      JOIN cohorts_membership o ON o.id = s.scholar_id
      JOIN cohorts_person p ON p.id = o.person_id
     WHERE r.archived_at IS NULL AND r.given_at >= {{since}}
    UNION ALL
    SELECT promise.kind, r.id, r.cohort_id, NULL, NULL, NULL, '', promise.due_at, NULL, NULL, NULL, NULL
      FROM mentorship_round r
      JOIN cohorts_membership m ON m.cohort_id = r.cohort_id AND m.person_id = {{reader}}
       AND m.role = 'scholar' AND m.archived_at IS NULL
     CROSS JOIN LATERAL (VALUES ('answers_promised', r.answers_due_at, r.answers_given_at),
                                ('letters_promised', r.letters_due_at, r.letters_sent_at)
                        ) AS promise (kind, due_at, met_at)
     WHERE r.archived_at IS NULL AND promise.met_at IS NULL AND promise.due_at <= {{until}}
       AND NOT EXISTS (SELECT FROM mentorship_decisionletter l JOIN mentorship_extensioncase c ON c.id = l.case_id
                        WHERE c.scholar_id = m.id AND c.round_id = r.id AND l.released_at IS NOT NULL)
    UNION ALL
    SELECT 'apply', w.round, w.cohort, w.place, {{reader}}, NULL, '', w.closes_at, NULL, NULL, NULL, NULL
      FROM ({MAY_APPLY}) w
     WHERE w.person = {{reader}} AND w.opens_at <= {{at}} AND w.closes_at > {{at}}
    UNION ALL
    SELECT 'my_case', c.id, c.cohort_id, m.id, m.person_id, NULL, c.state, c.state_since, c.id, NULL, NULL, NULL
      FROM mentorship_extensioncase c
      JOIN cohorts_membership m ON m.id = c.scholar_id AND m.person_id = {{reader}} AND m.archived_at IS NULL
      LEFT JOIN mentorship_decisionletter l ON l.case_id = c.id AND c.state = 'refused' AND l.archived_at IS NULL
     WHERE c.archived_at IS NULL AND (c.state IN ({OPEN_STATES}) OR l.released_at >= {{lately}})
    UNION ALL
    SELECT 'next_term', c.id, c.cohort_id, m.id, m.person_id, p.name, '',
           s.starts_on::timestamp AT TIME ZONE k.time_zone, c.id, NULL, NULL, NULL
      FROM mentorship_termsheet s
      JOIN mentorship_extensioncase c ON c.id = s.case_id AND c.archived_at IS NULL AND c.state = 'in_force'
      JOIN cohorts_cohort k ON k.id = c.cohort_id
      JOIN cohorts_membership o ON o.id = c.scholar_id
      JOIN cohorts_person p ON p.id = o.person_id
      JOIN cohorts_membership m ON m.person_id = {{reader}} AND m.archived_at IS NULL
       AND (m.id = c.scholar_id OR EXISTS (SELECT FROM mentorship_sheetmentor t
                                            WHERE t.sheet_id = s.id AND t.mentor_id = m.id AND t.archived_at IS NULL))
     WHERE s.starts_on::timestamp AT TIME ZONE k.time_zone > {{at}}
    UNION ALL
    SELECT 'invited', i.id, i.cohort_id, NULL, i.person_id, p.name, '', i.created_at, c.id, NULL, NULL, NULL
      FROM mentorship_caseinvitation i
      JOIN mentorship_extensioncase c ON c.id = i.case_id AND c.archived_at IS NULL
       AND c.state IN ('committee', 'appealed')
      JOIN cohorts_membership o ON o.id = c.scholar_id
      JOIN cohorts_person p ON p.id = o.person_id
     WHERE i.person_id = {{reader}} AND i.archived_at IS NULL"""  # noqa: S608 - constants only

NEWS_KINDS = frozenset({"sent", "passed", "reviewed"})
PROMISE_KINDS = frozenset({"answers_promised", "letters_promised"})


def _research(
    reader: Any, at: dt.datetime, since: dt.datetime, until: dt.datetime, lately: dt.datetime
) -> list[Written]:
    return [
        Written(OF_PERSON, reader=reader, until=until),
        Written(NEWS, reader=reader, at=at, since=since, until=until, lately=lately),
    ]


_RESEARCH = Statement(_research)


def owed_and_done(
    person: Person, at: dt.datetime, since: dt.datetime, until: dt.datetime
) -> list[tuple[Owed, dt.datetime | None]]:
    """What is owed for milestones and extensions until a moment, what was promised, and what was done since
    another; each with when its draft was saved, the earliest first."""
    found = [
        (Owed._make(row), saved_at)
        for *row, saved_at in _RESEARCH.ask(reader=person, at=at, since=since, until=until, lately=at - APPEAL_WITHIN)
    ]
    return sorted(found, key=lambda pair: order_of(pair[0]))
