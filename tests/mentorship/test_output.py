"""Outputs: entered by scholars, seen by the cohort where they say so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts.models import Role
from mats.history.record import EditedMeanwhile
from mentorship.actions.output import add_output, change_output, remove_output
from mentorship.models import Output
from tests.cast import WEEK_SIX, a_caseload, a_person, a_place
from tests.cohorts.staff import refused_at
from tests.mentorship.counting import questions

MINUTE = dt.timedelta(minutes=1)
EVERYBODY = ["scholar", "other_scholar", "mentor", "other_mentor", "coach", "other_coach", "staff", "mentor_and_coach"]


def entered(cast, who: str = "scholar", **fields) -> Output:
    fields = {"kind": "paper", "title": "Saffron probes", **fields}
    at = fields.pop("at", WEEK_SIX)
    return add_output(scholar=cast.place[who], by=getattr(cast, who), at=at, **fields)


def listed(client, cast, who: str) -> str:
    client.force_login(getattr(cast, who))
    return " ".join(client.get(reverse("outputs", args=[cast.cohort.slug])).content.decode().split())


def sends(client, address: str, **fields):
    return client.post(address, {"kind": "code", "title": "A probe", "state": "public", **fields})


def adding(cast, who: str = "scholar") -> str:
    return reverse("output_add", args=[cast.place[who].pk])


# Who sees it


@pytest.mark.parametrize("is_shared", [False, True])
def test_output_is_seen_by_its_readers_and_by_the_cohort_where_the_scholar_says_so(cast, client, is_shared):
    entered(cast, is_shared=is_shared)
    closely = {"scholar", "mentor", "coach", "staff"}
    seen = {who for who in EVERYBODY if "Saffron probes" in listed(client, cast, who)}
    assert seen == (set(EVERYBODY) if is_shared else closely)


def test_nobody_elsewhere_sees_the_list(cast, client):
    entered(cast, is_shared=True)
    for who in ("stranger", "staff_elsewhere"):
        client.force_login(getattr(cast, who))
        assert client.get(reverse("outputs", args=[cast.cohort.slug])).status_code == 404


def test_list_goes_by_scholar_and_the_newest_first(cast, client):
    entered(cast, title="Older of Sana")
    entered(cast, title="Newer of Sana", at=WEEK_SIX + MINUTE)
    entered(cast, "other_scholar", title="Of Otto", at=WEEK_SIX - MINUTE)
    page = listed(client, cast, "staff")
    assert sorted(["Of Otto", "Newer of Sana", "Older of Sana"], key=page.index) == [
        "Of Otto",
        "Newer of Sana",
        "Older of Sana",
    ]


def test_line_says_what_where_with_whom_and_whether_the_cohort_sees_it(cast, client):
    entered(cast, venue="ICLR", state="submitted", with_whom="Hana", link="https://a.example/probe")
    page = listed(client, cast, "mentor")
    assert "Paper, submitted · <bdi>ICLR</bdi> · with <bdi>Hana</bdi>" in page
    assert '<a href="https://a.example/probe" rel="nofollow noopener"><bdi>Saffron probes</bdi></a>' in page
    assert "not seen by the cohort" in page


def test_empty_list_says_what_will_stand_there(cast, client):
    assert "Papers, posts, code, datasets and talks will stand here" in listed(client, cast, "other_mentor")


def test_only_the_own_outputs_can_be_changed_from_the_list(cast, client):
    mine, theirs = entered(cast, is_shared=True), entered(cast, "other_scholar", is_shared=True)
    page = listed(client, cast, "scholar")
    links = [reverse("output_change", args=[row.pk]) in page for row in (mine, theirs)]
    assert (links, adding(cast) in page) == ([True, False], True)


def test_cohorts_page_leads_to_its_outputs(cast, client):
    client.force_login(cast.other_mentor)
    page = client.get(reverse("cohort", args=[cast.cohort.slug])).content.decode()
    assert reverse("outputs", args=[cast.cohort.slug]) in page


@pytest.mark.parametrize("who", ["scholar", "coach", "staff"])
def test_list_asks_the_same_questions_of_1_and_of_30_scholars(cast, client, who):
    entered(cast)
    client.force_login(getattr(cast, who))
    address = reverse("outputs", args=[cast.cohort.slug])
    few = questions(client, address)
    for number in range(29):
        place = a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
        a_caseload(place, cast.place["coach"])
        add_output(scholar=place, by=place.person, at=WEEK_SIX, kind="post", title="A post", is_shared=True)
    assert questions(client, address) == few <= 12


# Entering, changing, taking away


def test_scholar_enters_an_output(cast, client):
    client.force_login(cast.scholar)
    answer = sends(client, adding(cast), link="https://a.example", with_whom="Hana", is_shared="on")
    assert (answer.status_code, answer["Location"]) == (302, reverse("outputs", args=[cast.cohort.slug]))
    row = Output.objects.get()
    assert (row.scholar, row.cohort, row.kind, row.state) == (cast.place["scholar"], cast.cohort, "code", "public")
    assert (row.title, row.link, row.with_whom, row.is_shared) == ("A probe", "https://a.example", "Hana", True)


def test_form_says_who_sees_it_without_the_tick(cast, client):
    client.force_login(cast.scholar)
    page = client.get(adding(cast)).content.decode()
    closely = "the scholar, the scholar’s mentors, the scholar’s coach and the cohort’s staff"
    assert f"Without this tick it is seen by {closely}." in page
    assert f"Who can read this: <b>{closely.replace(' and', ',')} and everyone in the cohort, where" in page


@pytest.mark.parametrize("who", ["other_scholar", "mentor", "coach", "staff"])
def test_nobody_enters_an_output_for_a_scholar(cast, client, who):
    client.force_login(getattr(cast, who))
    answer = sends(client, adding(cast))
    assert (answer.status_code, Output.objects.count()) == (403, 0)
    assert "A scholar enters their own outputs" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        add_output(scholar=cast.place["scholar"], by=getattr(cast, who), at=WEEK_SIX, kind="post", title="Theirs")


def test_mentor_has_no_outputs_of_their_own(cast, client):
    client.force_login(cast.mentor)
    assert sends(client, adding(cast, "mentor")).status_code == 403


@pytest.mark.parametrize(
    "bad",
    [
        {"title": ""},
        {"title": "\u200b"},
        {"title": "x" * 301},
        {"title": "over\u202eride"},
        {"title": "a\x00b"},
        {"link": "javascript:alert(1)"},
        {"link": "arxiv.org/abs/1"},
        {"link": "https://a.example\nhttps://b.example"},
        {"link": f"https://a.example/{'x' * 500}"},
        {"kind": "poem"},
        {"state": "rejected"},
        {"venue": "x" * 1_000_000},
    ],
    ids=lambda bad: f"{next(iter(bad))}-{len(next(iter(bad.values())))}",
)
def test_bad_input_comes_back_with_words_and_nothing_lost(cast, client, bad):
    client.force_login(cast.scholar)
    page = sends(client, adding(cast), **{"with_whom": "Hana and Ravi", **bad})
    assert (page.status_code, Output.objects.count()) == (422, 0)
    assert "Hana and Ravi" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "fields"), [("title", {"title": ""}), ("link", {"link": "ftp://a.example"}), ("link", {"link": "x y"})]
)
def test_action_refuses_what_the_form_would(cast, field, fields):
    refused_at(field, entered, cast=cast, **fields)


def test_change_keeps_what_stood_there_in_its_history(cast, client):
    row = entered(cast)
    client.force_login(cast.scholar)
    answer = sends(client, reverse("output_change", args=[row.pk]), title="Better", kind="paper", _version="1")
    assert answer.status_code == 302
    events = Output.pgh_event_model.objects.filter(pgh_obj=row.pk).order_by("pgh_id")
    assert list(events.values_list("title", "state")) == [("Saffron probes", "drafted"), ("Better", "public")]


def test_two_tabs_keep_both_texts(cast, client):
    row = entered(cast)
    change_output(output=row, by=cast.scholar, at=WEEK_SIX, version=1, kind="paper", title="From the first tab")
    client.force_login(cast.scholar)
    page = sends(client, reverse("output_change", args=[row.pk]), title="From the second tab", _version="1")
    assert page.status_code == 409
    assert "From the first tab" in page.content.decode()
    assert "From the second tab" in page.content.decode()
    with pytest.raises(EditedMeanwhile):
        remove_output(output=row, by=cast.scholar, at=WEEK_SIX, version=1)


def test_removed_output_is_archived_and_seen_by_nobody(cast, client):
    row = entered(cast, is_shared=True)
    client.force_login(cast.scholar)
    assert client.post(reverse("output_remove", args=[row.pk]), {"_version": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.archived_at is not None
    assert not [who for who in EVERYBODY if "Saffron probes" in listed(client, cast, who)]
    client.force_login(cast.scholar)
    assert client.get(reverse("output_change", args=[row.pk])).status_code == 404


def test_database_refuses_an_output_of_another_cohort(cast):
    with pytest.raises(IntegrityError, match="output_scholar_of_this_cohort"), transaction.atomic():
        Output.objects.create(
            cohort=cast.other_cohort, scholar=cast.place["scholar"], kind="paper", title="x", created_at=WEEK_SIX
        )
