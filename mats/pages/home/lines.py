"""The lines of Home: what stands in a row, in words, with times in the reader's zone.

Made here and not in the template, so that the page only loops over what is ready.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from coaching.ahead import Ahead
from coaching.deadlines import next_one_on_one
from cohorts.models import Caseload, Cohort, Membership, Milestone, Person
from mats import clock
from mats.forms.drafts import saved_words
from mats.pages.home.asked import ActionRow, DaysRow, LogRow, MeetingRow, SentLog
from mats.text import first_lines
from mentorship.cases import seen
from mentorship.owed import Owed

NOTHING = SafeString("")
OUTCOMES = {"met": "met", "another_day": "met on another day", "did_not_meet": "did not meet"}
TOGETHER = {"met", "another_day"}
ANSWERS = ("We met", "On another day", "We did not meet")


@dataclass(frozen=True)
class Line:
    """One row: what it is and where it leads, when, what can be pressed, and a second row of words."""

    what: str
    url: str
    due: SafeString
    moment: dt.datetime
    late: bool = False
    press: SafeString = NOTHING
    more: SafeString = NOTHING


@dataclass(frozen=True)
class ActionLine:
    """An action with the key of its own tick, so that pressing twice is doing once."""

    row: ActionRow
    key: uuid.UUID
    origin: SafeString
    due: str
    late: bool


@dataclass(frozen=True)
class Reader:
    """Who reads, when, and which cohorts their lines are of."""

    person: Person
    at: dt.datetime
    cohorts: dict[uuid.UUID, Cohort]

    @property
    def zone(self) -> str:
        return self.person.time_zone

    def today(self, cohort: uuid.UUID) -> dt.date:
        return clock.local_date(self.at, self.cohorts[cohort].time_zone)

    def place(self, cohort: uuid.UUID) -> SafeString:
        """The cohort's name, where the reader has more than one."""
        if len(self.cohorts) < 2:  # noqa: PLR2004
            return NOTHING
        return format_html(" · {}", self.cohorts[cohort].name)

    def when(self, moment: dt.datetime, other: str | None = None) -> SafeString:
        """`today 14:00 · 22:00 London`, or with its day."""
        words = clock.format_moment(moment, self.zone, other, date=True)
        if clock.local_date(moment, self.zone) == clock.local_date(self.at, self.zone):
            words = "today" + words[len(clock.format_day(clock.local_date(moment, self.zone))) :]
        return format_html('<time datetime="{}">{}</time>', moment.astimezone(dt.UTC).isoformat(), words)


def button(url: str, words: str, said: str = "", *, primary: bool = False) -> SafeString:
    """A link that looks like a button; `said` tells it from its like to whoever does not see the row."""
    hidden = format_html('<span class="visually-hidden">{}</span>', said) if said else NOTHING
    look = "btn btn-sm btn-primary" if primary else "btn btn-sm"
    return format_html('<a class="{}" href="{}">{}{}</a>', look, url, words, hidden)


# --- logs ---------------------------------------------------------------------------------------


def log_line(log: LogRow, reader: Reader, *, first: bool) -> Line:
    """A log that is owed; late is said without blame."""
    url, late = reverse("log_write", args=[log.pk]), log.due_at < reader.at
    due = format_html("was due {}, still welcome" if late else "due {}", reader.when(log.due_at))
    if log.draft_saved_at:
        due += _draft(log.draft_saved_at, reader)
    press = button(url, "Write it", f": weekly log, week {log.number}", primary=first)
    return Line(_log_name(log), url, due + reader.place(log.cohort), log.due_at, late, press)


def _draft(saved_at: dt.datetime, reader: Reader) -> SafeString:
    return format_html(" · draft saved {}", saved_words(saved_at, reader.at, reader.zone))


def _log_name(log: LogRow) -> str:
    return f"Weekly log, week {log.number}"


def log_ahead(log: LogRow, reader: Reader) -> Line:
    due = format_html("due {}{}", reader.when(log.due_at), reader.place(log.cohort))
    return Line(_log_name(log), reverse("log_write", args=[log.pk]), due, log.due_at)


def log_sent(log: LogRow, reader: Reader) -> Line:
    assert log.submitted_at
    words = format_html("sent {}{}", reader.when(log.submitted_at), reader.place(log.cohort))
    return Line(_log_name(log), reverse("log", args=[log.pk]), words, log.submitted_at)


# --- meetings -----------------------------------------------------------------------------------


def meeting_line(row: MeetingRow, reader: Reader) -> Line:
    """A scholar's meeting with a mentor: when, asked whether they met, or not planned yet."""
    what, place = f"Meeting with {row.other}", reader.place(row.cohort)
    if not row.is_planned:
        return _unplanned(row, what, place)
    url = reverse("meeting", args=[row.meeting])
    if row.is_unanswered(reader.at):
        answers = mark_safe(" ".join(button(url, words, f", {what}") for words in ANSWERS))  # noqa: S308 - ready links
        due = format_html("was {}. Did you meet?{}", reader.when(row.planned.lower, row.other_zone), place)
        return Line(what, url, due, row.planned.lower, press=answers)
    press = _move(row, what) + button(f"{url}#agenda", f"Agenda ({row.agenda})", f", {what}")
    return Line(what, url, _meeting_state(row, reader) + place, row.planned.lower, press=press)


def _move(row: MeetingRow, what: str) -> SafeString:
    """Two clicks from here: choose another time, or call it off there."""
    if row.held is not None or row.outcome:
        return NOTHING
    words = '<a class="btn btn-sm btn-link" href="{}">Move<span class="visually-hidden">: {}</span> …</a> '
    return format_html(words, reverse("meeting_move", args=[row.meeting]), what)


def _unplanned(row: MeetingRow, what: str, place: SafeString, more: SafeString = NOTHING) -> Line:
    due = format_html("no time planned for week {} yet{}", row.number, place)
    plan = button(reverse("meeting_plan", args=[row.week]), "Plan it", f", {what}")
    return Line(what, reverse("pairing", args=[row.pairing]), due, row.closes_at, press=plan, more=more)


def _meeting_state(row: MeetingRow, reader: Reader) -> SafeString:
    if row.outcome:
        return format_html("{} in week {}", OUTCOMES[row.outcome], row.number)
    if row.held is not None and reader.at < row.held.upper:
        return SafeString("going on now")
    if row.held is not None:
        return format_html("met in week {}", row.number)
    due = reader.when(row.planned.lower, row.other_zone)
    if row.moved_from and row.moved_from != row.planned.lower:
        due += format_html(", was {}", reader.when(row.moved_from))
    return due


def scholar_line(row: MeetingRow, log: SentLog | None, reader: Reader) -> Line:
    """A mentor's meeting with a scholar, with two lines of the scholar's log."""
    place, read = reader.place(row.cohort), _log_in_short(row, log)
    if not row.is_planned:
        return _unplanned(row, row.other, place, read)
    url, press = reverse("meeting", args=[row.meeting]), NOTHING
    if row.is_unanswered(reader.at):
        due = format_html("was {}; nobody has said yet whether you met", reader.when(row.planned.lower, row.other_zone))
    else:
        due, press = _meeting_state(row, reader), _move(row, f"meeting with {row.other}")
    if row.agenda and not row.outcome:
        press += button(f"{url}#agenda", f"Agenda ({row.agenda})", f" of {row.other}")
    return Line(row.other, url, due + place, row.planned.lower, press=press, more=read)


def _log_in_short(row: MeetingRow, log: SentLog | None) -> SafeString:
    if log is None:
        return format_html("no log for week {} yet", row.number)
    link = format_html('<a href="{}">Log of week {}</a>', reverse("log", args=[log.pk]), log.number)
    return format_html("{}: <bdi>{}</bdi>", link, first_lines(log.in_short))


def meeting_ahead(row: MeetingRow, reader: Reader) -> Line:
    due = reader.when(row.planned.lower, row.other_zone) + reader.place(row.cohort)
    return Line(f"Meeting with {row.other}", reverse("meeting", args=[row.meeting]), due, row.planned.lower)


def meeting_met(row: MeetingRow, reader: Reader) -> Line:
    assert row.outcome_at
    words = format_html("{}{}", OUTCOMES[row.outcome or "met"], reader.place(row.cohort))
    return Line(f"Meeting with {row.other}", reverse("meeting", args=[row.meeting]), words, row.outcome_at)


# --- milestones and extensions ------------------------------------------------------------------

PRESS = {
    "milestone": "Write it",
    "revision": "Revise it",
    "review": "Review it",
    "reader": "Find one",
    "midpoint_line": "Say it",
    "midpoint_read": "Read it",
    "talk": "Open it",
    "support_plan": "Open it",
    "answers": "Open it",
    "letters": "Open it",
    "approval": "Answer it",
    "approver": "Name one",
    "mentor_talk": "Record it",
    "mentor_search": "Find one",
    "confirm": "Open it",
    "more": "Answer it",
    "acceptance": "Open it",
    "lapse": "Open it",
    "condition": "Open it",
    "sheet": "Open it",
    "agreement": "Read it",
    "appeal": "Open it",
}
# Of a line to be read or of what is to be done; due, or late.
DUE_WORDS = {
    (False, False): "due {}",
    (False, True): "was due {}",
    (True, False): "to be read by {}",
    (True, True): "was to be read by {}",
}
PROMISES = {"answers_promised": "Answers on extensions", "letters_promised": "Letters on extensions"}


def owed_line(row: Owed, draft_saved_at: dt.datetime | None, reader: Reader) -> Line:
    """Something owed for a milestone or an extension; late is said without blame."""
    cohort, late = reader.cohorts[row.cohort], row.due_at < reader.at
    url = row.url(cohort.slug)
    due = format_html(DUE_WORDS[row.kind == "midpoint_read", late], reader.when(row.due_at))
    if draft_saved_at:
        due += _draft(draft_saved_at, reader)
    if row.is_staffs:
        due += format_html(" · from {} together", cohort.staff_label_plural)
    press = button(url, PRESS[row.kind], f": {row.words}")
    return Line(row.words, url, due + reader.place(row.cohort), row.due_at, late, press)


def apply_line(row: Owed, reader: Reader) -> Line:
    """The window is open: nobody owes it, and it closes."""
    cohort = reader.cohorts[row.cohort]
    due = format_html("open until {}", reader.when(row.due_at))
    press = button(reverse("case_apply", args=[cohort.slug]), "Apply", ": extension")
    url = reverse("extension", args=[cohort.slug])
    return Line("Ask for an extension", url, due + reader.place(row.cohort), row.due_at, press=press)


def case_line(row: Owed, reader: Reader) -> Line:
    """Where the reader's own extension case stands; not since when: that would tell of a decision before its letter."""
    due = format_html("{}{}", seen(row.milestone).label, reader.place(row.cohort))
    return Line("Your extension case", reverse("case", args=[row.page]), due, row.due_at)


def invited_line(row: Owed, reader: Reader) -> Line:
    """A case that the reader was invited to decide, in whichever cohort; they may have no place in it."""
    url = reverse("case_committee", args=[row.page])
    due = format_html("invited {}", reader.when(row.due_at))
    return Line(f"Decide with the committee on {row.scholar}", url, due, row.due_at, press=button(url, "Read the case"))


def term_line(row: Owed, reader: Reader) -> Line:
    """A term that is set and has not begun: the scholar's own, or of one of a mentor's."""
    day = clock.format_day(clock.local_date(row.due_at, reader.cohorts[row.cohort].time_zone))
    what = "Your next term" if row.scholar == reader.person.name else f"The next term of {row.scholar}"
    due = format_html("begins {}{}", day, reader.place(row.cohort))
    return Line(what, reverse("case", args=[row.page]), due, row.due_at)


def news_line(row: Owed, reader: Reader) -> Line:
    """What was sent, passed or reviewed."""
    what = str(Milestone.Kind(row.milestone).label)
    words = f"{row.scholar}’s {what}" if row.scholar else what.capitalize()
    due = format_html("{} {}{}", row.kind, reader.when(row.due_at), reader.place(row.cohort))
    return Line(words, reverse("submission", args=[row.page]), due, row.due_at)


def promise_line(row: Owed, reader: Reader) -> Line:
    """What staff promised a scholar, as visible when it is late as anything else."""
    cohort, late = reader.cohorts[row.cohort], row.due_at < reader.at
    due = format_html("were promised by {}" if late else "promised by {}", reader.when(row.due_at))
    url = reverse("extension", args=[cohort.slug])
    return Line(PROMISES[row.kind], url, due + reader.place(row.cohort), row.due_at, late)


# --- 1-1s ---------------------------------------------------------------------------------------


def one_on_one_line(row: Ahead, reader: Reader) -> Line:
    """The next 1-1: as planned, else by when it is due; a coach is asked about one that is over."""
    as_coach = row.side == "coach"
    what = row.other if as_coach else f"1-1 with {row.other}"
    url = reverse("coached", args=[row.scholar]) if as_coach else reverse("my_coaching")
    place = reader.place(row.cohort)
    if row.unsaid:
        words = "planned for {}. Did it take place?{}"
        due = format_html(words, reader.when(row.unsaid, row.other_zone), place)
        return Line(what, url, due, row.unsaid, press=button(url, "Say", f": 1-1 with {row.other}"))
    if row.planned:
        word = "1-1 " if as_coach else ""
        due = format_html("{}{}{}", word, reader.when(row.planned, row.other_zone), place)
        return Line(what, url, due, row.planned)
    return _due_by_cadence(row, reader, what, url)


def _due_by_cadence(row: Ahead, reader: Reader, what: str, url: str) -> Line:
    zone = reader.cohorts[row.cohort].time_zone
    caseload = Caseload(starts_on=row.starts_on, cadence_days=row.cadence_days, cohort=reader.cohorts[row.cohort])
    ahead = next_one_on_one(caseload, row.last, reader.at, row.away)
    if row.last:
        words = "last 1-1 on {}, the next" if row.side == "coach" else "last on {}, the next"
        begins = format_html(words, _day(row.last))
    else:
        begins = SafeString("no 1-1 yet, the first" if row.side == "coach" else "none yet, the first")
    due = format_html("{} {} ({}){}", begins, ahead.in_words, _day(ahead.due_on), reader.place(row.cohort))
    return Line(what, url, due, clock.at_wall_clock(ahead.due_on, dt.time(0), zone).at)


def _day(day: dt.date) -> str:
    return clock.format_day(day)


# --- days away ----------------------------------------------------------------------------------


def away_line(row: DaysRow, reader: Reader, place: Membership) -> Line:
    words = _day(row.starts_on)
    if row.ends_on != row.starts_on:
        words += f" – {_day(row.ends_on)}"
    zone = place.cohort.time_zone
    moment = clock.at_wall_clock(row.starts_on, dt.time(0), zone).at
    url = reverse("leave_change", args=[row.key]) + f"?back={reverse('home')}"
    return Line("Away", url, format_html("{}{}", words, reader.place(place.cohort_id)), moment)


# --- actions ------------------------------------------------------------------------------------


def action_line(row: ActionRow, reader: Reader) -> ActionLine:
    late = row.due_on is not None and row.due_on < reader.today(row.cohort)
    due = "" if row.due_on is None else f"{'was for' if late else 'by'} {_day(row.due_on)}"
    return ActionLine(row, uuid.uuid4(), _origin(row, reader) + reader.place(row.cohort), due, late)


def _origin(row: ActionRow, reader: Reader) -> SafeString:
    """`meeting, Wed` or `your log`, leading there; an action of a pairing alone says so."""
    if row.log:
        return format_html('<a href="{}">your log</a>', reverse("log", args=[row.log]))
    if row.meeting and row.met_at:
        day = clock.local_date(row.met_at, reader.zone)
        is_near = abs((clock.local_date(reader.at, reader.zone) - day).days) < 7  # noqa: PLR2004 - days of a week
        words = f"meeting, {day:%a}" if is_near else f"meeting, {_day(day)}"
        return format_html('<a href="{}">{}</a>', reverse("meeting", args=[row.meeting]), words)
    return SafeString("agreed outside a meeting")
