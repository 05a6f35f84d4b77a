"""What we look for: versioned, never edited, read by everybody in the cohort."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mats.history.record import EditedMeanwhile
from mentorship.actions.standard import publish_standard
from mentorship.models import Standard, StandardLine
from mentorship.standard import DEFAULT_JUDGED, version_of, versions, what_we_look_for
from tests.cast import WEEK_SIX
from tests.cohorts.staff import refused_at, unlaunched
from tests.mentorship.counting import questions

LINES = {
    "rhythm": "A log in most weeks",
    "meetings": "You meet in most weeks",
    "milestones": "",
    "actions": "Kept or dropped",
    "outputs": "",
}


TEXTS = {**LINES, "intro": "Two things.", "rhythm_yes": 80, "rhythm_partly": 50, "judged": "It matters\nIt is clear"}


def words(cast, version: int = 0, **more) -> dict:
    return {
        "cohort": cast.cohort,
        "by": cast.staff,
        "at": WEEK_SIX,
        "version": version,
        "reason": "Clearer",
        **TEXTS,
        **more,
    }


def page(client, cast, who: str = "scholar", query: str = "") -> str:
    client.force_login(getattr(cast, who))
    return client.get(reverse("extension", args=[cast.cohort.slug]) + query).content.decode()


def test_first_version_has_its_lines_in_their_order(cast):
    row = publish_standard(**words(cast))
    assert list(row.lines.values_list("source", "expectation")) == [
        ("rhythm", "A log in most weeks"),
        ("meetings", "You meet in most weeks"),
        ("actions", "Kept or dropped"),
        ("judged", "It matters"),
        ("judged", "It is clear"),
    ]
    assert (row.number, row.published_by) == (1, cast.staff)


def test_change_is_the_next_version_and_the_earlier_one_stays(cast):
    publish_standard(**words(cast))
    publish_standard(**words(cast, version=1, rhythm="", outputs="Something to read"))
    assert [number for number, _ in versions(cast.cohort)] == [2, 1]
    assert [source for source, _, _ in what_we_look_for(cast.cohort).shown] == ["meetings", "actions", "outputs"]
    first = version_of(cast.cohort, 1)
    assert first is not None
    assert [source for source, _, _ in first.shown] == ["rhythm", "meetings", "actions"]


def test_same_words_again_are_no_version(cast):
    row = publish_standard(**words(cast))
    assert publish_standard(**words(cast, version=1, judged="- It matters\n\n- It is clear\n")) == row
    assert StandardLine.objects.count() == 5


def test_next_version_says_why_and_everybody_reads_it(cast, client):
    publish_standard(**words(cast, reason=""))
    refused_at("reason", publish_standard, **words(cast, version=1, rhythm_yes=90, reason=""))
    publish_standard(**words(cast, version=1, rhythm_yes=90, reason="Most weeks is not four in five."))
    assert "Most weeks is not four in five." in page(client, cast)


def test_percentages_alone_are_a_change(cast):
    publish_standard(**words(cast))
    assert publish_standard(**words(cast, version=1, rhythm_yes=90)).number == 2


@pytest.mark.parametrize("version", [0, 2])
def test_second_of_two_at_once_is_a_conflict(cast, version):
    publish_standard(**words(cast))
    with pytest.raises(EditedMeanwhile):
        publish_standard(**words(cast, version=version, intro="Mine."))
    assert Standard.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("rhythm_yes", {"rhythm_yes": 50}),
        ("rhythm_yes", {"rhythm_yes": 101}),
        ("rhythm_partly", {"rhythm_partly": 0}),
        ("judged", {"judged": "\n".join(f"Line {number}" for number in range(21))}),
        ("judged", {"judged": "x" * 501}),
        ("", {**dict.fromkeys(LINES, ""), "judged": "---"}),
    ],
)
def test_impossible_one_is_refused_at_its_field(cast, field, more):
    refused_at(field, publish_standard, **words(cast, **more))


def test_cohort_without_one_has_words_to_start_from(cast, client):
    sheet = what_we_look_for(cast.cohort)
    assert (sheet.number, sheet.judged, len(sheet.shown)) == (0, DEFAULT_JUDGED, 5)
    assert "have not written this yet" in page(client, cast)


# Through the pages


def sent(**more) -> dict[str, str]:
    return {**{name: str(value) for name, value in TEXTS.items()}, "_version": "0", **more}


def test_form_starts_from_the_words_and_publishes_what_is_sent(cast, client):
    client.force_login(cast.staff)
    address = reverse("standard_change", args=[cast.cohort.slug])
    assert DEFAULT_JUDGED[0] in client.get(address).content.decode()
    assert client.post(address, sent()).headers["Location"] == reverse("extension", args=[cast.cohort.slug])
    assert what_we_look_for(cast.cohort).judged == ("It matters", "It is clear")


def test_conflict_shows_both_and_saving_again_is_the_next_version(cast, client):
    publish_standard(**words(cast, intro="The first text."))
    client.force_login(cast.staff)
    address = reverse("standard_change", args=[cast.cohort.slug])
    answer = client.post(address, sent(intro="The second text."))
    body = answer.content.decode()
    assert (answer.status_code, "The first text." in body, "The second text." in body) == (409, True, True)
    assert 'name="_version" value="1"' in body
    assert client.post(address, sent(intro="The second text.", _version="1", reason="Clearer")).status_code == 302
    assert (what_we_look_for(cast.cohort).number, what_we_look_for(cast.cohort).intro) == (2, "The second text.")


def test_first_version_asks_for_no_reason(cast, client):
    client.force_login(cast.staff)
    assert b'name="reason"' not in client.get(reverse("standard_change", args=[cast.cohort.slug])).content


def test_next_version_before_launch_needs_no_reason(cast):
    publish_standard(**words(cast))
    unlaunched(cast.cohort)
    assert publish_standard(**words(cast, version=1, rhythm_yes=90, reason="")).number == 2


def test_everybody_reads_why_a_version_was_published(cast, client):
    publish_standard(**words(cast))
    client.force_login(cast.staff)
    facts = sent(intro="Three things.", _version="1", reason="Two were <one>")
    client.post(reverse("standard_change", args=[cast.cohort.slug]), facts)
    assert "by Stella Staff: <bdi>Two were &lt;one&gt;</bdi>." in page(client, cast)
    assert "Two were" not in page(client, cast, query="?version=1")


def test_same_words_sent_again_say_that_nothing_was_changed(cast, client):
    publish_standard(**words(cast))
    client.force_login(cast.staff)
    answer = client.post(
        reverse("standard_change", args=[cast.cohort.slug]), sent(_version="1", reason=""), follow=True
    )
    assert "Nothing was changed: these are the words of version 1." in answer.content.decode()


def test_page_leads_to_earlier_versions(cast, client):
    publish_standard(**words(cast))
    publish_standard(**words(cast, version=1, intro="Three things."))
    assert 'href="?version=1"' in page(client, cast)
    old = page(client, cast, query="?version=1")
    assert ("This is version 1" in old, "Two things." in old, "Three things." in old) == (True, True, False)


@pytest.mark.parametrize("version", ["3", "-1", "one", "²", "99999"])
def test_version_that_is_not_there_is_not_found(cast, client, version):
    publish_standard(**words(cast))
    client.force_login(cast.scholar)
    address = reverse("extension", args=[cast.cohort.slug])
    assert client.get(address, {"version": version}).status_code == 404


def test_page_says_what_is_never_used_and_that_nothing_is_summed(cast, client):
    body = page(client, cast)
    assert "Chances that a scholar puts on a milestone, 1-1s, help wanted, concerns" in body
    assert "there is no sum" in body


@pytest.mark.parametrize(
    ("who", "theirs"), [("scholar", True), ("mentor", True), ("other_mentor", False), ("coach", False)]
)
def test_page_leads_to_where_ones_own_scholars_stand(cast, client, who, theirs):
    assert (reverse("standing", args=[cast.place["scholar"].pk]) in page(client, cast, who)) == theirs


def test_page_asks_at_most_twelve_questions(cast, client):
    publish_standard(**words(cast))
    publish_standard(**words(cast, version=1, intro="Three things."))
    client.force_login(cast.scholar)
    assert questions(client, reverse("extension", args=[cast.cohort.slug])) <= 12
