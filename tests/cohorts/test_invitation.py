"""Invitations: sent, sent again, taken back, sent elsewhere; and who gets messages before they have come."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.actions.invitation import change_address, issue, issue_all, resend, revoke
from cohorts.actions.membership import add_person, remove_person
from cohorts.invitations import LIFE, counts_of, open_for
from cohorts.models import Cohort, Invitation, Membership, Person
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.models import Message
from mentorship.actions.launch import launch_cohort
from mentorship.models import Attendance, CaseInvitation
from mentorship.reminders.invitation import INVITED as TO_DECIDE
from tests.access.visitors import client_of
from tests.cast import LONDON, WEEK_SIX, a_cohort, a_meeting, a_pairing, a_person, a_place
from tests.cohorts.joining import IS_BACK, WAITS, account, an_invited, letter_of, link_of, standing, token_of
from tests.cohorts.staff import by_staff, refused_at, unlaunched
from tests.mentorship.cases import a_case
from tests.mentorship.counting import questions

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

OTHER = {"email": "ida.right@example.org", "reason": "A slip of the pen."}
LATER = WEEK_SIX + dt.timedelta(days=30)


def kept_back(invitation: Invitation, at: dt.datetime = WEEK_SIX) -> str:
    message = Message.objects.get(about_id=invitation.pk, kind="place_invitation")
    kind = kinds.kind_of(message)
    assert kind
    return kinds.drop_why(kind, message, at)


def test_letter_says_what_it_is_about_and_holds_the_only_token(cast, settings):
    row = an_invited(cast)
    message, token, letter = Message.objects.get(about_id=row.pk), token_of(row), letter_of(row)
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in f"{message.sealed} {message.occurrence} {list(Invitation.objects.values())}"
    assert (row.email, row.expires_at, message.policy) == ("ida@example.org", WEEK_SIX + LIFE, "letter")
    assert letter.subject == "Stella Staff invites you to Winter 2027"
    said = ["as scholar", "10 February 2027 to 11 April 2027", f"{settings.PUBLIC_ORIGIN}/join/{token}/"]
    said += ["until Wed 17 Feb 12:00 (Europe/London), for ida@example.org", "You need no password"]
    assert [words for words in said if words not in letter.text] == []


def test_letter_of_somebody_who_signs_in_here_says_so_and_staff_read_it_without_the_link(cast):
    row = an_invited(cast, cast.stranger.email)
    Person.objects.filter(pk=cast.stranger.pk).update(last_login=WEEK_SIX)
    assert "sign in with nobody.known@example.org and accept" in letter_of(row).text
    page = (
        client_of(cast.staff).get(reverse("message", args=[Message.objects.get(about_id=row.pk).pk])).content.decode()
    )
    assert ("/join/…/" in page, token_of(row) in page) == (True, False)


def test_launch_invites_all_but_who_launches(cast):
    third = a_cohort("Third", "third", launched_at=None)
    for person, role in [
        (cast.staff, "staff"),
        (cast.scholar, "scholar"),
        (cast.disabled, "coach"),
        (cast.mentor, "mentor"),
    ]:
        Membership.objects.create(person=person, cohort=third, role=role, created_at=WEEK_SIX)
    an_invited_before = add_person(
        cohort=third, email="new@example.org", name="New", role="mentor", time_zone=LONDON, **by_staff(cast)
    )
    assert (an_invited_before.accepted_at, Invitation.objects.count()) == (None, 0)
    launch_cohort(cohort=third, version=1, **by_staff(cast))
    emails = Invitation.objects.filter(cohort=third).order_by("email").values_list("email", flat=True)
    assert list(emails) == ["mira.mentor@example.org", "new@example.org", "sana.scholar@example.org"]
    assert Message.objects.filter(kind="place_invitation").count() == 3
    assert Membership.objects.get(cohort=third, role="staff").accepted_at == WEEK_SIX
    assert issue_all(cohort=Cohort.objects.get(pk=third.pk), **by_staff(cast)) == []


def test_own_place_is_accepted_at_once_and_accepted_ones_get_nothing(cast):
    own = add_person(
        cohort=cast.cohort, email=cast.staff.email, name="", role="mentor", time_zone=LONDON, **by_staff(cast)
    )
    assert (own.accepted_at, own.invitations.count()) == (WEEK_SIX, 0)
    assert issue(membership=cast.place["scholar"], **by_staff(cast)) is None
    assert "Invitations go out when" in refused_at(
        "", issue, membership=Membership.objects.create(
            person=cast.scholar, cohort=unlaunched(cast.other_cohort), role="mentor", created_at=WEEK_SIX
        ), **by_staff(cast)
    )  # fmt: skip


def test_new_letter_takes_the_place_of_the_old_one(cast):
    first = an_invited(cast)
    old = token_of(first)
    second = resend(invitation=first, **by_staff(cast))
    assert (standing(first), standing(second)) == (IS_BACK, WAITS)
    assert (kept_back(first), kept_back(second)) == (
        "The invitation was taken back, or another one took its place.",
        "",
    )
    assert Client().get(f"/join/{old}/").status_code == 404
    assert kept_back(second, WEEK_SIX + LIFE) == "The invitation has run out."


def test_taken_back_it_opens_nothing_and_the_history_says_why(cast):
    row = an_invited(cast)
    refused_at("reason", revoke, invitation=row, version=1, reason="", **by_staff(cast))
    revoke(invitation=row, version=1, reason="Not this year.", **by_staff(cast))
    assert (standing(row), row.events.last().pgh_context["why"]) == (IS_BACK, "Not this year.")
    refused_at("", revoke, invitation=row, version=2, reason="Again.", **by_staff(cast))
    place = an_invited(cast, "gone@example.org").membership
    remove_person(membership=place, version=place.version, reason="A mistake.", **by_staff(cast))
    assert standing(place.invitations.get()) == IS_BACK


def test_address_of_an_account_that_came_with_the_invitation_is_corrected(cast):
    row = an_invited(cast)
    person = row.membership.person
    refused_at("email", change_address, invitation=row, version=1, **by_staff(cast, **{**OTHER, "email": row.email}))
    new = change_address(invitation=row, version=1, **by_staff(cast, **OTHER))
    person.refresh_from_db()
    assert (person.email, new.email, new.membership.person_id) == (OTHER["email"], OTHER["email"], person.pk)
    assert (standing(row), standing(new)) == (IS_BACK, WAITS)


def elsewhere_too(cast, person):
    a_place(person, cast.other_cohort, "mentor")


def decides_a_case(cast, person):
    case = a_case(cast, "committee")
    CaseInvitation.objects.create(
        cohort=cast.cohort,
        case=case,
        person=person,
        invited_by=cast.staff,
        reason="Two are recused.",
        created_at=WEEK_SIX,
    )


def has_signed_in(cast, person):
    Person.objects.filter(pk=person.pk).update(last_login=WEEK_SIX)


def may_start_cohorts(cast, person):
    Person.objects.filter(pk=person.pk).update(starts_cohorts=True)


@pytest.mark.parametrize("stands", [elsewhere_too, decides_a_case, has_signed_in, may_start_cohorts])
def test_account_that_leads_elsewhere_keeps_its_address_and_the_place_goes(cast, stands):
    row = an_invited(cast)
    was = row.membership.person
    stands(cast, was)
    new = change_address(invitation=row, version=1, **by_staff(cast, **OTHER))
    was.refresh_from_db()
    assert (was.email, new.membership.person.email, new.membership_id) == (row.email, OTHER["email"], row.membership_id)


def test_place_goes_to_the_account_of_the_address_with_its_meetings(cast):
    row = an_invited(cast)
    place, was = row.membership, row.membership.person
    pairing = a_pairing(place, cast.place["other_mentor"])
    meeting = a_meeting(pairing, 7, dt.datetime(2027, 2, 18, 14, tzinfo=dt.UTC))
    drop_in(TO_DECIDE, [(was.pk, cast.cohort.pk, row.pk, "x")], WEEK_SIX)
    change_address(invitation=row, version=1, reason="Hers.", email=cast.stranger.email, **by_staff(cast))
    come = Attendance.objects.filter(meeting=meeting).values_list("person", flat=True)
    assert set(come) == {cast.stranger.pk, cast.other_mentor.pk}
    assert Message.objects.get(kind=TO_DECIDE.name).dropped_why == "The invitation went to another address."
    assert account("ida@example.org").memberships.count() == 0


def test_address_is_refused_where_the_wall_or_the_place_would_not_hold(cast):
    row = an_invited(cast, role="mentor")
    a_pairing(cast.place["scholar"], row.membership, is_lead=False)
    facts = by_staff(cast, reason="Hers.", invitation=row, version=1)
    assert "coach of Sana Scholar" in refused_at("mentor", change_address, email=cast.coach.email, **facts)
    assert "here as mentor already" in refused_at("email", change_address, email=cast.mentor.email, **facts)
    assert "disabled" in refused_at("email", change_address, email=cast.disabled.email, **facts)
    assert standing(row) == WAITS


def test_nobody_gets_messages_of_a_cohort_before_they_have_come(cast):
    row = an_invited(cast)
    guest, place = a_person("Guest"), row.membership
    for number, person in enumerate([place.person, cast.scholar, guest]):
        drop_in(TO_DECIDE, [(person.pk, cast.cohort.pk, row.pk, str(number))], WEEK_SIX)

    def gated() -> list[str]:
        asked = Message.objects.filter(kind=TO_DECIDE.name).order_by("occurrence")
        return [kinds.drop_why(TO_DECIDE, message, WEEK_SIX) for message in asked]

    gone = "The invitation was taken back."
    assert gated() == ["They have not accepted their invitation yet.", gone, gone]
    ended = {"archived_at": WEEK_SIX, "ended_at": WEEK_SIX, "ended_how": "left", "reads_until": LATER}
    Membership.objects.create(
        person=place.person, cohort=cast.cohort, role="alum", accepted_at=WEEK_SIX, created_at=WEEK_SIX, **ended
    )
    assert gated() == [gone, gone, gone]
    assert kept_back(row) == ""


def test_page_of_invitations_names_each_and_asks_as_much_for_many(cast):
    client, address = client_of(cast.staff), reverse("invitations", args=[cast.cohort.slug])
    revoked = an_invited(cast, "back@example.org")
    few = questions(client, address)
    for number in range(12):
        an_invited(cast, f"n{number}@example.org")
    Membership.objects.create(person=cast.stranger, cohort=cast.cohort, role="mentor", created_at=WEEK_SIX)
    Invitation.objects.filter(email="n1@example.org").update(expires_at=WEEK_SIX - dt.timedelta(days=1))
    revoke(invitation=revoked, version=1, reason="No.", **by_staff(cast))
    assert (questions(client, address), few <= 12) == (few, True)
    assert counts_of(cast.cohort, WEEK_SIX) == {"open": 11, "over": 2, "accepted": 10, "none": 1}
    over = client.get(address, {"state": "over"}).content.decode()
    assert ("n1@example.org" in over, "n2@example.org" in over, "taken back" in over) == (True, False, True)
    assert client.post(address).status_code == 302
    assert [one.invitation.membership.role for one in open_for(cast.stranger, WEEK_SIX)] == ["mentor"]
    assert questions(client, reverse("people", args=[cast.cohort.slug])) <= 12


def test_pages_say_how_far_somebody_is_to_staff_alone(cast):
    place = an_invited(cast).membership
    for page in (reverse("person", args=[place.pk]), reverse("people", args=[cast.cohort.slug])):
        said = [
            "invited, until" in client_of(person).get(page).content.decode() for person in (cast.staff, cast.mentor)
        ]
        assert said == [True, False], page
    sent = {"email": "x@example.org", "name": "X", "role": "mentor", "time_zone": LONDON, "hours_per_week": "40"}
    added = client_of(cast.staff).post(reverse("person_add", args=[cast.cohort.slug]), sent, follow=True)
    assert "Their invitation is on its way." in added.content.decode()


def test_buttons_send_take_back_and_correct(cast):
    client, row = client_of(cast.staff), an_invited(cast)
    link = link_of(row)
    client.post(reverse("invitation_resend", args=[row.pk]))
    new = Invitation.objects.get(membership=row.membership, revoked_at=None)
    assert Client().get(link).status_code == 404
    client.post(reverse("invitation_address", args=[new.pk]), {**OTHER, "_version": "1"})
    last = Invitation.objects.get(membership=row.membership, revoked_at=None)
    client.post(reverse("invitation_revoke", args=[last.pk]), {"reason": "No.", "_version": "1"})
    assert (last.email, standing(last)) == (OTHER["email"], IS_BACK)
