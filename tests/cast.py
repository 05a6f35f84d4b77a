"""The named cast of the tests: one of everybody, and a stranger who belongs nowhere.

Week 1 of the cohort starts on Monday 4 January 2027; `WEEK_SIX` is the Wednesday of week 6.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from cohorts.models import Caseload, Cohort, Membership, Milestone, Person, Phase, Role, Site, Stay
from mats.clock import now
from mentorship.deadlines import round_moments
from mentorship.models import (
    Attendance,
    Meeting,
    Pairing,
    PairingWeek,
    Review,
    Round,
    Submission,
    SubmittedText,
    WeeklyLog,
)

WEEK_SIX = dt.datetime(2027, 2, 10, 12, 0, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2027, 1, 4)
LAST_DAY = dt.date(2027, 4, 11)
LONG_AGO = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)
LONDON = "Europe/London"


def _a_new_person(name: str, **fields) -> Person:
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    person = Person(email=email, name=name, time_zone=fields.pop("time_zone", LONDON), created_at=now(), **fields)
    person.set_unusable_password()
    return person


def a_person(name: str, **fields) -> Person:
    password = fields.pop("password", None)
    person = _a_new_person(name, **fields)
    person.set_password(password)
    person.save(force_insert=True)
    return person


def a_cohort(name: str = "Winter 2027", slug: str = "winter-2027", **fields) -> Cohort:
    """A launched cohort with its main phase and one site."""
    fields = {"time_zone": LONDON, "launched_at": LONG_AGO, "created_at": LONG_AGO, **fields}
    cohort = Cohort.objects.create(name=name, slug=slug, **fields)
    Phase.objects.create(cohort=cohort, starts_on=FIRST_DAY, ends_on=LAST_DAY, created_at=LONG_AGO)
    Site.objects.create(cohort=cohort, name="London", time_zone=LONDON, created_at=LONG_AGO)
    return cohort


def a_place(person: Person, cohort: Cohort, role: str) -> Membership:
    """A membership with its stay through the whole main phase."""
    return places_in(cohort, [(person, role)])[0]


def places_in(cohort: Cohort, people: list[tuple[Person, str]]) -> list[Membership]:
    """Memberships, accepted long ago, each with its stay through the whole main phase."""
    accepted = {"cohort": cohort, "accepted_at": LONG_AGO, "first_hour_at": LONG_AGO, "created_at": LONG_AGO}
    places = Membership.objects.bulk_create(Membership(person=person, role=role, **accepted) for person, role in people)
    phase = cohort.phases.get(kind="main")
    days = {"starts_on": FIRST_DAY, "ends_on": LAST_DAY, "time_zone": LONDON, "created_at": LONG_AGO}
    Stay.objects.bulk_create(Stay(membership=place, phase=phase, **days) for place in places)
    return places


def not_accepted(place: Membership) -> Membership:
    """The place as it is before anybody comes in."""
    Membership.objects.filter(pk=place.pk).update(accepted_at=None)
    return place


def a_pairing(scholar: Membership, mentor: Membership, **fields) -> Pairing:
    fields = {"starts_on": FIRST_DAY, "ends_on": LAST_DAY, "created_at": LONG_AGO, **fields}
    return Pairing.objects.create(cohort=scholar.cohort, scholar=scholar, mentor=mentor, **fields)


def a_caseload(scholar: Membership, coach: Membership, **fields) -> Caseload:
    fields = {"starts_on": FIRST_DAY, "ends_on": LAST_DAY, "created_at": LONG_AGO, **fields}
    return Caseload.objects.create(cohort=scholar.cohort, scholar=scholar, coach=coach, **fields)


def week_start(number: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(weeks=number - 1)


def a_log(scholar: Membership, number: int, **fields) -> WeeklyLog:
    """The log of one week, due on its Wednesday at 18:00 London; not written unless `done` is given."""
    due = dt.datetime.combine(week_start(number) + dt.timedelta(days=2), dt.time(18), tzinfo=ZoneInfo(LONDON))
    if "done" in fields:
        fields.setdefault("submitted_at", due - dt.timedelta(hours=1))
    fields = {"due_at": due, "created_at": LONG_AGO, **fields}
    return WeeklyLog.objects.create(scholar=scholar, week_starts_on=week_start(number), number=number, **fields)


def a_meeting(pairing: Pairing, number: int, starts: dt.datetime, *, minutes: int = 30, **fields) -> Meeting:
    """A planned meeting that counts for one week of the pairing."""
    planned = (starts, starts + dt.timedelta(minutes=minutes))
    meeting = Meeting.objects.create(cohort=pairing.cohort, planned=planned, created_at=LONG_AGO, **fields)
    for membership in (pairing.scholar, pairing.mentor):
        Attendance.objects.create(
            meeting=meeting, person=membership.person, during=planned, is_live=fields.get("is_live", True)
        )
    closes = dt.datetime.combine(week_start(number + 1), dt.time(0), tzinfo=ZoneInfo(LONDON))
    PairingWeek.objects.create(
        pairing=pairing,
        week_starts_on=week_start(number),
        number=number,
        closes_at=closes,
        meeting=meeting,
        created_at=LONG_AGO,
    )
    return meeting


@dataclass
class Cast:
    """People by who they are to `scholar`; memberships under the same name in `place`."""

    cohort: Cohort
    other_cohort: Cohort
    scholar: Person
    other_scholar: Person
    mentor: Person
    other_mentor: Person
    coach: Person
    other_coach: Person
    staff: Person
    staff_elsewhere: Person
    mentor_and_coach: Person
    stranger: Person
    disabled: Person
    place: dict[str, Membership] = field(default_factory=dict)
    pairing: Pairing | None = None
    caseload: Caseload | None = None
    log: WeeklyLog | None = None
    meeting: Meeting | None = None


def build_cast() -> Cast:
    """`scholar` has `mentor` and `coach`. `mentor_and_coach` stands in the data as both of
    `other_scholar`, which no form allows: there the mentor's side wins."""
    cohort, elsewhere = a_cohort(), a_cohort("Summer 2027", "summer-2027")
    people = {
        "scholar": _a_new_person("Sana Scholar"),
        "other_scholar": _a_new_person("Otto Scholar"),
        "mentor": _a_new_person("Mira Mentor"),
        "other_mentor": _a_new_person("Omar Mentor"),
        "coach": _a_new_person("Cleo Coach"),
        "other_coach": _a_new_person("Odd Coach"),
        "staff": _a_new_person("Stella Staff"),
        "staff_elsewhere": _a_new_person("Elsa Staff"),
        "mentor_and_coach": _a_new_person("Bo Both"),
        "stranger": _a_new_person("Nobody Known"),
        "disabled": _a_new_person("Dan Disabled", is_active=False),
    }
    Person.objects.bulk_create(people.values())
    cast = Cast(cohort=cohort, other_cohort=elsewhere, **people)
    named = [
        ("scholar", cast.scholar, Role.SCHOLAR),
        ("other_scholar", cast.other_scholar, Role.SCHOLAR),
        ("mentor", cast.mentor, Role.MENTOR),
        ("other_mentor", cast.other_mentor, Role.MENTOR),
        ("coach", cast.coach, Role.COACH),
        ("other_coach", cast.other_coach, Role.COACH),
        ("staff", cast.staff, Role.STAFF),
        ("disabled", cast.disabled, Role.STAFF),
        ("both_as_mentor", cast.mentor_and_coach, Role.MENTOR),
        ("both_as_coach", cast.mentor_and_coach, Role.COACH),
    ]
    made = places_in(cohort, [(person, role) for _, person, role in named])
    cast.place = dict(zip([name for name, *_ in named], made, strict=True))
    cast.place["staff_elsewhere"] = a_place(cast.staff_elsewhere, elsewhere, Role.STAFF)
    cast.pairing = a_pairing(cast.place["scholar"], cast.place["mentor"])
    cast.caseload = a_caseload(cast.place["scholar"], cast.place["coach"])
    a_pairing(cast.place["other_scholar"], cast.place["both_as_mentor"])
    a_caseload(cast.place["other_scholar"], cast.place["both_as_coach"])
    cast.log = a_log(cast.place["scholar"], 6)
    cast.meeting = a_meeting(cast.pairing, 6, dt.datetime(2027, 2, 11, 14, 0, tzinfo=dt.UTC))
    return cast


# --- milestones -----------------------------------------------------------------------------------


def a_milestone(cohort: Cohort, kind: str = "plan", due_on: dt.date | None = None, **fields) -> Milestone:
    """Due at 18:00 London on the Friday of week 3, or on another day."""
    due_on = due_on or week_start(3) + dt.timedelta(days=4)
    due_at = dt.datetime.combine(due_on, dt.time(18), tzinfo=ZoneInfo(LONDON))
    fields = {"due_at": due_at, "created_at": LONG_AGO, **fields}
    return Milestone.objects.create(cohort=cohort, kind=kind, due_on=due_on, **fields)


def a_submission(milestone: Milestone, scholar: Membership, text: str = "", **fields) -> Submission:
    """What a scholar owes for a milestone; with `text` its first version was sent an hour before it was due."""
    sent_at = fields.get("submitted_at") or milestone.due_at - dt.timedelta(hours=1)
    if text:
        fields["submitted_at"] = sent_at
    fields = {"cohort": milestone.cohort, "due_at": milestone.due_at, "created_at": LONG_AGO, **fields}
    row = Submission.objects.create(milestone=milestone, scholar=scholar, **fields)
    if text:
        SubmittedText.objects.create(submission=row, number=1, text=text, sent_at=sent_at, created_at=sent_at)
    return row


def a_review(submission: Submission, **fields) -> Review:
    """What the submission's reader owes for its latest version, due in week seven."""
    text = submission.texts.order_by("-number")[0]
    due_at = dt.datetime.combine(week_start(7), dt.time(23, 59), tzinfo=ZoneInfo(LONDON))
    fields = {"text": text, "reader": submission.reader, "due_at": due_at, "created_at": text.sent_at, **fields}
    return Review.objects.create(submission=submission, **fields)


def a_round(cohort: Cohort, opens_on: dt.date | None = None, **days) -> Round:
    """A round (of the main phase): people apply in weeks 8 and 9, answers and letters by the end of week 11."""
    opens_on = opens_on or week_start(8)
    promised = week_start(12) - dt.timedelta(days=1)
    usual: dict[str, object] = {"closes_on": opens_on + dt.timedelta(days=13)}
    usual |= {"phase": cohort.main_phase, "answers_on": promised, "letters_on": promised}
    row = Round(cohort=cohort, opens_on=opens_on, created_at=LONG_AGO, **{**usual, **days})
    for field_name, moment in round_moments(row, cohort.time_zone).items():
        setattr(row, field_name, moment)
    row.save()
    return row
