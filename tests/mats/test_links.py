"""Links in messages: for one reader, one purpose, until a moment; opening one changes nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import Membership, Person
from mats.post import links
from mats.post.kinds import kind_of
from mats.post.models import Message
from mentorship.links import OPEN_LOG
from mentorship.models import WeeklyLog
from mentorship.reminders.log import queue_overdue_logs
from tests.access.test_matrix import normalised
from tests.attack.pages import rows
from tests.cast import WEEK_SIX

DUE = dt.datetime(2027, 2, 10, 18, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def reminder(cast) -> Message:
    queue_overdue_logs(DUE + dt.timedelta(minutes=1))
    Message.objects.update(moment=WEEK_SIX - dt.timedelta(days=1))
    return Message.objects.get()


def of(message: Message) -> str:
    """The link as it stands in the letter."""
    [found] = set(re.findall(r"http://127\.0\.0\.1:8000(/go/\S+?/)[\s\"]", kind_of(message).write(message, DUE).text))
    return found


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def is_nonsense(client: Client, address: str) -> bool:
    """Whether an address answers, byte for byte, as one that never was."""
    answer, nonsense = client.get(address), client.get("/go/nonsense/")
    return answer.status_code == 404 and normalised(answer.content) == normalised(nonsense.content)


def test_page_says_what_will_happen_and_changes_nothing(cast, reminder):
    client, before = signed_in(cast.scholar), rows()
    page = client.get(of(reminder))
    assert "This opens your log for week 6 of Winter 2027. It is due Wed 10 Feb 18:00" in page.content.decode()
    assert rows() == before


def test_page_of_a_log_past_its_moment_says_so_without_blame(cast, reminder):
    WeeklyLog.objects.update(due_at=WEEK_SIX - dt.timedelta(hours=2))
    page = signed_in(cast.scholar).get(of(reminder)).content.decode()
    assert "It was due Wed 10 Feb 10:00, and counts whenever it comes." in page


def test_button_leads_to_the_log(cast, reminder):
    answer = signed_in(cast.scholar).post(of(reminder))
    assert (answer.status_code, answer.url) == (302, reverse("log_write", args=[cast.log.pk]))


def test_log_that_was_sent_can_still_be_opened(cast, reminder):
    WeeklyLog.objects.update(done="it", submitted_at=WEEK_SIX)
    assert "You have sent it already" in signed_in(cast.scholar).get(of(reminder)).content.decode()


@pytest.mark.parametrize("who", ["other_scholar", "mentor", "coach", "staff", "stranger"])
def test_link_is_nonsense_to_everybody_else(cast, reminder, who):
    client = signed_in(getattr(cast, who))
    assert is_nonsense(client, of(reminder))
    assert client.post(of(reminder)).status_code == 404


@pytest.mark.parametrize(
    "alter",
    [
        lambda link: link[:-3] + ("AA/" if link[-3:] != "AA/" else "BB/"),
        lambda link: link.replace("open_log", "close_log"),
        lambda link: link.replace("open_log.", "open_log.A", 1),
        lambda link: "/go/open_log.AAAAAAAAAAAAAAAAAAAAAA." + "A" * 43 + "/",
        lambda link: "/go/%00/",
        lambda link: "/go/" + "a" * 3000 + "/",
        lambda link: "/go/open_log/",
        lambda link: link.replace("open_log", "ｏpen_log"),
    ],
)
def test_altered_link_is_nonsense(cast, reminder, alter):
    assert is_nonsense(signed_in(cast.scholar), alter(of(reminder)))


@pytest.mark.parametrize(("age", "works"), [(dt.timedelta(days=13, hours=23), True), (dt.timedelta(days=14), False)])
def test_link_expires_two_weeks_after_the_moment(cast, reminder, age, works):
    link, client = of(reminder), signed_in(cast.scholar)
    Message.objects.update(moment=WEEK_SIX - age)
    assert (client.get(link).status_code == 200, is_nonsense(client, link)) == (works, not works)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (WeeklyLog, {"archived_at": WEEK_SIX}),
        (Membership, {"archived_at": WEEK_SIX}),
        (Message, {"about_id": None}),
        (Message, {"kind": "account_mail"}),
    ],
)
def test_link_to_something_that_is_gone_is_nonsense(cast, reminder, model, change):
    link = of(reminder)
    model.objects.update(**change)
    assert is_nonsense(signed_in(cast.scholar), link)


def test_disabled_person_is_sent_to_sign_in(cast, reminder):
    client = signed_in(cast.scholar)
    Person.objects.filter(pk=cast.scholar.pk).update(is_active=False)
    assert client.get(of(reminder)).status_code == 302
    assert links.opened(links.token(OPEN_LOG, reminder), Person.objects.get(pk=cast.scholar.pk), WEEK_SIX) is None


@pytest.mark.django_db(databases=["default", "outside"])
def test_whoever_is_signed_out_signs_in_and_comes_back(cast, reminder, client):
    cast.scholar.set_password(PASSWORD)
    cast.scholar.save()
    asked = client.get(of(reminder))
    answer = client.post(asked.url, {"login": cast.scholar.email, "password": PASSWORD, "next": of(reminder)})
    assert (asked.url, answer.url) == (f"/accounts/login/?next={of(reminder)}", of(reminder))


def test_link_signed_with_the_last_key_works_until_it_is_dropped(cast, reminder, settings):
    person, token = Person.objects.get(pk=cast.scholar.pk), links.token(OPEN_LOG, reminder)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert links.opened(token, person, WEEK_SIX) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert links.opened(token, person, WEEK_SIX) is None


def test_letter_on_staffs_page_holds_no_token(cast, reminder):
    page = signed_in(cast.staff).get(reverse("message", args=[reminder.pk])).content.decode()
    assert "/go/open_log…/" in page
    assert of(reminder) not in page
