"""Cohort health: marks and words for each scholar, and 1-1s only where they may be read."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.test import Client

from cohorts.models import Leave, Role
from mats.identity.transaction import acting
from mats.pages.cohort_health import ScholarLine, read_health, weeks_in_words
from mentorship.models import Action, Meeting, PairingWeek
from tests.cast import LONG_AGO, WEEK_SIX, a_cohort, a_log, a_meeting, a_pairing, a_person, a_place, week_start
from tests.coaching.conftest import a_one_on_one

DAY = dt.timedelta(days=1)


def line_of(cast, name="Sana Scholar", reader=None, at=WEEK_SIX) -> ScholarLine:
    reader = reader or cast.staff
    with acting(reader, at):
        return next(line for line in read_health(cast.cohort, reader, at).lines if line.name == name)


def page(cast, person, cohort=None) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(f"/c/{(cohort or cast.cohort).slug}/health/")
    return answer.status_code, answer.content.decode()


def row(cast, name: str, person=None) -> str:
    """What a screen reader says of one scholar's row."""
    _, content = page(cast, person or cast.staff)
    line = next(line for line in content.split("<tr>") if name in line)
    line = re.sub(r'<span[^>]*aria-hidden="true"[^>]*>[^<]*</span>', "", line.partition("</tr>")[0])
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", line)).split())


def meeting_of_week(cast, number: int, **fields) -> Meeting:
    starts = dt.datetime.combine(week_start(number) + 3 * DAY, dt.time(14), tzinfo=dt.UTC)
    if fields.get("outcome") == "met":
        fields |= {"held": (starts, starts + dt.timedelta(minutes=25)), "ended_at": starts + dt.timedelta(minutes=25)}
    if "outcome" in fields:
        fields["outcome_at"] = starts + dt.timedelta(hours=1)
    return a_meeting(cast.pairing, number, starts, **fields)


def away(cast, number: int) -> None:
    Leave.objects.create(
        membership=cast.place["scholar"],
        starts_on=week_start(number),
        ends_on=week_start(number) + 6 * DAY,
        created_at=LONG_AGO,
    )


# Logs


def test_logs_are_on_time_late_missing_away_or_due(cast):
    scholar = cast.place["scholar"]
    a_log(scholar, 1, done="On time.")
    late = a_log(scholar, 2, done="Late.")
    late.submitted_at = late.due_at + DAY
    late.save()
    a_log(scholar, 3)
    a_log(scholar, 4)
    away(cast, 4)
    a_log(scholar, 7)

    assert line_of(cast).logs == {1: "on_time", 2: "late", 3: "missing", 4: "away", 6: "due"}


def test_row_says_the_logs_in_words(cast):
    a_log(cast.place["scholar"], 3)
    a_log(cast.place["scholar"], 5, done="On time.")

    said = row(cast, "Sana Scholar")

    assert "week 3 missing; week 5 on time; week 6 not due yet;" in said
    assert said.endswith("no log for week 3; no 1-1 yet")


# Meetings


def test_meetings_are_met_not_met_unknown_away_or_due(cast):
    meeting_of_week(cast, 1, outcome="met")
    meeting_of_week(cast, 2, outcome="did_not_meet")
    meeting_of_week(cast, 3)
    meeting_of_week(cast, 4)
    away(cast, 4)
    week = {"pairing": cast.pairing, "week_starts_on": week_start(5), "number": 5, "created_at": LONG_AGO}
    PairingWeek.objects.create(closes_at=WEEK_SIX - 3 * DAY, **week)

    assert line_of(cast).meetings == {
        1: "met",
        2: "did_not_meet",
        3: "unknown",
        4: "away",
        5: "did_not_meet",
        6: "due",
    }


def test_meeting_is_going_on_while_it_is_held(cast):
    held = (WEEK_SIX - dt.timedelta(minutes=5), WEEK_SIX + dt.timedelta(minutes=25))
    Meeting.objects.filter(pk=cast.meeting.pk).update(held=held)

    assert line_of(cast).meetings == {6: "running"}


def test_row_says_the_meetings_in_words(cast):
    meeting_of_week(cast, 1, outcome="met")
    meeting_of_week(cast, 2, outcome="did_not_meet")
    meeting_of_week(cast, 3, outcome="did_not_meet")

    said = row(cast, "Sana Scholar")

    assert "week 1 met; week 2 did not meet; week 3 did not meet; week 6 not due yet;" in said
    assert said.endswith("did not meet in weeks 2 and 3")


def test_one_of_two_mentors_met_is_met(cast):
    meeting_of_week(cast, 1, outcome="did_not_meet")
    second = a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    starts = dt.datetime.combine(week_start(1) + DAY, dt.time(9), tzinfo=dt.UTC)
    a_meeting(
        second, 1, starts, outcome="met", outcome_at=starts, held=(starts, starts + dt.timedelta(minutes=9)),
        ended_at=starts + dt.timedelta(minutes=9),
    )  # fmt: skip

    assert line_of(cast).meetings[1] == "met"


# 1-1s


def test_one_on_ones_are_bare_facts_by_week(cast):
    a_one_on_one(cast, week_start(2))
    a_one_on_one(cast, week_start(5) + 6 * DAY)

    assert line_of(cast).one_on_ones == {
        1: "none",
        2: "took_place",
        3: "none",
        4: "none",
        5: "took_place",
        6: "none",
    }


def staff_who_mentors(cast):
    cast.place["staff_as_mentor"] = a_place(cast.staff, cast.cohort, Role.MENTOR)
    return cast.place["staff_as_mentor"]


@pytest.mark.parametrize("ends_on", [dt.date(2027, 4, 11), dt.date(2027, 1, 10)], ids=["mentors", "mentored"])
def test_one_on_ones_of_a_scholar_that_staff_mentor_or_mentored_are_left_out(cast, ends_on):
    a_one_on_one(cast, week_start(2))
    a_pairing(cast.place["scholar"], staff_who_mentors(cast), is_lead=False, ends_on=ends_on)

    assert line_of(cast).one_on_ones is None
    assert line_of(cast, "Otto Scholar").one_on_ones is not None
    assert "you mentor this scholar" in row(cast, "Sana Scholar")


def test_page_of_a_mentoring_staff_member_is_the_same_with_and_without_one_on_ones(cast):
    a_pairing(cast.place["scholar"], staff_who_mentors(cast), is_lead=False)
    once_only = re.compile(r'name="\w+" value="[\w-]+"|"x-csrftoken": "\w+"')
    before = once_only.sub("", page(cast, cast.staff)[1])
    a_one_on_one(cast)

    assert once_only.sub("", page(cast, cast.staff)[1]) == before


# In words


def test_words_say_late_actions_and_who_is_not_paired(cast):
    lone = a_place(a_person("Una Unpaired"), cast.cohort, Role.SCHOLAR)
    facts = {"pairing": cast.pairing, "owner": cast.place["scholar"], "added_by": cast.scholar, "created_at": LONG_AGO}
    Action.objects.create(what="Late", due_on=WEEK_SIX.date() - DAY, **facts)
    Action.objects.create(what="Due today", due_on=WEEK_SIX.date(), **facts)
    Action.objects.create(what="Done", due_on=WEEK_SIX.date() - DAY, done_at=WEEK_SIX, **facts)

    assert line_of(cast).in_words == ["1 action late"]
    assert line_of(cast, lone.person.name).in_words == ["not paired yet"]


@pytest.mark.parametrize(
    ("held", "words"),
    [((), ["no 1-1 yet"]), ((1, 3), ["no 1-1 since week 3"]), ((4,), []), ((6,), []), (None, [])],
)
def test_three_weeks_without_a_one_on_one_are_said(held, words):
    weeks = range(1, 7)
    facts = None if held is None else {week: "took_place" if week in held else "none" for week in weeks}
    assert ScholarLine("", "Sana", logs=dict.fromkeys(weeks, "on_time"), one_on_ones=facts).in_words == words


def test_scholar_who_came_late_is_not_said_to_lack_a_one_on_one():
    facts = dict.fromkeys(range(1, 7), "none")
    assert ScholarLine("", "Sana", logs={5: "on_time", 6: "on_time"}, one_on_ones=facts).in_words == []


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (-1, "a mark for each week will stand here once it has begun"),
        (0, "a mark for week 1"),
        (7, "weeks 1 to 2 from left to right"),
    ],
)
def test_caption_names_the_weeks_so_far(cast, day, words):
    at = dt.datetime.combine(week_start(1) + day * DAY, dt.time(12), tzinfo=dt.UTC)
    with acting(cast.staff, at):
        assert read_health(cast.cohort, cast.staff, at).weeks_so_far == words


@pytest.mark.parametrize(
    ("numbers", "words"), [([4], "week 4"), ([5, 4], "weeks 4 and 5"), ([1, 2, 7], "weeks 1, 2 and 7")]
)
def test_weeks_in_words(numbers, words):
    assert weeks_in_words(numbers) == words


def test_head_counts_people_in_the_cohorts_own_words(cast):
    type(cast.cohort).objects.filter(pk=cast.cohort.pk).update(coach_label="guide", coach_label_plural="guides")

    _, content = page(cast, cast.staff)

    assert "2 scholars · 3 mentors · 3 guides" in content
    assert "week 6 of 14" in content


def test_name_is_text_and_not_markup(cast):
    cast.scholar.name = "<b>Sana</b> & Co"
    cast.scholar.save()

    assert "&lt;b&gt;Sana&lt;/b&gt; &amp; Co" in page(cast, cast.staff)[1]


def test_cohort_without_scholars_says_what_will_stand_there(cast):
    empty = a_cohort("Autumn 2027", "autumn-2027")
    a_place(cast.staff, empty, Role.STAFF)

    assert "Add people first." in page(cast, cast.staff, empty)[1]


# Who may see it


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("scholar", 403), ("mentor", 403), ("coach", 403), ("staff_elsewhere", 404), ("stranger", 404)],
)
def test_cohort_health_is_for_its_staff(cast, who, status):
    assert page(cast, getattr(cast, who))[0] == status
