"""The pages of a mentor's approval: two minutes for a mentor; and who reads what of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import Membership, Role
from mats.post import links
from mats.post.models import Message
from mentorship.actions.approval import ask_for_approval, lay_out_approvals, name_approver
from mentorship.approvals import approvals_of, disagreement
from mentorship.links import APPROVE
from mentorship.models import Approval, ExtensionCase, Pairing
from tests.access.test_matrix import normalised
from tests.attack.pages import rows
from tests.cast import WEEK_SIX, Cast, a_pairing, a_person, a_place
from tests.cohorts.staff import by_staff
from tests.mentorship.approvals import approval_of, given
from tests.mentorship.cases import DAY, MONTHS_FOR, PLAN, SEEN_DONE, a_case, a_duty, an_approval
from tests.mentorship.counting import questions
from tests.mentorship.midpoint import a_co_mentor, a_line, page, sent_all, statuses

SENT = {"answer": "yes", "seen_done": SEEN_DONE, "months_for": MONTHS_FOR, "can_mentor": "yes"}
PRIVATE, CONFLICT, WHY, TALKED = "cardamom", "turmeric", "saffron", "nutmeg"


def body(cast: Cast, client: Client, who: str, name: str, row) -> str:
    return page(cast, client, who, name, row).content.decode()


# Writing it


def test_mentor_answers_on_one_screen(cast, client):
    a_line(cast, view="too_early", because="One more result.")
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    shown = body(cast, client, "mentor", "approval_write", row)
    standing = f"/people/{row.case.scholar_id}/standing/"
    for words in ("6 months in total, until 3 July", PLAN, standing, "too early to say", "One more result."):
        assert words in shown
    first, second = shown.index("Shown to Sana Scholar</h2>"), shown.index("Sana Scholar may ask for a copy</h2>")
    boxes = [shown.index(f'name="{name}"') for name in ("seen_done", "months_for", "for_committee", "conflict_words")]
    assert first < boxes[0] < boxes[1] < second < boxes[2] < boxes[3]
    answer = page(cast, client, "mentor", "approval_write", row, **SENT)
    row.refresh_from_db()
    assert (answer.status_code, answer.url, row.answer) == (302, reverse("approval", args=[row.pk]), "yes")
    assert "Your approval" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("fields", [{"answer": "granted"}, {"answer": ""}, {"can_mentor": "until"}, {"months_for": ""}])
def test_half_or_forged_answer_is_refused_and_its_text_kept(cast, client, fields):
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    answer = page(cast, client, "mentor", "approval_write", row, **{**SENT, "seen_done": "cardamom", **fields})
    row.refresh_from_db()
    assert (answer.status_code, b"cardamom" in answer.content, row.given_at) == (422, True, None)


def test_forged_fields_and_a_forged_post_give_nothing(cast, client):
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    found = statuses(cast, client, "approval_write", row, **SENT)
    assert {who: status for who, status in found.items() if who != "mentor"} == {
        "scholar": 404, "other_scholar": 404, "other_mentor": 404, "coach": 404, "staff": 403, "staff_elsewhere": 404,
        "stranger": 404,
    }  # fmt: skip
    forged = {"is_lead": "", "given_at": "2020-01-01", "named_why": "x", "due_at": "2030-01-01", "mentor": "x"}
    version = Approval.objects.get().version
    page(cast, client, "mentor", "approval_write", row, version=version, **{**SENT, "answer": "no", **forged})
    row.refresh_from_db()
    assert (row.answer, row.is_lead, row.named_why, row.mentor) == ("no", True, "", cast.place["mentor"])


def test_double_press_gives_it_once_and_a_second_tab_sees_both_texts(cast, client):
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    sent = {**SENT, "_key": "6b1f3b9e-8f4e-4b57-9f7e-3d6a4c1a2b3c"}
    answers = [page(cast, client, "mentor", "approval_write", row, **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    other = page(cast, client, "mentor", "approval_write", row, version=1, **{**SENT, "seen_done": "cardamom"})
    assert (other.status_code, b"cardamom" in other.content) == (409, True)
    assert Approval.objects.get().version == 2


def test_pairing_that_ended_while_the_mentor_wrote_sends_nothing(cast, client):
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    Pairing.objects.filter(pk=cast.pairing.pk).update(ends_on=WEEK_SIX.date() - DAY)
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], starts_on=WEEK_SIX.date())
    lay_out_approvals(cast.cohort, WEEK_SIX)
    assert page(cast, client, "mentor", "approval_write", row, **SENT).status_code == 404
    assert page(cast, client, "other_mentor", "approval_write", approval_of(row.case, cast.place["other_mentor"]),
                **SENT).status_code == 302  # fmt: skip


def test_decided_case_is_only_read(cast, client):
    row = an_approval(a_case(cast, "decided"), cast.place["mentor"], "yes")
    assert page(cast, client, "mentor", "approval_write", row).url == reverse("approval", args=[row.pk])
    answer = page(cast, client, "mentor", "approval_write", row, **{**SENT, "answer": "no"})
    assert (answer.status_code, b"neither given nor changed" in answer.content) == (422, True)


# From the letter


def link_of(message: Message) -> str:
    return reverse("go", args=[links.token(APPROVE, message)])


def test_link_of_the_letter_leads_its_reader_to_the_approval_and_changes_nothing(cast, client, mailoutbox):
    row = ask_for_approval(a_case(cast), at=WEEK_SIX)
    sent_all(WEEK_SIX)
    (mail,) = mailoutbox
    message = Message.objects.get(kind="approval_asked")
    assert (mail.to, mail.subject) == (
        [cast.mentor.email], "Two minutes by Mon 15 Feb 23:59: the extension of Sana Scholar",
    )  # fmt: skip
    assert "6 months in total, until 3 July" in mail.body
    assert set(re.findall(r"/go/\S+?/(?=[\s\"])", mail.body + mail.alternatives[0][0])) == {link_of(message)}
    client.force_login(cast.mentor)
    before = rows("django_session")
    assert "the extension of Sana Scholar. It is due Mon 15 Feb 23:59" in client.get(link_of(message)).content.decode()
    assert rows("django_session") == before
    assert client.post(link_of(message)).url == reverse("approval_write", args=[row.pk])


@pytest.mark.parametrize("who", ["other_mentor", "scholar", "staff", "stranger"])
def test_forwarded_message_grants_nothing(cast, client, who):
    ask_for_approval(a_case(cast), at=WEEK_SIX)
    link = link_of(Message.objects.get(kind="approval_asked"))
    client.force_login(getattr(cast, who))
    answer, nonsense = client.get(link), client.get("/go/nonsense/")
    assert (answer.status_code, client.post(link).status_code) == (404, 404)
    assert normalised(answer.content) == normalised(nonsense.content)


@pytest.mark.parametrize(
    ("model", "change", "status"),
    [
        (Approval, {"archived_at": WEEK_SIX}, 404),
        (ExtensionCase, {"state": "withdrawn"}, 404),
        (Membership, {"archived_at": WEEK_SIX}, 404),
        (Message, {"moment": WEEK_SIX - 14 * DAY}, 404),
        (Message, {"moment": WEEK_SIX - 13 * DAY}, 200),
    ],
)
def test_link_works_as_long_as_there_is_something_to_answer(cast, client, model, change, status):
    ask_for_approval(a_case(cast), at=WEEK_SIX)
    model.objects.update(**change)
    client.force_login(cast.mentor)
    assert client.get(link_of(Message.objects.get(kind="approval_asked"))).status_code == status


# Who reads what


@pytest.fixture
def told_all(cast) -> Approval:
    """A case in which everything that can be said is said, each private word a spice. `other_coach` also sits
    on the committee, and `duty_lead` is on duty."""
    a_co_mentor(cast)
    cast.member = a_person("Mel Member")
    cast.duty_lead = a_person("Dora Duty")
    for name, kind in (("member", "committee"), ("duty_lead", "duty_lead")):
        cast.place[name] = a_place(getattr(cast, name), cast.cohort, Role.STAFF)
        a_duty(cast.place[name], kind)
    case = a_case(cast)
    ask_for_approval(case, at=WEEK_SIX)
    row = name_approver(case=case, mentor=cast.place["both_as_mentor"], why=WHY, **by_staff(cast))
    given(row, for_committee=PRIVATE, has_conflict=True, conflict_words=CONFLICT)
    Approval.objects.filter(pk=row.pk).update(talked_at=WEEK_SIX, talked_by=cast.staff, talk_words=TALKED)
    given(approval_of(case, cast.place["other_mentor"]), "no", seen_done="He asked twice.", for_committee="clove")
    return Approval.objects.get(pk=row.pk)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("scholar", set()),
        ("staff", {TALKED}),
        ("mentor_and_coach", {PRIVATE, CONFLICT, TALKED}),
        ("member", {PRIVATE, CONFLICT, TALKED}),
        ("duty_lead", {WHY, TALKED}),
        ("mentor", None),
        ("other_mentor", None),
        ("coach", None),
        ("other_scholar", None),
        ("stranger", None),
    ],
)
def test_private_words_are_read_by_those_they_are_for(cast, client, told_all, who, words):
    client.force_login(getattr(cast, who))
    answer = client.get(reverse("approval", args=[told_all.pk]))
    assert answer.status_code == (404 if words is None else 200)
    pages = [answer, client.get(reverse("case", args=[told_all.case_id])), client.get(reverse("home"))]
    told = b"".join(one.content for one in pages).decode()
    assert {word for word in (PRIVATE, CONFLICT, WHY, TALKED) if word in told} == (words or set())
    assert "clove" not in told or who == "member"
    if words is not None:
        assert SEEN_DONE in answer.content.decode()


def test_recused_member_of_the_committee_reads_what_the_scholar_reads(cast, client, told_all):
    """One person as mentor and committee: what they wrote themselves is theirs, what others wrote is not."""
    place = a_place(cast.other_mentor, cast.cohort, Role.STAFF)
    a_duty(place)
    both = approvals_of(told_all.case, cast.other_mentor, WEEK_SIX)
    assert [(row.mentor_name, row.for_committee) for row in both] == [("Bo Both", ""), ("Omar Mentor", "clove")]


def test_disagreement_stands_in_words_and_is_not_averaged(cast, told_all):
    found = {
        who: disagreement(approvals_of(told_all.case, getattr(cast, who), WEEK_SIX))
        for who in ("scholar", "staff", "member", "mentor_and_coach", "other_mentor")
    }
    both = "Bo Both says yes, Omar Mentor says no"
    assert found == {
        "scholar": both, "staff": both, "member": both, "mentor_and_coach": "", "other_mentor": "",
    }  # fmt: skip


def test_scholar_learns_of_no_approval_before_it_is_given(cast, client):
    case = a_case(cast)
    row = ask_for_approval(case, at=WEEK_SIX)
    assert statuses(cast, client, "approval", row) == {
        "scholar": 404, "other_scholar": 404, "mentor": 200, "other_mentor": 404, "coach": 404, "staff": 200,
        "staff_elsewhere": 404, "stranger": 404,
    }  # fmt: skip
    assert approvals_of(case, cast.scholar, WEEK_SIX) == []


def test_earlier_answers_stand_on_the_page(cast, client):
    row = given(ask_for_approval(a_case(cast), at=WEEK_SIX), "not_sure")
    row = given(given(row, seen_done="Built two probes.", at=WEEK_SIX + DAY, answer="not_sure"), at=WEEK_SIX + 2 * DAY)
    shown = body(cast, client, "scholar", "approval", row)
    assert shown.count("I’m not sure, let’s talk") == 1
    assert "What was answered before" in shown


# Size


def test_pages_take_the_same_questions_at_any_number_of_approvals(cast, client, told_all):
    client.force_login(cast.mentor_and_coach)
    address = reverse("approval_write", args=[told_all.pk])
    write, read = questions(client, address), {}
    client.force_login(cast.member)
    for more in (0, 5):
        for number in range(more):
            mentor = a_place(a_person(f"Mentor {number}"), cast.cohort, Role.MENTOR)
            an_approval(told_all.case, mentor, "yes", is_lead=False)
        read[more] = questions(client, reverse("approval", args=[told_all.pk]))
    assert (write <= 12, read[0] <= 12, read[0] == read[5]) == (True, True, True)
