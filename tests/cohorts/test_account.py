"""The first person of an installation."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from cohorts.models import Person
from mats.clock import now
from mats.post.tasks import send_next
from tests.passkeys import a_passkey

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


def invite(capsys, *arguments: str) -> str:
    call_command("invite_staff", *arguments)
    return capsys.readouterr().out


def test_first_person_may_start_cohorts_and_has_no_password(db, capsys):
    said = invite(capsys, "Fay@Example.ORG", "--name", "Fay First", "--time-zone", "Europe/London")
    fay = Person.objects.get(email="fay@example.org")
    assert (fay.name, fay.time_zone, fay.starts_cohorts, fay.has_usable_password()) == (
        "Fay First", "Europe/London", True, False,
    )  # fmt: skip
    assert said.splitlines() == [
        "Fay First <fay@example.org> may start cohorts.",
        "To sign in they ask for a code by mail: http://127.0.0.1:8000/accounts/login/code/",
        "Then they start a cohort: http://127.0.0.1:8000/cohorts/new/",
    ]


def test_inviting_again_changes_nothing(db, capsys):
    invite(capsys, "fay@example.org", "--name", "Fay First")
    invite(capsys, "FAY@example.org", "--name", "Somebody Else")
    fay = Person.objects.get()
    assert (fay.name, fay.version, fay.events.count()) == ("Fay First", 2, 2)


def test_account_that_exists_keeps_its_name(cast, capsys):
    invite(capsys, cast.mentor.email, "--name", "Other")
    mentor = Person.objects.get(pk=cast.mentor.pk)
    assert (mentor.name, mentor.starts_cohorts) == ("Mira Mentor", True)
    assert mentor.events.order_by("-pgh_id").first().pgh_context["command"] == "invite_staff"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["a@b\x00.org"],
        ["a@example.org", "--time-zone", "Moon/Base"],
        ["a@example.org", "--name", "\u202e"],
    ],
)
def test_nonsense_is_refused_in_words(db, arguments):
    with pytest.raises(CommandError):
        call_command("invite_staff", *arguments)
    assert Person.objects.count() == 0


def test_disabled_account_is_not_invited(cast):
    with pytest.raises(CommandError, match="disabled"):
        call_command("invite_staff", cast.disabled.email)


def test_superuser_is_made_once_and_opens_no_cohort(cast, capsys):
    for _ in range(2):
        call_command("make_superuser", "Olga@Example.ORG", "--name", "Olga Ops")
    olga = Person.objects.get(email="olga@example.org")
    assert (olga.is_superuser, olga.starts_cohorts, olga.version, olga.memberships.count()) == (True, False, 2, 0)
    assert "Olga Ops <olga@example.org> may open http://127.0.0.1:8000/admin/" in capsys.readouterr().out
    assert olga.events.order_by("-pgh_id").first().pgh_context["command"] == "make_superuser"
    for wrong in ("nonsense", cast.disabled.email):
        with pytest.raises(CommandError):
            call_command("make_superuser", wrong)


def test_lost_second_factor_is_forgotten_and_everything_signed_out(cast, capsys):
    a_passkey(cast.coach)
    client = Client()
    cast.coach.set_password("correct horse battery")
    cast.coach.save()
    Authenticator.objects.filter(user=cast.coach).update(user=cast.mentor)
    client.post("/accounts/login/", {"login": cast.coach.email, "password": "correct horse battery"})
    assert "_auth_user_id" in client.session
    Authenticator.objects.update(user=cast.coach)
    mail.outbox.clear()
    call_command("forget_second_factor", cast.coach.email.upper())
    assert Authenticator.objects.count() == 0
    assert "_auth_user_id" not in client.session
    send_next(now())
    assert mail.outbox[0].subject == "Passkeys, app and recovery codes were taken from your sign-in"
    with pytest.raises(CommandError):
        call_command("forget_second_factor", "who.knows@example.org")
