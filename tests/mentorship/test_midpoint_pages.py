"""The pages of the mid-point: one scholar's lines, and a cohort's list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from mentorship.actions.midpoint import receive_line
from mentorship.models import MidpointLine, Talk
from tests.cast import FIRST_DAY, LAST_DAY, WEEK_SIX, a_log, a_pairing, a_person, a_place
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import (
    BECAUSE,
    DAY,
    DUE,
    WOULD_CHANGE,
    a_co_mentor,
    a_line,
    a_support_plan,
    a_talk,
    given,
    letters,
    page,
    statuses,
)


def received(line: MidpointLine, at: dt.datetime = WEEK_SIX, version: int | None = None) -> MidpointLine:
    version = version or MidpointLine.objects.get(pk=line.pk).version
    return receive_line(line=line, by=line.scholar.person, at=at, version=version)


# One scholar’s lines


def test_line_is_read_by_scholar_mentors_and_staff(cast, client):
    assert statuses(cast, client, "midpoint_line", a_line(cast, view="on_course")) == {
        "scholar": 200, "other_scholar": 404, "mentor": 200, "other_mentor": 404, "coach": 404, "staff": 200,
        "staff_elsewhere": 404, "stranger": 404,
    }  # fmt: skip


def test_line_that_is_not_given_is_there_for_its_mentor_and_staff(cast, client):
    a_co_mentor(cast)
    found = statuses(cast, client, "midpoint_line", a_line(cast))
    assert {who for who, status in found.items() if status == 200} == {"mentor", "staff"}


@pytest.mark.parametrize("who", ["scholar", "mentor", "other_mentor", "staff"])
def test_two_mentors_lines_stand_side_by_side_for_everybody(cast, client, who):
    a_co_mentor(cast)
    line = a_line(cast, view="on_course", because="A clean probe.")
    a_line(cast, "other_mentor", view="not_now", because="No theory of change.")
    body = page(cast, client, who, "midpoint_line", line).content.decode()
    for words in ("On course", "A clean probe.", "Not as things stand", "No theory of change.", WOULD_CHANGE):
        assert words in body
    assert body.index("Mira Mentor</h2>") < body.index("Omar Mentor</h2>")


def test_what_a_mentor_has_not_given_is_not_told_to_the_other(cast, client):
    a_co_mentor(cast)
    line = a_line(cast, view="on_course")
    a_line(cast, "other_mentor")
    told = {
        who: "Omar Mentor</h2>" in page(cast, client, who, "midpoint_line", line).content.decode()
        for who in ("scholar", "mentor", "other_mentor", "staff")
    }
    assert told == {"scholar": False, "mentor": False, "other_mentor": True, "staff": True}


@pytest.mark.parametrize(("who", "presses"), [("scholar", True), ("mentor", False), ("staff", False)])
def test_button_is_for_the_scholar_until_it_is_pressed(cast, client, who, presses):
    line = a_line(cast, view="on_course")
    assert (b"I have read it" in page(cast, client, who, "midpoint_line", line).content) is presses
    received(line)
    assert b"I have read it" not in page(cast, client, who, "midpoint_line", line).content


def test_scholar_presses_and_everybody_sees_it(cast, client):
    line = a_line(cast, view="on_course")
    assert page(cast, client, "scholar", "midpoint_read", line, version=1).status_code == 302
    assert b"Read <time" in page(cast, client, "mentor", "midpoint_line", line).content


def test_followed_link_reads_nothing(cast, client):
    line = a_line(cast, view="on_course")
    assert page(cast, client, "scholar", "midpoint_read", line).status_code == 200
    line.refresh_from_db()
    assert line.read_at is None


def test_line_changed_while_reading_is_shown_again_with_its_button(cast, client):
    line = a_line(cast, view="on_course")
    given(line, "too_early", because="A new doubt.")
    answer = page(cast, client, "scholar", "midpoint_read", line, version=1)
    body = answer.content.decode()
    assert (answer.status_code, "changed this line while you were reading" in body, "A new doubt." in body) == (
        409, True, True,
    )  # fmt: skip
    assert 'name="_version" value="2"' in body


@pytest.mark.parametrize(("who", "status"), [("mentor", 403), ("staff", 403), ("other_scholar", 404), ("coach", 404)])
def test_nobody_reads_it_in_the_scholars_place(cast, client, who, status):
    line = a_line(cast, view="on_course")
    assert page(cast, client, who, "midpoint_read", line, version=1).status_code == status
    line.refresh_from_db()
    assert line.read_at is None


def test_mentor_gives_the_line_on_one_screen(cast, client):
    line = a_line(cast)
    log = a_log(line.scholar, 5, done="Trained a probe.")
    body = page(cast, client, "mentor", "midpoint_write", line).content.decode()
    assert reverse("log", args=[log.pk]) in body
    assert f"/people/{line.scholar_id}/standing/" in body
    sent = {"view": "not_now", "because": BECAUSE, "would_change": WOULD_CHANGE}
    answer = page(cast, client, "mentor", "midpoint_write", line, **sent)
    line.refresh_from_db()
    assert (answer.status_code, line.view) == (302, "not_now")


def test_page_says_from_when_a_line_can_be_given(cast, client):
    line = a_line(cast, due_at=DUE + 14 * DAY)
    assert b"You can give this line from <time" in page(cast, client, "mentor", "midpoint_write", line).content
    answer = page(cast, client, "mentor", "midpoint_write", line, view="on_course")
    assert (answer.status_code, b"fourteen days before it is due" in answer.content) == (422, True)


@pytest.mark.parametrize("fields", [{"view": "excellent"}, {"view": "not_now"}, {"view": ""}])
def test_forged_or_half_a_line_is_refused_and_its_text_kept(cast, client, fields):
    line = a_line(cast)
    answer = page(cast, client, "mentor", "midpoint_write", line, because="cardamom", **fields)
    assert (answer.status_code, b"cardamom" in answer.content) == (422, True)
    line.refresh_from_db()
    assert (line.view, line.given_at) == ("", None)


def test_a_megabyte_is_refused_in_words(cast, client):
    answer = page(cast, client, "mentor", "midpoint_write", a_line(cast), view="on_course", because="x" * 1_000_000)
    assert (answer.status_code, b"at most 20,000" in answer.content) == (422, True)


def test_double_press_gives_it_once(cast, client):
    line = a_line(cast)
    sent = {"_key": "6b1f3b9e-8f4e-4b57-9f7e-3d6a4c1a2b3c", "view": "not_now", "because": "a", "would_change": "b"}
    answers = [page(cast, client, "mentor", "midpoint_write", line, **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Talk.objects.count(), len(letters("midpoint_line_given"))) == (1, 1)


def test_line_of_anothers_scholar_is_not_there_to_write(cast, client):
    line = a_line(cast, "both_as_mentor", "other_scholar")
    assert page(cast, client, "mentor", "midpoint_write", line, view="on_course").status_code == 404
    assert page(cast, client, "scholar", "midpoint_read", line, version=1).status_code == 404


def test_co_mentor_does_not_write_the_others_line(cast, client):
    a_co_mentor(cast)
    line = a_line(cast, view="on_course")
    assert page(cast, client, "other_mentor", "midpoint_write", line, view="not_now").status_code == 403


@pytest.mark.parametrize("view", [None, "on_course"])
def test_mentor_whose_pairing_is_over_writes_no_more(cast, client, view):
    line = a_line(cast, **({"view": view} if view else {}))
    cast.pairing.ends_on = WEEK_SIX.date() - DAY
    cast.pairing.save()
    assert page(cast, client, "mentor", "midpoint_write", line, view="not_now").status_code == 404
    assert page(cast, client, "staff", "midpoint_line", line).status_code == 200


def test_draft_is_kept_for_the_mentor_alone(cast, client):
    line = a_line(cast)
    data = {"_form": "midpoint-line", "_about": str(line.pk), "_version": "1", "because": "Half a thought"}
    kept = {}
    for who in ("mentor", "other_mentor", "scholar", "staff"):
        client.force_login(getattr(cast, who))
        kept[who] = client.post(reverse("draft"), data, headers={"hx-request": "true"}).status_code
    assert kept == {"mentor": 200, "other_mentor": 404, "scholar": 404, "staff": 404}
    assert b"Half a thought" in page(cast, client, "mentor", "midpoint_write", line).content
    assert b"Half a thought" not in page(cast, client, "staff", "midpoint_line", line).content


@pytest.mark.parametrize(("who", "reads"), [("scholar", True), ("staff", True), ("mentor", False)])
def test_talk_is_told_to_scholar_and_staff_and_the_plan_to_mentors_too(cast, client, who, reads):
    line = a_line(cast, view="not_now")
    talk, plan = a_talk(line), a_support_plan(line.scholar, cast)
    body = page(cast, client, who, "midpoint_line", line).content.decode()
    assert (reverse("talk", args=[talk.pk]) in body) is reads
    assert reverse("support_plan", args=[plan.pk]) in body


@pytest.mark.parametrize("who", ["scholar", "mentor", "staff"])
def test_page_says_that_the_talk_is_owed_though_the_line_changed(cast, client, who):
    line = a_line(cast, view="on_course")
    a_talk(line)
    body = page(cast, client, who, "midpoint_line", line).content
    assert b"the talk is owed all the same" in body
    assert b"Nothing follows from these lines" not in body


def test_mentor_reads_nothing_of_a_talk_that_took_place(cast, client):
    line = a_line(cast, view="not_now")
    a_talk(line, talked_on=WEEK_SIX.date(), words="A hard month.", done_at=WEEK_SIX, done_by=cast.staff)
    body = page(cast, client, "mentor", "midpoint_line", line).content
    assert b"took place" in body
    assert b"A hard month." not in body


def test_line_page_asks_a_constant_number_of_questions(cast, client):
    line = a_line(cast, view="not_now")
    a_talk(line)
    for who in ("scholar", "mentor", "staff"):
        client.force_login(getattr(cast, who))
        for name in ("midpoint_line", "midpoint_write", "midpoint_read"):
            if (who, name) in {("mentor", "midpoint_write"), ("scholar", "midpoint_read")} or name == "midpoint_line":
                assert questions(client, reverse(name, args=[line.pk])) <= 12, (who, name)


# The list


def listed(cast, client, who: str) -> str:
    client.force_login(getattr(cast, who))
    answer = client.get(reverse("midpoint", args=[cast.cohort.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_says_for_staff_how_everything_stands(cast, client):
    line = a_line(cast, view="not_now")
    a_line(cast, "both_as_mentor", "other_scholar", due_at=WEEK_SIX - DAY)
    a_talk(line, owner=cast.place["staff"])
    a_support_plan(line.scholar, cast)
    body = listed(cast, client, "staff")
    for words in (
        "1 of 2 lines is given; 1 is not read yet; 1 talk is owed.",
        "Mira Mentor</a>: not as things stand, not read yet",
        'Bo Both</a>: <span class="late">owed since Tue 9 Feb 12:00</span>',
        "talk</a>: Stella Staff, due Mon 15 Feb 12:00",
        "plan</a>: until Fri 5 Mar, looked at again Mon 8 Mar",
    ):
        assert words in body, words
    assert body.index("Otto Scholar") < body.index("Sana Scholar")


@pytest.mark.parametrize(
    ("who", "names"),
    [("mentor", ["Sana"]), ("scholar", ["Sana"]), ("mentor_and_coach", ["Otto"]), ("coach", []), ("other_mentor", [])],
)
def test_list_holds_what_its_reader_may_know(cast, client, who, names):
    a_talk(a_line(cast, view="not_now"))
    a_line(cast, "both_as_mentor", "other_scholar")
    body = listed(cast, client, who)
    assert [name for name in ("Otto", "Sana") if f"{name} Scholar</a></th>" in body] == names
    assert (">Talk</th>" in body) is (who == "scholar")


def test_list_has_for_a_mentor_what_is_theirs_to_give(cast, client):
    line = a_line(cast)
    assert reverse("midpoint_write", args=[line.pk]) in listed(cast, client, "mentor")
    given(line, "on_course")
    assert "Yours to give" not in listed(cast, client, "mentor")


def test_list_is_empty_in_words_without_a_midpoint(cast, client):
    assert "Nothing here is yours to read so far." in listed(cast, client, "staff")


def test_names_in_the_list_are_escaped(cast, client):
    cast.scholar.name = "<b>Sana"
    cast.scholar.save()
    a_line(cast)
    assert "&lt;b&gt;Sana" in listed(cast, client, "staff")


def test_list_asks_as_much_for_thirty_scholars_as_for_one(cast, client):
    address = reverse("midpoint", args=[cast.cohort.slug])
    a_talk(a_line(cast, view="not_now"))
    client.force_login(cast.staff)
    client.get(address)
    one = questions(client, address)
    for number in range(29):
        cast.place["new"] = a_place(a_person(f"Scholar {number}"), cast.cohort, "scholar")
        a_pairing(cast.place["new"], cast.place["mentor"], starts_on=FIRST_DAY, ends_on=LAST_DAY)
        line = a_line(cast, scholar="new", view="not_now")
        a_talk(line)
        a_support_plan(line.scholar, cast)
    assert (questions(client, address), one <= 12) == (one, True)
