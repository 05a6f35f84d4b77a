"""Planning a 1-1, moving it, calling it off: when it can be, and who is told what."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from coaching.actions.one_on_one import plan_one_on_one
from coaching.ahead import COACH, SCHOLAR, one_on_ones_ahead
from coaching.models import OneOnOne
from coaching.querysets import one_on_ones
from cohorts.actions.caseload import hand_over_caseload
from cohorts.actions.membership import remove_person
from cohorts.models import Caseload, Membership
from mats.identity.transaction import acting
from mentorship.actions.booking import plan_meeting
from mentorship.models import Meeting
from tests.cast import WEEK_SIX, a_caseload, a_meeting, a_pairing, a_person, a_place, not_accepted
from tests.coaching.conftest import FRIDAY, a_plan
from tests.coaching.test_note import OUTSIDERS, as_, page_of, unassign
from tests.mentorship.test_booking import HALF_AN_HOUR, a_week

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
THURSDAY_MEETING = dt.datetime(2027, 2, 11, 14, tzinfo=dt.UTC)


def plan_page(cast) -> str:
    return reverse("one_on_one_plan", args=[cast.place["scholar"].pk])


def sent(day="2027-02-12", starts="11:00", ends="11:45", **fields) -> dict:
    return {"_key": str(uuid.uuid4()), "day": day, "starts": starts, "ends": ends, **fields}


def of(one, **fields) -> dict:
    return {"_version": str(one.version), "_place": str(one.about_id), **sent(**fields)}


def planned(cast) -> list[tuple[dt.datetime, dt.datetime]]:
    with acting(cast.coach, WEEK_SIX):
        rows = OneOnOne.objects.filter(archived_at=None, planned__isnull=False).order_by("planned")
        return [(one.starts_at, one.ends_at) for one in rows]


def fresh(cast, one) -> OneOnOne:
    with acting(cast.coach, WEEK_SIX):
        return OneOnOne.objects.get(pk=one.pk)


def test_coach_plans_a_one_on_one(client, cast):
    answer = as_(client, cast.coach).post(plan_page(cast), sent())
    assert (answer.status_code, answer["Location"]) == (302, page_of(cast))
    assert planned(cast) == [(FRIDAY, FRIDAY + 45 * MINUTE)]


def test_end_left_empty_is_45_minutes_later(client, cast):
    as_(client, cast.coach).post(plan_page(cast), sent(ends=""))
    assert planned(cast) == [(FRIDAY, FRIDAY + 45 * MINUTE)]


def test_time_is_on_the_wall_of_the_coach_and_the_scholars_beside_it(client, cast):
    type(cast.coach).objects.filter(pk=cast.coach.pk).update(time_zone="America/New_York")
    as_(client, cast.coach).post(plan_page(cast), sent(starts="06:00", ends="06:45"))
    page = client.get(page_of(cast)).content.decode()
    assert planned(cast) == [(FRIDAY, FRIDAY + 45 * MINUTE)]
    assert "Fri 12 Feb 06:00 · 11:00 London" in page


def test_coach_and_scholar_never_come_from_the_form(client, cast):
    forged = {"coach": cast.place["other_coach"].pk, "about": cast.place["other_scholar"].pk}
    as_(client, cast.coach).post(plan_page(cast), sent(**forged))
    with acting(cast.coach, WEEK_SIX):
        one = OneOnOne.objects.get()
    assert (one.coach_id, one.about_id) == (cast.place["coach"].pk, cast.place["scholar"].pk)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": "", "starts": "", "ends": ""}, "This field is required"),
        ({"ends": "11:00"}, "ends after it starts"),
        ({"ends": "14:00"}, "at most two hours; this would be 180 minutes"),
        ({"ends": "10:00"}, "at most two hours"),
        ({"day": "2027-02-10", "starts": "11:00", "ends": ""}, "This time has gone by"),
        ({"day": "2027-04-11", "starts": "23:30", "ends": "00:30"}, "with you until Sun 11 Apr; this is later"),
        ({"day": "9999-12-31", "starts": "23:50", "ends": ""}, "far off"),
        ({"day": "0001-01-01", "starts": "00:00", "ends": "00:10"}, "far off"),
        ({"day": "soon", "starts": "25:00"}, "Enter a valid"),
        ({"day": "2027-03-28", "starts": "01:30", "ends": ""}, "the clock jumps to 02:00"),
    ],
    ids=str,
)
def test_time_that_cannot_be_comes_back_with_words(client, cast, fields, words):
    answer = as_(client, cast.coach).post(plan_page(cast), sent(**fields))
    assert (answer.status_code, words in answer.content.decode(), planned(cast)) == (422, True, [])


def in_october(cast) -> None:
    cast.cohort.phases.update(ends_on=dt.date(2027, 12, 31))
    Caseload.objects.filter(pk=cast.caseload.pk).update(ends_on=dt.date(2027, 12, 31))


def test_three_hours_that_look_like_two_are_refused(client, cast):
    """On the last Sunday of October the clock in London goes from 02:00 back to 01:00."""
    in_october(cast)
    answer = as_(client, cast.coach).post(plan_page(cast), sent("2027-10-31", "00:30", "02:30"))
    assert (answer.status_code, "this would be 180" in answer.content.decode()) == (422, True)


def test_time_that_comes_twice_is_the_first(client, cast):
    in_october(cast)
    as_(client, cast.coach).post(plan_page(cast), sent("2027-10-31", "01:30", ""))
    first = dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert planned(cast) == [(first, first + 45 * MINUTE)]


def test_one_on_one_over_another_is_refused_with_its_time(client, cast):
    a_plan(cast)
    answer = as_(client, cast.coach).post(plan_page(cast), sent(starts="11:30", ends="12:00"))
    assert answer.status_code == 422
    assert "You have another 1-1 then: Fri 12 Feb 11:00–11:45. Choose another time." in answer.content.decode()


def test_coach_in_another_cohort_has_one_one_on_one_at_a_time(cast):
    a_plan(cast)
    scholar = a_place(a_person("Sam Summer"), cast.other_cohort, "scholar")
    a_caseload(scholar, a_place(cast.coach, cast.other_cohort, "coach"))
    with acting(cast.coach, WEEK_SIX), pytest.raises(ValidationError, match="You have another 1-1 then"):
        plan_one_on_one(about=scholar, by=cast.coach, at=WEEK_SIX, starts_at=FRIDAY, ends_at=FRIDAY + HOUR)


def test_scholar_with_two_coaches_in_two_cohorts_has_one_at_a_time_and_no_more_is_told(cast):
    """Who coaches whom is open within a cohort, and not beyond it."""
    a_plan(cast)
    scholar = a_place(cast.scholar, cast.other_cohort, "scholar")
    a_caseload(scholar, a_place(cast.other_coach, cast.other_cohort, "coach"))
    with acting(cast.other_coach, WEEK_SIX), pytest.raises(ValidationError) as refusal:
        plan_one_on_one(about=scholar, by=cast.other_coach, at=WEEK_SIX, starts_at=FRIDAY, ends_at=FRIDAY + HOUR)
    assert refusal.value.messages == ["There is another 1-1 at this time. Choose another time."]


def test_one_on_one_over_a_known_meeting_is_refused_and_says_when(client, cast):
    answer = as_(client, cast.coach).post(plan_page(cast), sent("2027-02-11", "13:45", "14:15"))
    assert answer.status_code == 422
    assert "Sana Scholar has a meeting then: Thu 11 Feb 14:00–14:30." in answer.content.decode()


def test_one_on_one_over_the_coachs_own_meeting_is_refused(client, cast):
    mentor = a_place(cast.coach, cast.cohort, "mentor")
    a_meeting(a_pairing(a_place(a_person("Tom"), cast.cohort, "scholar"), mentor), 6, FRIDAY)
    answer = as_(client, cast.coach).post(plan_page(cast), sent())
    assert "You have a meeting then: Fri 12 Feb 11:00–11:30." in answer.content.decode()


@pytest.mark.parametrize("shift", [-45 * MINUTE, 45 * MINUTE])
def test_back_to_back_is_fine(cast, shift):
    a_plan(cast)
    assert a_plan(cast, FRIDAY + shift).starts_at == FRIDAY + shift


def booking(cast, client, starts_at: dt.datetime) -> tuple[int, bytes]:
    """The mentor plans the meeting of next week at this time, by the form."""
    week = a_week(cast.pairing, number=7, id=uuid.UUID(int=7))
    form = {
        "_key": str(uuid.UUID(int=1)), "day": f"{starts_at:%Y-%m-%d}", "starts": f"{starts_at:%H:%M}",
        "ends": f"{starts_at + HALF_AN_HOUR:%H:%M}",
    }  # fmt: skip
    answer = as_(client, cast.mentor).post(reverse("meeting_plan", args=[week.pk]), form)
    return answer.status_code, answer.content, Meeting.objects.count()


def test_meeting_is_booked_over_a_one_on_one_and_the_mentor_gets_the_same_bytes(cast, client):
    """The same booking in a world without a 1-1 and in one with; the second is taken back first."""
    starts_at = FRIDAY + dt.timedelta(days=6)
    with transaction.atomic():
        without = booking(cast, client, starts_at)
        transaction.set_rollback(True)
    a_plan(cast, starts_at)
    assert booking(cast, client, starts_at) == without == (302, b"", 2)


def test_one_on_one_over_which_a_meeting_was_booked_says_so_to_its_two(cast, client):
    a_plan(cast, THURSDAY_MEETING + 5 * HOUR)
    week = a_week(a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False))
    with acting(cast.mentor, WEEK_SIX):
        start = THURSDAY_MEETING + 5 * HOUR
        plan_meeting(week=week, by=cast.other_mentor, at=WEEK_SIX, starts_at=start, ends_at=start + HALF_AN_HOUR)
    words = "At the same time as a meeting: choose another time."
    assert words in as_(client, cast.coach).get(page_of(cast)).content.decode()
    assert "at the same time as a meeting" in client.get(reverse("coaching")).content.decode()
    assert words in as_(client, cast.scholar).get(reverse("my_coaching")).content.decode()


def test_move_keeps_the_one_on_one_and_does_not_stand_in_its_own_way(cast, client):
    one = a_plan(cast)
    page = reverse("one_on_one_move", args=[one.pk])
    assert 'value="11:00"' in as_(client, cast.coach).get(page).content.decode()
    answer = client.post(page, of(one, starts="11:15", ends="12:00"))
    assert (answer["Location"], planned(cast)) == (page_of(cast), [(FRIDAY + 15 * MINUTE, FRIDAY + HOUR)])
    assert fresh(cast, one).version == 2


def test_move_without_an_end_keeps_the_length(cast, client):
    one = a_plan(cast)
    length = one.ends_at - one.starts_at
    as_(client, cast.coach).post(reverse("one_on_one_move", args=[one.pk]), of(one, starts="14:00", ends=""))
    assert planned(cast) == [(FRIDAY + 3 * HOUR, FRIDAY + 3 * HOUR + length)]


def test_two_tabs_that_move_one_meet_in_a_conflict(cast, client):
    one = a_plan(cast)
    page = reverse("one_on_one_move", args=[one.pk])
    as_(client, cast.coach).post(page, of(one, starts="12:00", ends="13:00"))
    answer = client.post(page, of(one, starts="15:00", ends="16:00"))
    assert (answer.status_code, "15:00" in answer.content.decode()) == (409, True)
    assert planned(cast) == [(FRIDAY + HOUR, FRIDAY + 2 * HOUR)]


def test_called_off_its_time_is_free_and_history_keeps_it(cast, client):
    one = a_plan(cast)
    answer = as_(client, cast.coach).post(reverse("one_on_one_call_off", args=[one.pk]), of(one))
    assert (answer["Location"], planned(cast)) == (page_of(cast), [])
    with acting(cast.coach, WEEK_SIX):
        assert [event.pgh_label for event in one.events.order_by("pgh_id")] == ["insert", "update"]
    assert a_plan(cast).starts_at == FRIDAY


def test_what_took_place_is_not_moved(cast, client):
    one = a_plan(cast)
    with acting(cast.coach, WEEK_SIX):
        OneOnOne.objects.update(missed_at=WEEK_SIX)
    answer = as_(client, cast.coach).post(reverse("one_on_one_move", args=[one.pk]), of(one))
    assert (answer.status_code, "said of this 1-1 already" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("name", ["plan", "move", "call_off", "said", "back"])
def test_addresses_of_a_plan_are_not_found_by_anyone_else(cast, client, who, name):
    one, nothing = a_plan(cast), uuid.uuid4()
    key = one.about_id if name == "plan" else one.pk
    as_(client, getattr(cast, who))
    for ask in (client.get, client.post):
        found, nonsense = (ask(reverse(f"one_on_one_{name}", args=[pk]), of(one)) for pk in (key, nothing))
        assert (found.status_code, found.content) == (404, nonsense.content)
    assert planned(cast) == [(FRIDAY, FRIDAY + 45 * MINUTE)]


@pytest.mark.parametrize("name", ["plan", "move"])
def test_coach_unassigned_with_the_page_open_gets_the_words_back_and_nothing_is_saved(cast, client, name):
    one = a_plan(cast)
    unassign(cast)
    key = one.about_id if name == "plan" else one.pk
    answer = as_(client, cast.coach).post(reverse(f"one_on_one_{name}", args=[key]), of(one, starts="15:15"))
    page = answer.content.decode()
    assert (answer.status_code, "You no longer coach this scholar" in page, "15:15" in page) == (403, True, True)


def test_plans_of_a_caseload_that_goes_to_another_coach_are_called_off(cast):
    """Their time is free for both coaches, and the reason stands in history."""
    before, after = a_plan(cast), a_plan(cast, FRIDAY + dt.timedelta(days=7))
    with acting(cast.staff, WEEK_SIX):
        hand_over_caseload(
            caseload=cast.caseload, coach=cast.place["other_coach"], by=cast.staff, at=WEEK_SIX, version=1,
            starts_on=dt.date(2027, 2, 15), reason="Cleo is leaving.",
        )  # fmt: skip
    assert (fresh(cast, before).archived_at, fresh(cast, after).archived_at) == (None, WEEK_SIX)
    with acting(cast.coach, WEEK_SIX):
        context = after.events.order_by("-pgh_id").first().pgh_context
    assert (context["person"], context["why"]) == (str(cast.staff.pk), "Cleo is leaving.")


def test_plans_of_a_scholar_who_is_removed_are_called_off(cast, client):
    one = a_plan(cast)
    with acting(cast.staff, WEEK_SIX):
        remove_person(
            membership=not_accepted(cast.place["scholar"]), by=cast.staff, at=WEEK_SIX, version=1, reason="Left."
        )
    assert as_(client, cast.coach).post(plan_page(cast), sent(starts="15:15", ends="")).status_code == 403
    # Back again, and so reads their own.
    Membership.objects.filter(pk=one.about_id).update(archived_at=None, accepted_at=WEEK_SIX)
    with acting(cast.scholar, WEEK_SIX):
        assert OneOnOne.objects.get(pk=one.pk).archived_at == WEEK_SIX


def test_plan_within_what_is_left_of_the_caseload_stays(cast):
    one = a_plan(cast)
    with acting(cast.staff, WEEK_SIX):
        Caseload.objects.filter(pk=cast.caseload.pk).update(ends_on=FRIDAY.date())
    assert fresh(cast, one).archived_at is None


def test_coach_who_mentors_the_scholar_on_paper_finds_no_page(cast, client):
    one = a_plan(cast)
    a_pairing(cast.place["scholar"], a_place(cast.coach, cast.cohort, "mentor"), is_lead=False)
    pages = [plan_page(cast), reverse("one_on_one_move", args=[one.pk])]
    assert [as_(client, cast.coach).post(page, of(one)).status_code for page in pages] == [404, 404]


def test_mentor_of_before_who_coaches_now_plans(cast, client):
    a_pairing(
        cast.place["scholar"], a_place(cast.coach, cast.cohort, "mentor"), is_lead=False,
        starts_on=dt.date(2027, 1, 4), ends_on=dt.date(2027, 1, 31),
    )  # fmt: skip
    assert as_(client, cast.coach).post(plan_page(cast), sent()).status_code == 302


def test_staff_who_mentor_the_scholar_call_them_off_too_and_learn_nothing(cast):
    a_pairing(cast.place["scholar"], a_place(cast.staff, cast.cohort, "mentor"), is_lead=False)
    one = a_plan(cast)
    with acting(cast.staff, WEEK_SIX):
        Caseload.objects.filter(pk=cast.caseload.pk).update(ends_on=dt.date(2027, 2, 10))
        assert OneOnOne.objects.count() == 0
    with acting(cast.coach, WEEK_SIX):
        assert OneOnOne.objects.get(pk=one.pk).archived_at == WEEK_SIX


def test_identity_is_put_back_after_the_databases_own_look(cast):
    with acting(cast.coach, WEEK_SIX), connection.cursor() as cursor:
        a_plan_here = OneOnOne(
            coach=cast.place["coach"], about=cast.place["scholar"], planned=(FRIDAY, FRIDAY + HOUR), created_at=WEEK_SIX
        )
        a_plan_here.save(force_insert=True)
        cursor.execute("SELECT current_setting('mats.person'), current_setting('mats.purpose', true)")
        assert cursor.fetchone() == (str(cast.coach.pk), "")


@pytest.mark.parametrize(
    "span",
    [
        "empty", "(,)", "[2027-02-12 11:00+00,)", "[2027-02-12 11:00+00,infinity)",
        "[2027-02-12 11:00+00,2027-02-12 13:01+00)",
    ],
)  # fmt: skip
def test_sql_cannot_store_a_range_that_is_no_time(cast, span):
    with (
        acting(cast.coach, WEEK_SIX),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute(
            "INSERT INTO coaching_oneonone (id, version, created_at, coach_id, about_id, planned)"
            " VALUES (%s, 1, %s, %s, %s, %s)",
            [uuid.uuid4(), WEEK_SIX, cast.place["coach"].pk, cast.place["scholar"].pk, span],
        )


def test_next_planned_and_what_waits_for_a_word(cast):
    past, ahead = a_plan(cast), a_plan(cast, FRIDAY + dt.timedelta(days=3))
    monday = FRIDAY + dt.timedelta(days=2)
    with acting(cast.coach, monday):
        [mine] = one_on_ones_ahead(cast.coach, monday, [COACH])
    assert (mine.unsaid, mine.planned) == (past.starts_at, ahead.starts_at)
    with acting(cast.scholar, monday):
        [mine] = one_on_ones_ahead(cast.scholar, monday, [SCHOLAR])
    assert (mine.unsaid, mine.planned, mine.other) == (None, ahead.starts_at, "Cleo Coach")
    for who in (cast.mentor, cast.staff, cast.other_scholar):
        with acting(who, monday):
            assert one_on_ones(who, monday, [past.about_id]) == {}
