"""The search for a mentor of the term; and the forms of staff around an approval."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Role
from mentorship.actions.approval import ask_for_approval, close_search
from mentorship.models import Approval, ExtensionCase, MentorSearch
from tests.cast import WEEK_SIX, a_pairing, a_person, a_place
from tests.cohorts.staff import by_staff, refused_at
from tests.mentorship.approvals import approval_of, given
from tests.mentorship.cases import DAY, a_case
from tests.mentorship.midpoint import a_co_mentor, page


@pytest.fixture
def case(cast) -> ExtensionCase:
    """With the lead and a co-mentor; the lead says yes, and can't mentor."""
    a_co_mentor(cast)
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), can_mentor="no")
    return case


def open_searches() -> list[MentorSearch]:
    return list(MentorSearch.objects.filter(closed_at=None, archived_at=None))


@pytest.mark.parametrize(
    ("answer", "can", "is_opened"),
    [
        ("yes", "no", True),
        ("yes", "co_mentor", False),
        ("yes", "yes", False),
        ("no", "no", False),
        ("not_sure", "no", False),
    ],
)
def test_yes_but_not_by_me_opens_a_search_of_two_weeks(cast, answer, can, is_opened):
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), answer, can_mentor=can)
    due = [(search.due_at - WEEK_SIX).days for search in open_searches()]
    assert due == ([14] if is_opened else [])


def test_search_is_pointless_once_a_mentor_can(cast, case):
    given(approval_of(case, cast.place["other_mentor"]), "no", can_mentor="no")
    assert len(open_searches()) == 1
    given(approval_of(case, cast.place["other_mentor"]), can_mentor="co_mentor", at=WEEK_SIX + DAY)
    assert (open_searches(), MentorSearch.objects.count()) == ([], 1)


def test_search_is_closed_once_and_stays_closed(cast, case):
    search = close_search(case=case, found=cast.place["both_as_mentor"], words="Bo has the room.", **by_staff(cast))
    assert (search.found, search.closed_by, search.closed_at) == (cast.place["both_as_mentor"], cast.staff, WEEK_SIX)
    with pytest.raises(ValidationError, match="No search for a mentor is open"):
        close_search(case=case, words="Again.", **by_staff(cast))
    given(Approval.objects.get(is_lead=True), can_mentor="no", seen_done="More.", at=WEEK_SIX + DAY)
    assert open_searches() == []


def test_search_ends_with_words_and_finds_a_mentor_of_the_cohort(cast, case):
    elsewhere = a_place(a_person("Mentor Elsewhere"), cast.other_cohort, Role.MENTOR)
    refused_at("words", close_search, case=case, words="", **by_staff(cast))
    for wrong in (elsewhere, cast.place["staff"], a_place(cast.scholar, cast.cohort, Role.MENTOR)):
        refused_at("found", close_search, case=case, found=wrong, words="Found.", **by_staff(cast))
    assert close_search(case=case, words="Nobody has room.", **by_staff(cast)).found is None


# The forms of staff


def test_staff_close_a_search_on_its_page(cast, client, case):
    shown = page(cast, client, "staff", "mentor_search", case).content.decode()
    assert "A mentor for Sana Scholar’s next term" in shown
    sent = {"found": str(cast.place["other_mentor"].pk), "words": "Omar will."}
    assert page(cast, client, "staff", "mentor_search", case, **sent).status_code == 302
    assert MentorSearch.objects.get().found == cast.place["other_mentor"]
    assert page(cast, client, "staff", "mentor_search", case).status_code == 302
    assert page(cast, client, "staff", "mentor_search", case, **sent).status_code == 422


def test_staff_name_an_approver_out_of_those_who_may_be_named(cast, client):
    case = a_case(cast)
    ask_for_approval(case, at=WEEK_SIX)
    a_place(cast.coach, cast.cohort, Role.MENTOR)
    shown = page(cast, client, "staff", "case_approver", case).content.decode()
    assert "Mira Mentor is asked now, by Mon 15 Feb 23:59." in shown
    offered = {name for name in ("Mira", "Omar", "Bo", "Cleo") if f"{name} " in shown.partition("<select")[2]}
    assert offered == {"Omar", "Bo"}
    refused = page(cast, client, "staff", "case_approver", case, mentor=str(cast.place["mentor"].pk), why="x")
    assert refused.status_code == 422
    sent = {"mentor": str(cast.place["other_mentor"].pk), "why": "cardamom"}
    assert page(cast, client, "staff", "case_approver", case, **sent).status_code == 302
    assert Approval.objects.get(archived_at=None).mentor == cast.place["other_mentor"]
    assert b"cardamom" not in page(cast, client, "staff", "case", case).content


def test_staff_record_the_talk_on_its_page(cast, client):
    case = a_case(cast)
    given(ask_for_approval(case, at=WEEK_SIX), "not_sure")
    shown = page(cast, client, "staff", "case_talk", case).content.decode()
    assert "Talk with Mira Mentor" in shown
    assert page(cast, client, "staff", "case_talk", case, words="").status_code == 422
    assert page(cast, client, "staff", "case_talk", case, words="They pair.").status_code == 302
    assert page(cast, client, "staff", "case_talk", case, words="Again.").status_code == 422
    assert Approval.objects.get().talk_words == "They pair."


@pytest.mark.parametrize("name", ["case_approver", "case_talk", "mentor_search"])
def test_staff_who_must_keep_out_do_none_of_it(cast, client, name):
    case = a_case(cast, "talk")
    place = a_place(cast.staff, cast.cohort, Role.MENTOR)
    a_pairing(cast.place["scholar"], place, is_lead=False)
    assert page(cast, client, "staff", name, case).status_code == 403
    assert page(cast, client, "staff", name, case, words="x").status_code == 403
