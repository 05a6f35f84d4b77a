"""Cohort health: marks and words for each scholar, and 1-1s only where they may be read."""

from __future__ import annotations

import csv
import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cohorts.models import Leave, Phase, Role
from mats.identity.transaction import acting
from mats.pages.cohort_health import Health, read_health
from mats.pages.cohort_health.lines import ScholarLine
from mentorship.models import Action, Meeting, PairingWeek, WeeklyLog
from tests.cast import (
    FIRST_DAY,
    LAST_DAY,
    LONG_AGO,
    WEEK_SIX,
    a_cohort,
    a_log,
    a_meeting,
    a_pairing,
    a_person,
    a_place,
    week_start,
)
from tests.coaching.conftest import a_one_on_one

DAY = dt.timedelta(days=1)


def read(cast, at=WEEK_SIX, cohort=None, **wanted) -> Health:
    with acting(cast.staff, at):
        return read_health(cohort or cast.cohort, cast.staff, at, {kind: str(key) for kind, key in wanted.items()})


def line_of(cast, name="Sana Scholar", at=WEEK_SIX) -> ScholarLine:
    return next(line for line in read(cast, at).lines if line.name == name)


def states(weeks) -> dict[int, str]:
    return {week.number: week.word for week in weeks}


def facts(line: ScholarLine) -> list[str]:
    return [reason.words for reason in line.facts]


def page(cast, person, cohort=None, query="") -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(f"/c/{(cohort or cast.cohort).slug}/health/{query}")
    return answer.status_code, answer.content.decode()


def row(cast, name: str, person=None) -> str:
    """What a screen reader says of one scholar's row."""
    _, content = page(cast, person or cast.staff)
    line = next(line for line in content.split("<tr>")[1:] if name in line)
    line = re.sub(r'aria-label="([^"]*)">[^<]*', r">\1;", line)
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

    assert states(line_of(cast).logs) == {1: "on_time", 2: "late", 3: "missing", 4: "away", 6: "due"}


def test_row_says_the_logs_in_words(cast):
    a_log(cast.place["scholar"], 3)
    a_log(cast.place["scholar"], 5, done="On time.")

    said = row(cast, "Sana Scholar")

    assert "week 3: missing; week 5: on time; week 6: not due yet;" in said
    assert said.endswith("no log for week 3 ; no 1-1 yet")


# Meetings


def test_meetings_are_met_not_met_unknown_away_or_due(cast):
    meeting_of_week(cast, 1, outcome="met")
    meeting_of_week(cast, 2, outcome="did_not_meet")
    meeting_of_week(cast, 3)
    meeting_of_week(cast, 4)
    away(cast, 4)
    week = {"pairing": cast.pairing, "week_starts_on": week_start(5), "number": 5, "created_at": LONG_AGO}
    PairingWeek.objects.create(closes_at=WEEK_SIX - 3 * DAY, **week)

    assert states(line_of(cast).meetings) == {
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

    assert states(line_of(cast).meetings) == {6: "running"}


def test_row_says_the_meetings_in_words(cast):
    meeting_of_week(cast, 1, outcome="met")
    meeting_of_week(cast, 2, outcome="did_not_meet")
    meeting_of_week(cast, 3, outcome="did_not_meet")

    said = row(cast, "Sana Scholar")

    assert "week 1: met; week 2: did not meet; week 3: did not meet; week 6: not due yet;" in said
    assert said.endswith("did not meet in weeks 2 and 3 ; no 1-1 yet")


def test_one_of_two_mentors_met_is_met(cast):
    meeting_of_week(cast, 1, outcome="did_not_meet")
    second = a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)
    starts = dt.datetime.combine(week_start(1) + DAY, dt.time(9), tzinfo=dt.UTC)
    a_meeting(
        second, 1, starts, outcome="met", outcome_at=starts, held=(starts, starts + dt.timedelta(minutes=9)),
        ended_at=starts + dt.timedelta(minutes=9),
    )  # fmt: skip

    assert states(line_of(cast).meetings)[1] == "met"


# 1-1s


def test_one_on_ones_are_bare_facts_by_week(cast):
    a_one_on_one(cast, week_start(2))
    a_one_on_one(cast, week_start(5) + 6 * DAY)

    assert states(line_of(cast).one_on_ones) == {
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

    line = line_of(cast)
    assert (line.one_on_ones, line.one_on_one_is_overdue, facts(line)) == (None, False, [])
    assert line_of(cast, "Otto Scholar").one_on_ones is not None
    assert "you mentor this scholar" in row(cast, "Sana Scholar")


def test_page_of_a_mentoring_staff_member_is_the_same_with_and_without_one_on_ones(cast):
    a_pairing(cast.place["scholar"], staff_who_mentors(cast), is_lead=False)
    once_only = re.compile(r'name="\w+" value="[\w-]+"|"x-csrftoken": "\w+"')
    before = once_only.sub("", page(cast, cast.staff)[1])
    a_one_on_one(cast)

    assert once_only.sub("", page(cast, cast.staff)[1]) == before


@pytest.mark.parametrize(
    ("held", "words"), [((), ["no 1-1 yet"]), ((1, 3), ["no 1-1 since week 3"]), ((4,), []), ((6,), [])]
)
def test_one_on_one_that_is_overdue_is_said(cast, held, words):
    for number in held:
        a_one_on_one(cast, week_start(number) + 2 * DAY)

    assert facts(line_of(cast)) == words


# In words


def test_words_say_who_is_not_paired_and_the_actions_column_what_is_late(cast):
    lone = a_place(a_person("Una Unpaired"), cast.cohort, Role.SCHOLAR)
    facts_of = {"pairing": cast.pairing, "owner": cast.place["scholar"], "added_by": cast.scholar}
    for what, due_on, done_at in (("Late", -1, None), ("Due today", 0, None), ("Done", -1, WEEK_SIX)):
        day = WEEK_SIX.date() + due_on * DAY
        Action.objects.create(what=what, due_on=day, done_at=done_at, created_at=LONG_AGO, **facts_of)

    assert (line_of(cast).late_actions, line_of(cast).open_actions) == (1, 2)
    assert facts(line_of(cast, lone.person.name)) == ["not paired yet"]
    assert "1 late" in row(cast, "Sana Scholar")


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
    assert read(cast, at).weeks_so_far == words


def test_head_counts_people_in_the_cohorts_own_words(cast):
    type(cast.cohort).objects.filter(pk=cast.cohort.pk).update(coach_label="guide", coach_label_plural="guides")

    _, content = page(cast, cast.staff)

    assert re.findall(r'role=(\w+)">([^<]+)</a>', content) == [
        ("scholar", "2 scholars"), ("mentor", "3 mentors"), ("coach", "3 guides"),
    ]  # fmt: skip
    assert "week 6 of 14" in content


def test_name_is_text_and_not_markup(cast):
    cast.scholar.name = "<b>Sana</b> & Co"
    cast.scholar.save()

    assert "&lt;b&gt;Sana&lt;/b&gt; &amp; Co" in page(cast, cast.staff)[1]


def test_cohort_without_scholars_says_what_will_stand_there(cast):
    empty = a_cohort("Autumn 2027", "autumn-2027")
    a_place(cast.staff, empty, Role.STAFF)

    assert "Add people first." in page(cast, cast.staff, empty)[1]


# The cohort's days


def at_noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "where"),
    [
        (FIRST_DAY - DAY, "begins Mon 4 Jan"),
        (FIRST_DAY, "week 1 of 14"),
        (LAST_DAY, "week 14 of 14"),
        (LAST_DAY + DAY, "ended Sun 11 Apr"),
    ],
)
def test_head_says_where_the_cohort_stands(cast, day, where):
    assert read(cast, at_noon(day)).where == where


@pytest.mark.parametrize("day", [FIRST_DAY - DAY, LAST_DAY + DAY])
def test_nobody_needs_someone_before_the_first_day_or_after_the_last(cast, day):
    for number in range(1, 6):
        a_log(cast.place["scholar"], number)

    assert read(cast, at_noon(day)).cases == []


def test_weeks_of_a_phase_that_follows_are_its_own(cast):
    first = LAST_DAY + DAY
    Phase.objects.create(
        cohort=cast.cohort, kind="term", total_months=6, starts_on=first, ends_on=first + 80 * DAY, created_at=LONG_AGO
    )
    later = a_log(cast.place["scholar"], 15)
    WeeklyLog.objects.filter(pk=later.pk).update(number=1)

    assert states(line_of(cast, at=at_noon(first + DAY)).logs) == {1: "due"}


# Filters


def test_filters_narrow_the_rows_and_combine(cast):
    london = cast.cohort.sites.get()
    cast.place["scholar"].stays.update(site=london)

    assert [line.name for line in read(cast, site=london.pk).lines] == ["Sana Scholar"]
    assert [line.name for line in read(cast, mentor=cast.place["both_as_mentor"].pk).lines] == ["Otto Scholar"]
    assert [line.name for line in read(cast, coach=cast.place["coach"].pk).lines] == ["Sana Scholar"]
    assert read(cast, site=london.pk, mentor=cast.place["both_as_mentor"].pk).lines == []


def test_filter_by_mentor_finds_both_scholars_of_today_and_not_of_before(cast):
    second = a_pairing(cast.place["other_scholar"], cast.place["other_mentor"], is_lead=False)
    second.ends_on = WEEK_SIX.date() - DAY
    second.save()
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False)

    assert [line.name for line in read(cast, mentor=cast.place["other_mentor"].pk).lines] == ["Sana Scholar"]


@pytest.mark.parametrize("query", ["?site=1", "?mentor=%00", "?coach=", "?site[]=x&mentor='--", "?page=-1&coach=%FF"])
def test_unknown_filters_are_ignored(cast, query):
    status, content = page(cast, cast.staff, query=query)

    assert status == 200
    assert "Otto Scholar" in content


def test_places_of_another_cohort_are_no_filters(cast):
    elsewhere = a_place(a_person("Ellis Mentor"), cast.other_cohort, Role.MENTOR)

    assert read(cast, mentor=elsewhere.pk).filters.chosen == {}
    assert "Ellis Mentor" not in page(cast, cast.staff, query=f"?mentor={elsewhere.pk}")[1]


def test_filter_in_use_is_marked_and_stays_in_the_other_links(cast):
    mentor, coach = cast.place["mentor"].pk, cast.place["coach"].pk

    content = page(cast, cast.staff, query=f"?mentor={mentor}")[1]

    assert f'<a href="?mentor={mentor}" aria-current="true">Mira Mentor</a>' in content
    assert f'<a href="?mentor={mentor}&amp;coach={coach}">Cleo Coach</a>' in content
    assert f"health.csv?mentor={mentor}" in content


def test_page_asks_as_much_at_one_scholar_as_at_thirty(cast):
    with CaptureQueriesContext(connection) as few:
        page(cast, cast.staff)
    for number in range(30):
        place = a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
        a_pairing(place, cast.place["mentor"])
        a_log(place, 5)
    with CaptureQueriesContext(connection) as many:
        page(cast, cast.staff)

    assert len(many) == len(few)


# Links


def test_every_mark_leads_to_its_row(cast):
    content = page(cast, cast.staff)[1]

    assert f'<a href="/logs/{cast.log.pk}/" class="glyph glyph-quiet" aria-label="week 6: not due yet">' in content
    assert f'<a href="/meetings/{cast.meeting.pk}/" class="glyph glyph-quiet" aria-label="week 6:' in content
    assert f'<a href="/people/{cast.place["scholar"].pk}/timeline/">Sana Scholar</a>' in content


# The file


def file_of(cast, query="") -> list[list[str]]:
    client = Client()
    client.force_login(cast.staff)
    answer = client.get(f"/c/{cast.cohort.slug}/health.csv{query}")
    assert answer["Cache-Control"] == "no-store"
    return list(csv.reader(answer.content.decode().splitlines()))


def test_file_holds_the_rows_shown(cast):
    a_log(cast.place["scholar"], 5, done="On time.")
    a_one_on_one(cast, week_start(5))

    head, otto, sana = file_of(cast)

    assert head[:3] == ["scholar", "needs someone", "log week 1"]
    assert otto[0] == "Otto Scholar"
    found = dict(zip(head, sana, strict=True))
    assert (found["log week 5"], found["log week 6"], found["meeting week 6"]) == (
        "on time",
        "not due yet",
        "not due yet",
    )
    assert (found["1-1 week 5"], found["1-1 week 4"], found["actions late"]) == ("took place", "none", "0")


def test_file_obeys_the_filters(cast):
    assert [line[0] for line in file_of(cast, f"?coach={cast.place['coach'].pk}")[1:]] == ["Sana Scholar"]


def test_file_leaves_one_on_ones_out_for_staff_who_mentor(cast):
    a_one_on_one(cast, week_start(5))
    a_pairing(cast.place["scholar"], staff_who_mentors(cast), is_lead=False)

    head, _, sana = file_of(cast)

    told = [cell for name, cell in zip(head, sana, strict=True) if name.startswith("1-1")]
    assert set(told) == {"you mentor this scholar"}
    assert "1-1" not in sana[head.index("in words")] + sana[head.index("needs someone")]


def test_file_holds_no_formula(cast):
    cast.scholar.name = "=HYPERLINK(0)"
    cast.scholar.save()

    assert file_of(cast)[1][0] == "'=HYPERLINK(0)"


# Who may see it


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("scholar", 403), ("mentor", 403), ("coach", 403), ("staff_elsewhere", 404), ("stranger", 404)],
)
def test_cohort_health_is_for_its_staff(cast, who, status):
    assert page(cast, getattr(cast, who))[0] == status
