"""The committee's table: what each reader finds in it, its filters, its file, its cost."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import transaction
from django.urls import reverse

from cohorts.models import Role
from mentorship.actions.round import set_round
from mentorship.models import Conflict, Round, State
from tests.cast import WEEK_SIX, Cast, a_milestone, a_person, a_place, a_round
from tests.cohorts.staff import day, refused_at
from tests.mentorship.cases import DAY, a_case, a_decision, a_duty, a_letter, a_term, an_approval, an_opinion
from tests.mentorship.counting import questions

PRIVATE, SHOWN, MINE, OTHERS = "Canary of the committee.", "Built the probe alone.", "not now", "yes if there is room"


@pytest.fixture
def cast(cast) -> Cast:
    """`member` and `second` are on the committee; `staff` is not. `sudden` has a case too."""
    for name in ("member", "second"):
        setattr(cast, name, a_person(f"{name.title()} Committee"))
        cast.place[name] = a_place(getattr(cast, name), cast.cohort, Role.STAFF)
        a_duty(cast.place[name])
    return cast


def a_contested_case(cast: Cast, scholar: str = "scholar"):
    """The lead says no without a warning, a co-mentor yes; one opinion of another is in."""
    case = a_case(cast, State.COMMITTEE, scholar=scholar)
    lead, other = cast.place["mentor"], cast.place["other_mentor"]
    an_approval(case, lead, "no", for_committee=PRIVATE, has_conflict=True, conflict_words="They share a flat.")
    an_approval(case, other, "yes", is_lead=False)
    an_opinion(case, cast.second, "if_room")
    return case


def page(cast: Cast, client, who: str, query: str = "", name: str = "committee") -> str:
    client.force_login(getattr(cast, who))
    return client.get(reverse(name, args=[cast.cohort.slug]) + query).content.decode()


def cells(cast: Cast, client, who: str, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page(cast, client, who, query, "committee_csv"))))


# What each reader finds


def test_row_of_the_committee_holds_evidence_words_and_who_is_in(cast, client):
    a_contested_case(cast)
    Conflict.objects.create(
        cohort=cast.cohort, person=cast.other_coach, scholar=cast.place["scholar"], declared_by=cast.other_coach,
        why="Cousins.", created_at=WEEK_SIX,
    )  # fmt: skip
    (row,) = cells(cast, client, "member")
    assert row["Mentor’s approval"].splitlines() == [
        "the mentors disagree",
        "Mira Mentor: no; can mentor them",
        SHOWN,
        "The second result.",
        f"for the committee: {PRIVATE}",
        "Omar Mentor: yes; can mentor them",
        SHOWN,
        "The second result.",
    ]
    assert row["Conflicts"].splitlines() == ["Mira Mentor ticks one: They share a flat.", "Odd Coach declared one"]
    assert (row["Warning"], row["Opinions"]) == ("no earlier warning was given", "1 in; yours is not")
    assert row["Proposal and decision"].startswith("contested: a mentor says no, and no earlier warning was given")
    assert (row["asks for"], row["State"]) == ("6 months in total", "with the committee")
    assert [name for name in row if "1-1" in name or "chance" in name or "sum" in name.lower()] == []


def test_bands_are_read_by_whoever_has_written_theirs(cast, client):
    case = a_contested_case(cast)
    assert OTHERS not in page(cast, client, "member")
    an_opinion(case, cast.member, "not_now")
    assert cells(cast, client, "member")[0]["Opinions"].splitlines() == [
        "2 in; yours is in",
        f"{OTHERS} · {MINE}",
    ]


def test_what_is_proposed_after_opinions_is_read_once_ones_own_is_in(cast, client):
    case = a_contested_case(cast)
    a_decision(case, "refuse", proposed_by=cast.second)
    bodies = page(cast, client, "member") + page(cast, client, "member", name="committee_csv")
    assert [words for words in ("proposed: refuse", "Second Committee") if words in bodies] == []
    an_opinion(case, cast.member, "not_now")
    assert "proposed: refuse, by Second Committee" in page(cast, client, "member")


def test_plain_staff_read_neither_private_words_nor_opinions(cast, client):
    a_contested_case(cast)
    bodies = page(cast, client, "staff") + page(cast, client, "staff", name="committee_csv")
    assert SHOWN in bodies
    leaks = [words for words in (PRIVATE, "They share a flat", OTHERS, "1 in;") if words in bodies]
    assert leaks == []


@pytest.mark.parametrize("who", ["member", "staff"])
def test_of_a_recused_case_name_and_state_alone_are_read(cast, client, who):
    case = a_contested_case(cast)
    a_decision(case, "refuse", proposed_by=cast.second, reason="Canary of a reason.")
    an_approval(case, a_place(getattr(cast, who), cast.cohort, Role.MENTOR), is_lead=False)
    bodies = page(cast, client, who) + page(cast, client, who, name="committee_csv")
    found = [w for w in (PRIVATE, SHOWN, OTHERS, "refuse", "contested:", "Mira Mentor", "in total") if w in bodies]
    assert found == []
    assert cells(cast, client, who)[0]["asks for"] == "recused"
    assert [len(cells(cast, client, who, f"?show={show}")) for show in ("contested", "proposed", "yes")] == [0, 0, 0]


def test_only_staff_open_it(cast, client):
    who = ("member", "staff", "mentor", "scholar", "staff_elsewhere", "stranger")
    statuses = []
    for name in who:
        client.force_login(getattr(cast, name))
        statuses.append(client.get(reverse("committee", args=[cast.cohort.slug])).status_code)
    assert statuses == [200, 200, 403, 403, 404, 404]


def test_proposal_and_decision_are_told_with_who_and_when(cast, client):
    case = a_case(cast, State.COMMITTEE)
    a_decision(
        case,
        proposed_by=cast.second,
        pulled_at=WEEK_SIX,
        pulled_by=cast.member,
        pulled_why="Too soon.",
        is_agreed_list=True,
    )
    assert "pulled out by Member Committee: Too soon." in page(cast, client, "member")
    a_decision(case, proposed_by=cast.second, opens_at=WEEK_SIX + DAY, is_agreed_list=True)
    assert cells(cast, client, "staff")[0]["Proposal and decision"].splitlines() == [
        "proposed: grant 6 in total, by Second Committee",
        "to be confirmed from Thu 11 Feb 12:00",
    ]


# Filters


def test_filters_narrow_page_and_file_alike(cast, client):
    a_contested_case(cast)
    other = a_case(cast, State.MENTOR, scholar="other_scholar")
    an_approval(other, cast.place["both_as_mentor"])

    def names(query: str) -> list[str]:
        rows = [row["scholar"] for row in cells(cast, client, "member", query)]
        assert [name in page(cast, client, "member", query) for name in rows] == [True] * len(rows)
        return rows

    assert names("") == ["Otto Scholar", "Sana Scholar"]
    assert names("?show=mentor") == ["Otto Scholar"]
    assert names("?show=to_propose") == names("?show=contested") == ["Sana Scholar"]
    assert names(f"?mentor={cast.place['mentor'].pk}") == ["Sana Scholar"]
    assert names("?show=decided") == []
    assert names("?show=nonsense&mentor=x&round=y") == ["Otto Scholar", "Sana Scholar"]


def test_round_that_has_not_opened_yet_hides_no_case(cast, client):
    a_contested_case(cast)
    opens_on = WEEK_SIX.date() + 60 * DAY
    promised = opens_on + 20 * DAY
    later = a_round(cast.cohort, opens_on, phase=a_term(cast.cohort), answers_on=promised, letters_on=promised)
    assert len(cells(cast, client, "member")) == 1
    assert cells(cast, client, "member", f"?round={later.pk}") == []


def test_file_holds_no_formula(cast, client):
    cast.scholar.name = "=HYPERLINK(1)"
    cast.scholar.save(update_fields=["name"])
    case = a_case(cast, State.COMMITTEE)
    an_approval(case, cast.place["mentor"], "yes")
    for row in csv.reader(io.StringIO(page(cast, client, "member", name="committee_csv"))):
        assert [cell for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert cells(cast, client, "member")[0]["scholar"] == "'=HYPERLINK(1)"


# Places


def test_places_left_are_shown_and_never_fewer_than_granted(cast, client):
    a_milestone(cast.cohort, "midpoint", day(1, 15))
    granted = a_case(cast, State.OFFERED)
    a_decision(granted, proposed_by=cast.second, confirmed_by=cast.member)
    draft = a_case(cast, State.DECIDED, scholar="other_scholar")
    a_letter(a_decision(draft, proposed_by=cast.second, confirmed_by=cast.member))
    row = Round.objects.get()
    days = {name: getattr(row, name) for name in ("opens_on", "closes_on", "answers_on", "letters_on")}
    facts = {"cohort": cast.cohort, "by": cast.staff, "at": WEEK_SIX, "reason": "Funding.", **days}
    assert "2 are granted already" in refused_at("places", set_round, version=1, places=1, **facts)
    assert "left." not in page(cast, client, "staff")
    set_round(version=1, places=5, **facts)
    assert "3 of 5 places left." in page(cast, client, "staff")
    assert "· 4 of 5 places left" in page(cast, client, "scholar", name="extension")  # the draft is not known yet


# Cost


@pytest.mark.parametrize("name", ["committee", "committee_csv", "letters", "funnel"])
def test_as_many_questions_for_thirty_cases_as_for_one(cast, client, name):
    def add(number: int) -> None:
        cast.place[f"{number}"] = a_place(a_person(f"Scholar {number}"), cast.cohort, Role.SCHOLAR)
        case = a_case(cast, State.DECIDED, scholar=f"{number}")
        an_approval(case, cast.place["mentor"], "yes")
        an_opinion(case, cast.second)
        a_letter(a_decision(case, proposed_by=cast.second, confirmed_by=cast.member))

    with transaction.atomic():
        add(0)
    client.force_login(cast.member)
    address = reverse(name, args=[cast.cohort.slug])
    few = questions(client, address)
    with transaction.atomic():
        for number in range(1, 30):
            add(number)
    assert questions(client, address) == few <= 12
