"""Inviting many at once: a pasted list is judged line by line, looked at, and sent in parts that are good."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.actions.inviting import invite_people
from cohorts.actions.membership import remove_person
from cohorts.invite_list import Entry, entries, fault_of
from cohorts.models import Invitation, Membership, Person
from mats.post.models import Message
from mats.sealing import fingerprint
from tests.access.visitors import client_of
from tests.cast import LONG_AGO, WEEK_SIX, a_cohort, a_place
from tests.cohorts.joining import an_invited
from tests.cohorts.staff import by_staff, refused_at, unlaunched

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

PASTED = """\
a@b.org
Ana Ask <ana@b.org>, "Bo, Jr" <bo@b.org>
Cy, c@b.org
d@b.org, Di
e@b.org; f@b.org
Gus\tg@b.org

 ;
nobody here
"""


def test_pasted_list_is_read_in_every_spelling():
    assert [(entry.address, entry.name) for entry in entries(PASTED)] == [
        ("a@b.org", ""), ("ana@b.org", "Ana Ask"), ("bo@b.org", "Bo, Jr"), ("c@b.org", "Cy"), ("d@b.org", "Di"),
        ("e@b.org", ""), ("f@b.org", ""), ("g@b.org", "Gus"), ("nobody here", ""),
    ]  # fmt: skip
    again = "\n".join(entry.text for entry in entries(PASTED))
    assert [(one.address, one.name) for one in entries(again)] == [(one.address, one.name) for one in entries(PASTED)]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ana.b.org", "no address: there is no @ in it"),
        ("an a@b.org", "there is a space inside the address"),
        ("a@b@c.org", "there is more than one @ in it"),
        ("@b.org", "nothing stands before the @"),
        ("a@", "nothing stands after the @"),
        ("a@b.org.", "there is a full stop at its end"),
        ("a@b..org", "there are two full stops in a row"),
        ("a@b", "“b” has no ending such as .org"),
        ("a\u200b@b.org", "there is an invisible character in this address; take it out."),
        ("a@b_.org", "enter a valid email address."),
        ("A@B.org", ""),
    ],
)
def test_fault_of_an_address_is_named(address, words):
    assert fault_of(address) == words


def looked_at(client, cast, lines: str, **more):
    """Posts a list; with `send` as it was seen."""
    fields = {"role": "scholar", "lines": lines, **more}
    if "send" in fields:
        fields.setdefault("seen", fingerprint(f"{fields['role']}\n{lines}"))
    return client.post(reverse("invite", args=[cast.cohort.slug]), fields)


def test_each_line_is_judged_and_only_good_ones_go(cast):
    an_invited(cast, "open@example.org")
    gone = an_invited(cast, "gone@example.org").membership
    remove_person(membership=gone, version=gone.version, reason="A mistake.", **by_staff(cast))
    Membership.objects.create(person=cast.stranger, cohort=cast.cohort, role="scholar", created_at=WEEK_SIX)
    lines = "\n".join([
        "New <new@example.org>", "NEW@example.org", cast.staff_elsewhere.email, cast.mentor.email, cast.scholar.email,
        "open@example.org", "gone@example.org", cast.stranger.email, cast.disabled.email, "no.at.example.org",
    ])  # fmt: skip
    client = client_of(cast.staff)
    page = looked_at(client, cast, lines)
    assert [(one.is_good, one.words) for one in page.context["judged"]] == [
        (True, "new account"),
        (False, "twice in this list; number 1 counts"),
        (True, "existing account, Elsa Staff"),
        (True, "existing account, Mira Mentor; here as mentor too"),
        (False, "already here as scholar"),
        (False, "invited already, until Wed 17 Feb 12:00"),
        (True, "existing account, Ida Invited; was here as scholar before"),
        (True, "here as scholar, not accepted yet: invited now"),
        (False, "the account with this address is disabled"),
        (False, "no address: there is no @ in it"),
    ]
    said = page.content.decode()
    assert [words for words in ("Send 5 invitations", "/join/…/", "Hello New,") if words not in said] == []
    assert Invitation.objects.count() == 2  # nothing has been sent by looking
    key = {"send": "1", "_key": page.context["form"].data["_key"]}
    for _ in range(2):
        assert looked_at(client, cast, lines, **key).url == reverse("invite", args=[cast.cohort.slug])
    sent = Invitation.objects.filter(revoked_at=None).values_list("email", flat=True)
    assert len(sent) == 6
    assert Message.objects.filter(kind="place_invitation").count() == 7
    box = client.get(reverse("invite", args=[cast.cohort.slug]))
    assert box.context["form"]["lines"].value() == "\n".join(
        ["NEW@example.org", cast.scholar.email, "open@example.org", cast.disabled.email, "no.at.example.org"]
    )
    assert "5 invitations are on the way." in box.content.decode()


def test_list_that_was_changed_since_it_was_seen_is_looked_at_again(cast):
    client = client_of(cast.staff)
    page = looked_at(client, cast, "new@example.org")
    seen = page.context["form"].fingerprint
    for changed in ({"lines": "new@example.org\nmore@example.org"}, {"lines": "new@example.org", "role": "mentor"}):
        answer = looked_at(client, cast, send="1", seen=seen, **changed)
        assert (answer.status_code, "has changed since you looked" in answer.content.decode()) == (200, True)
    assert Invitation.objects.count() == 0


def test_before_launch_places_are_added_and_nothing_goes_out(cast):
    unlaunched(cast.cohort)
    answer = looked_at(client_of(cast.staff), cast, "new@example.org", send="1", role="coach")
    page = client_of(cast.staff).get(answer.url)
    place = Membership.objects.get(person__email="new@example.org")
    assert (place.accepted_at, place.stays.count(), Invitation.objects.count()) == (None, 1, 0)
    assert (place.person.has_usable_password(), "invited at launch" in page.content.decode()) == (False, True)


def test_nobody_who_can_be_invited_is_refused_and_a_list_has_an_end(cast):
    client = client_of(cast.staff)
    refused = looked_at(client, cast, cast.scholar.email, send="1")
    assert (refused.status_code, "already here as scholar" in refused.content.decode()) == (422, True)
    assert looked_at(client, cast, " ;\n;").status_code == 422
    listed = [Entry(f"n{number}@b.org") for number in range(501)]
    refused_at("lines", invite_people, cohort=cast.cohort, role="scholar", listed=listed, **by_staff(cast))
    assert looked_at(client_of(cast.mentor), cast, "a@b.org").status_code == 403


@pytest.mark.real_sign_in
def test_staff_and_coaches_are_invited_with_a_fresh_sign_in_only(cast, week_six):
    client = client_of(cast.staff)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": WEEK_SIX.timestamp() - 600}]
    session["account_authentication_methods_user"] = str(cast.staff.pk)
    session.save()
    answer = looked_at(client, cast, "new@example.org", send=str(cast.cohort.pk), role="coach")
    assert (answer.status_code, "new@example.org" in answer.content.decode()) == (401, True)
    assert looked_at(client, cast, "new@example.org", send="1").status_code == 302


def test_five_hundred_go_out_in_a_handful_of_statements(cast):
    cohort = a_cohort("Third", "third", launched_at=LONG_AGO)
    a_place(cast.staff, cohort, "staff")
    lines = [f"Person {number} <p{number}@b.org>" for number in range(460)]
    lines += [f"P{number}@B.org" for number in range(20)] + [f"typo{number}b.org" for number in range(20)]
    with CaptureQueriesContext(connection) as asked:
        done = invite_people(cohort=cohort, role="mentor", listed=entries("\n".join(lines)), **by_staff(cast))
    assert (done.invited, done.letters, len(done.rest)) == (460, 460, 40)
    assert (Person.objects.filter(email__endswith="@b.org").count(), Message.objects.count()) == (460, 460)
    assert Message.objects.exclude(sealed="").count() == 460
    few = sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in asked.captured_queries)
    assert few < 40, few
