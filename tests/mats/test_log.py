"""Writing the weekly log: one page, one POST, for the log and for what is for the coach only."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from coaching.models import ForMyCoach
from cohorts.models import Caseload
from mats.forms.models import Draft
from mats.identity.transaction import acting
from mentorship.actions.action import finish_action
from mentorship.actions.log import submit_log
from mentorship.actions.tick import Said
from mentorship.models import Action, Tick, WeeklyLog
from tests.cast import WEEK_SIX, Cast, a_caseload, a_log
from tests.coaching.pages_to_walk import addresses
from tests.mentorship.counting import questions

CANARY = "cinnamon-lighthouse"
DAY = dt.timedelta(days=1)


def write_page(log) -> str:
    return reverse("log_write", args=[log.pk])


def sends(client, log, **fields):
    return client.post(write_page(log), {"done": "Ran the ablation", "_version": "1", **fields})


@pytest.fixture
def scholar(cast, client) -> Client:
    client.force_login(cast.scholar)
    return client


@pytest.fixture
def plot(cast) -> Action:
    """A line of last week's next."""
    before = a_log(cast.place["scholar"], 5)
    submit_log(log=before, by=cast.scholar, at=WEEK_SIX - 7 * DAY, version=1, done="Read", next_up="Plot saffron runs")
    return Action.objects.get(log=before)


def box(cast: Cast, version: int = 0, coach: str = "coach") -> str:
    return f"{cast.place[coach].pk}:{version}"


def for_coach(cast, **lookup) -> list[tuple[str, str]]:
    with acting(cast.scholar, WEEK_SIX):
        return [(row.coach.person.name, row.body) for row in ForMyCoach.objects.filter(**lookup).order_by("created_at")]


def stored(cast) -> dict:
    events = WeeklyLog.pgh_event_model.objects.filter(pgh_obj=cast.log.pk)
    return {"row": WeeklyLog.objects.filter(pk=cast.log.pk).values().get(), "events": events.count()}


def drawn(client, log) -> dict[str, str]:
    """What a browser would send of the hidden fields."""
    page = client.get(write_page(log)).content.decode()
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)"[^>]* value="([^"]*)"', page))


# The log


def test_scholar_sends_a_log_and_the_mentor_reads_it(cast, scholar):
    answer = sends(scholar, cast.log, next_up="- Ablate")
    assert (answer.status_code, answer["Location"]) == (302, reverse("log", args=[cast.log.pk]))
    scholar.force_login(cast.mentor)
    page = scholar.get(answer["Location"]).content
    assert b"Ran the ablation" in page
    assert b"Ablate" in page


def test_boxes_stand_in_their_order(cast, scholar, plot):
    page = scholar.get(write_page(cast.log)).content.decode()
    parts = [
        "Away or ill",
        "Last week’s next",
        "What I did and learned",
        ">Next<",
        "Where I am stuck",
        ">Links<",
        "coach only",
    ]
    assert sorted(parts, key=page.index) == parts


def test_checklist_is_prefilled_and_ticked_without_script(cast, scholar, plot):
    page = scholar.get(write_page(cast.log)).content.decode()
    assert re.findall(rf'name="tick-{plot.pk}" value="([\w:]+)"[^>]* checked', page) == ["carried:carried"]
    sends(scholar, cast.log, **{f"tick-{plot.pk}": "carried:dropped", f"why-{plot.pk}": "No compute"})
    assert list(Tick.objects.values_list("action", "outcome", "why")) == [(plot.pk, "dropped", "No compute")]


def test_dropped_without_a_reason_says_so_at_its_place(cast, scholar, plot):
    page = sends(scholar, cast.log, **{f"tick-{plot.pk}": "carried:dropped"})
    assert page.status_code == 422
    assert f'<a href="#weekly-log-why-{plot.pk}">'.encode() in page.content
    assert b"Dropped with a reason counts as kept" in page.content
    assert not Tick.objects.exists()


def test_everything_to_correct_is_said_at_once(cast, scholar, plot):
    bad = {"next_up": "x" * 400, "links": "javascript:alert(1)", f"tick-{plot.pk}": "carried:dropped"}
    page = sends(scholar, cast.log, **bad).content.decode()
    assert re.findall(r'<a href="#weekly-log-([a-z_]+)', page) == ["next_up", "links", "why"]
    assert Action.objects.count() == 1


def test_action_of_another_scholar_cannot_be_ticked(cast, scholar):
    log = a_log(cast.place["other_scholar"], 5)
    submit_log(log=log, by=cast.other_scholar, at=WEEK_SIX, version=1, done="x", next_up="Theirs")
    theirs = Action.objects.get()
    assert sends(scholar, cast.log, **{f"tick-{theirs.pk}": "carried:done"}).status_code == 302
    assert (Tick.objects.count(), Action.objects.get().done_at) == (0, None)


def test_what_is_said_of_an_action_told_elsewhere_meanwhile_is_heard(cast, scholar, plot):
    older = a_log(cast.place["scholar"], 4)
    submit_log(log=older, by=cast.scholar, at=WEEK_SIX, version=1, done="x", ticks={plot.pk: Said("done")})
    assert str(plot.pk) not in scholar.get(write_page(cast.log)).content.decode()
    sends(scholar, cast.log, **{f"tick-{plot.pk}": "carried:dropped", f"why-{plot.pk}": "Not worth it"})
    assert Tick.objects.get(log=cast.log).why == "Not worth it"


def test_away_is_enough_and_says_that_the_meeting_stays(cast, scholar):
    page = scholar.get(write_page(cast.log)).content
    assert b"Your meeting with Mira Mentor on" in page
    assert reverse("meeting", args=[cast.meeting.pk]).encode() in page
    assert sends(scholar, cast.log, done="", is_away="on").status_code == 302
    assert WeeklyLog.objects.with_state(WEEK_SIX).get(pk=cast.log.pk).state == "away"


@pytest.mark.parametrize("text", ["", "\u200b\u2060", "  \n "])
def test_log_that_shows_nothing_comes_back(cast, scholar, text):
    page = sends(scholar, cast.log, done=text, stuck="Kept text", for_my_coach=CANARY, for_whom=box(cast))
    assert (page.status_code, b"Kept text" in page.content, CANARY.encode() in page.content) == (422, True, True)
    assert for_coach(cast) == []


@pytest.mark.parametrize("field", ["done", "next_up", "stuck", "links", "for_my_coach"])
@pytest.mark.parametrize("text", ["Half\x00text", "x" * 1_000_000], ids=["NUL", "1 MB"])
def test_unfit_text_is_refused_in_words_and_kept_on_the_page(cast, scholar, field, text):
    page = sends(scholar, cast.log, **{"for_whom": box(cast), field: text})
    assert page.status_code == 422
    assert b"take it out" in page.content or b"characters long" in page.content
    assert WeeklyLog.objects.get(pk=cast.log.pk).submitted_at is None


def test_forged_fields_change_nothing_else(cast, scholar):
    forged = {"submitted_at": "2020-01-01", "scholar": str(cast.place["mentor"].pk), "role": "staff", "version": "7"}
    sends(scholar, cast.log, **forged, coach=str(cast.place["other_coach"].pk), author=str(cast.mentor.pk))
    log = WeeklyLog.objects.get(pk=cast.log.pk)
    assert (log.scholar, log.submitted_at.year, log.version) == (cast.place["scholar"], 2027, 2)


def test_pressed_twice_it_is_sent_once(cast, scholar):
    sent = {"_key": str(uuid.uuid4()), "next_up": "Plot", "for_my_coach": CANARY, "for_whom": box(cast)}
    answers = [sends(scholar, cast.log, **sent) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [reverse("log", args=[cast.log.pk])] * 2
    assert (Action.objects.count(), len(for_coach(cast)), stored(cast)["row"]["version"]) == (1, 1, 2)


def test_archived_log_is_not_there(cast, scholar):
    WeeklyLog.objects.filter(pk=cast.log.pk).update(archived_at=WEEK_SIX)
    assert [scholar.get(write_page(cast.log)).status_code, sends(scholar, cast.log).status_code] == [404, 404]


def test_withdrawn_scholar_writes_no_more(cast, scholar):
    cast.place["scholar"].archived_at = WEEK_SIX
    cast.place["scholar"].save()
    assert sends(scholar, cast.log).status_code == 404


def test_mentor_cannot_write_it(cast, client):
    client.force_login(cast.mentor)
    assert sends(client, cast.log, for_my_coach=CANARY, for_whom=box(cast)).status_code == 403
    assert (stored(cast)["row"]["submitted_at"], for_coach(cast)) == (None, [])


def test_page_asks_at_most_ten_questions(cast, scholar, plot):
    assert questions(scholar, write_page(cast.log)) <= 10


# Drafts and ended sessions


def test_draft_holds_every_box_and_is_seen_by_its_writer_only(cast, scholar, plot):
    hidden = drawn(scholar, cast.log)
    sent = {"done": "cardamom", "for_my_coach": CANARY, f"tick-{plot.pk}": "carried:done"}
    assert scholar.post(reverse("draft"), {**hidden, **sent}).status_code == 302
    page = scholar.get(write_page(cast.log)).content.decode()
    assert "cardamom" in page
    assert CANARY in page
    assert re.findall(rf'name="tick-{plot.pk}" value="([\w:]+)"[^>]* checked', page) == ["carried:done"]
    scholar.force_login(cast.mentor)
    assert b"cardamom" not in scholar.get(reverse("log", args=[cast.log.pk])).content
    with acting(cast.scholar, WEEK_SIX):
        assert CANARY not in str(Draft.objects.values().get())


def test_draft_outlives_a_change_of_its_action(cast, scholar, plot):
    scholar.post(reverse("draft"), {**drawn(scholar, cast.log), f"tick-{plot.pk}": "carried:carried"})
    finish_action(action=plot, by=cast.mentor, at=WEEK_SIX)
    page = scholar.get(write_page(cast.log)).content.decode()
    assert re.findall(rf'name="tick-{plot.pk}" value="([\w:]+)"[^>]* checked', page) == ["carried:carried"]
    sends(scholar, cast.log, **{f"tick-{plot.pk}": "carried:carried"})
    assert Tick.objects.get().outcome == "done"


def test_session_that_ends_gives_every_text_back(cast, scholar, plot):
    fields = {
        "for_my_coach": CANARY,
        "for_whom": box(cast),
        f"tick-{plot.pk}": "carried:dropped",
        f"why-{plot.pk}": "Late",
    }
    scholar.logout()
    page = sends(scholar, cast.log, stuck="Labels", **fields)
    assert page.status_code == 401
    texts = re.findall(r'<textarea[^>]* name="([\w-]+)"', page.content.decode())
    assert texts == ["done", "stuck", "for_my_coach", f"why-{plot.pk}"]
    carried = re.findall(r'<input type="hidden" name="([\w-]+)"', page.content.decode())
    assert {"for_whom", f"tick-{plot.pk}", "_version"} <= set(carried)


# Two tabs


def test_two_tabs_keep_both_texts_of_the_log(cast, scholar, plot):
    sends(scholar, cast.log, done="From the first tab", **{f"tick-{plot.pk}": "carried:done"})
    page = sends(scholar, cast.log, done="From the second tab", **{f"tick-{plot.pk}": "carried:carried"})
    assert page.status_code == 409
    assert b"From the first tab" in page.content
    assert b"From the second tab" in page.content
    assert f'name="tick-{plot.pk}" value="done:carried"' in re.sub(r"\s+", " ", page.content.decode()).replace(
        'type="radio" class="form-check-input" ', ""
    )


def test_two_tabs_keep_both_texts_for_the_coach(cast, scholar):
    sends(scholar, cast.log, for_my_coach="From the first tab", for_whom=box(cast))
    page = sends(scholar, cast.log, _version="2", for_my_coach="From the second tab", for_whom=box(cast))
    assert page.status_code == 409
    assert b"From the first tab" in page.content
    assert b"From the second tab" in page.content
    assert for_coach(cast) == [("Cleo Coach", "From the first tab")]


def test_saving_again_after_the_conflict_is_deliberate(cast, scholar):
    sends(scholar, cast.log, for_my_coach="First", for_whom=box(cast))
    page = sends(scholar, cast.log, _version="2", for_my_coach="Second", for_whom=box(cast)).content.decode()
    again = dict(re.findall(r'<input type="hidden" name="(for_whom|_version)" value="([^"]*)"', page))
    assert sends(scholar, cast.log, **again, for_my_coach="Second").status_code == 302
    assert for_coach(cast) == [("Cleo Coach", "Second")]


# For my coach only


def test_box_says_by_name_who_can_read_it(cast, scholar):
    page = scholar.get(write_page(cast.log)).content.decode()
    assert "Who can read this: <b>only Cleo Coach and you</b>" in page


def test_coach_reads_it_and_nobody_else_does(cast, scholar):
    sends(scholar, cast.log, for_my_coach=CANARY, for_whom=box(cast))
    readers = {"coach": 1, "scholar": 1}
    for who in ("scholar", "mentor", "coach", "staff", "other_coach", "other_scholar", "mentor_and_coach", "stranger"):
        with acting(getattr(cast, who), WEEK_SIX):
            assert ForMyCoach.objects.count() == readers.get(who, 0), who


def test_empty_box_writes_nothing(cast, scholar):
    sends(scholar, cast.log, for_my_coach=" \n", for_whom=box(cast))
    assert for_coach(cast) == []


def test_emptied_box_is_an_edit_and_history_keeps_the_text(cast, scholar):
    sends(scholar, cast.log, for_my_coach=CANARY, for_whom=box(cast))
    sends(scholar, cast.log, _version="2", for_my_coach="", for_whom=box(cast, 1))
    assert for_coach(cast) == [("Cleo Coach", "")]
    with acting(cast.scholar, WEEK_SIX):
        assert ForMyCoach.pgh_event_model.objects.count() == 2


def test_change_of_the_box_alone_leaves_no_trace_on_the_log(cast, scholar):
    sends(scholar, cast.log, for_my_coach="First", for_whom=box(cast))
    before = stored(cast)
    answer = sends(scholar, cast.log, _version="2", for_my_coach=CANARY, for_whom=box(cast, 1))
    assert (answer.status_code, stored(cast)) == (302, before)
    assert for_coach(cast) == [("Cleo Coach", CANARY)]


@pytest.mark.parametrize("who", ["mentor", "staff", "other_coach", "other_scholar", "mentor_and_coach", "stranger"])
def test_pages_of_everybody_else_are_the_same_with_and_without(cast, scholar, plot, who):
    other = Client()
    other.force_login(getattr(cast, who))
    sends(scholar, cast.log, next_up="Plot")
    before = bytes_of(other, cast, plot)
    sends(scholar, cast.log, _version="2", next_up="Plot", for_my_coach=CANARY, for_whom=box(cast))
    sends(scholar, cast.log, _version="2", next_up="Plot", for_my_coach="Shorter", for_whom=box(cast, 1))
    assert for_coach(cast) == [("Cleo Coach", "Shorter")]
    assert bytes_of(other, cast, plot) == before


@time_machine.travel(WEEK_SIX, tick=False)
def bytes_of(client, cast, action) -> dict[str, tuple[int, bytes]]:
    once = re.compile(rb'name="(csrfmiddlewaretoken|_key)" value="[^"]*"|"x-csrftoken": "\w+"|nonce="[^"]+"')
    pages = [*addresses(cast), reverse("action_done", args=[action.pk])]
    answers = {page: client.get(page) for page in pages}
    return {page: (answer.status_code, once.sub(b"", b"".join(answer))) for page, answer in answers.items()}


def end_of_coaching(cast) -> None:
    Caseload.objects.filter(pk=cast.caseload.pk).update(ends_on=WEEK_SIX.date() - DAY)


def test_nobody_coaches_no_box(cast, scholar):
    end_of_coaching(cast)
    assert b"for_my_coach" not in scholar.get(write_page(cast.log)).content
    assert sends(scholar, cast.log).status_code == 302


def test_text_for_a_coach_who_left_is_not_lost_and_not_sent(cast, scholar):
    end_of_coaching(cast)
    page = sends(scholar, cast.log, for_my_coach=CANARY, for_whom=box(cast))
    assert (page.status_code, CANARY.encode() in page.content) == (422, True)
    assert b"Nobody coaches you at the moment" in page.content
    assert stored(cast)["row"]["submitted_at"] is None


def test_words_for_one_coach_never_reach_another(cast, scholar):
    end_of_coaching(cast)
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=WEEK_SIX.date())
    for _ in range(2):
        page = sends(scholar, cast.log, for_my_coach=CANARY, for_whom=box(cast))
        assert (page.status_code, CANARY.encode() in page.content) == (422, True)
    assert b"Somebody else coaches you since" in page.content
    assert for_coach(cast) == []


def test_new_coach_starts_blank_and_the_old_row_stays(cast, scholar):
    sends(scholar, cast.log, for_my_coach="For Cleo", for_whom=box(cast))
    end_of_coaching(cast)
    a_caseload(cast.place["scholar"], cast.place["other_coach"], starts_on=WEEK_SIX.date())
    page = scholar.get(write_page(cast.log)).content.decode()
    assert "What you wrote for Cleo Coach:" in page
    assert "only Odd Coach and you" in page
    sends(scholar, cast.log, _version="2", for_my_coach="For Odd", for_whom=box(cast, 0, "other_coach"))
    assert for_coach(cast) == [("Cleo Coach", "For Cleo"), ("Odd Coach", "For Odd")]
    with acting(cast.other_coach, WEEK_SIX):
        assert [row.body for row in ForMyCoach.objects.all()] == ["For Odd"]


def test_coach_who_mentors_the_scholar_too_has_no_box(cast, client):
    log = a_log(cast.place["other_scholar"], 6)
    client.force_login(cast.other_scholar)
    assert b"for_my_coach" not in client.get(write_page(log)).content
    sends(client, log, for_my_coach=CANARY, for_whom=box(cast, 0, "both_as_coach"))
    with acting(cast.other_scholar, WEEK_SIX):
        assert not ForMyCoach.objects.exists()
