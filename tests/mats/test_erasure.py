"""Somebody asks to be erased; staff carry it out; a restored backup is erased again."""

from __future__ import annotations

import io
import json
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cohorts.models import Person
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from mats.pages.models import Erasure
from mats.pages.own_data.erasures import ask_erasure, carry_out_erasure, withdraw_erasure
from mats.pages.own_data.exports import ask_export, carry_out
from mats.pages.own_data.ledger import entries
from mats.post.models import Message
from mentorship.models import Decision
from tests.access.visitors import client_of
from tests.attack.test_at_once import pressed_at_once
from tests.cast import WEEK_SIX, build_cast
from tests.mats.own_data import CANARY, end_places, every_text, fill, tables_with, whole
from tests.mentorship.midpoint import a_line as a_midpoint_line

pytestmark = pytest.mark.django_db(databases=["default", "outside"])
NAME, EMAIL = "Sana Scholar", "sana.scholar@example.org"


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path) -> Path:
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


def carried_out(erasure: Erasure, by: Person, reason: str = "They asked.") -> Erasure:
    with acting(by, WEEK_SIX, page="/erasures/"):
        return carry_out_erasure(erasure=erasure, by=by, at=WEEK_SIX, version=erasure.version, reason=reason)


@pytest.mark.django_db(databases=["default", "outside"], transaction=True)
def test_erased_text_and_name_are_nowhere_and_a_restore_brings_nothing_back(week_six, ledger):
    with transaction.atomic():
        cast = build_cast()
        whole(cast)
    client_of(cast.scholar).get("/me/")
    carry_out(ask_export(by=cast.scholar, at=WEEK_SIX).pk, WEEK_SIX)
    assert every_text() - fill(cast) == set()
    assert {"coaching_noteevent", "mentorship_weeklylogevent"} <= set(tables_with(CANARY))

    end_places(cast.scholar)
    erasure = ask_erasure(by=cast.scholar, at=WEEK_SIX)
    carried_out(erasure, cast.staff)

    assert tables_with(CANARY, NAME, EMAIL) == {}
    person = Person.objects.get(pk=cast.scholar.pk)
    assert (person.name, person.is_active, person.erased_at) == (
        f"Former scholar {str(person.pk)[:4]}",
        False,
        WEEK_SIX,
    )
    assert not person.has_usable_password()
    assert Decision.objects.get(number=9).reason == f"{person.name}, why?"
    with as_owner(purpose="dump"), connection.cursor() as cursor:
        for table in ("forms_draft", "pages_exportfile", "cohorts_contact", "usersessions_usersession"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table

    line = json.loads(ledger.read_text())
    assert line == {
        "person": str(person.pk), "at": WEEK_SIX.isoformat(), "by": str(cast.staff.pk), "reason": "They asked."
    }  # fmt: skip
    with as_owner(purpose="erase"):  # an older database: nobody knows of the erasure
        Person.objects.filter(pk=person.pk).update(name=NAME, email=EMAIL, is_active=True, erased_at=None)
        Erasure.objects.all().delete()
    fill(cast)
    assert replayed().startswith(f"{person.pk} (erased 2027-02-10) was erased again.")
    assert tables_with(CANARY, NAME, EMAIL) == {}
    assert "is erased already" in replayed()


def replayed() -> str:
    out = io.StringIO()
    call_command("replay_erasures", stdout=out)
    return out.getvalue()


# --- asking, withdrawing, carrying out ------------------------------------------------------------


def asked(cast, *, ended: bool = True) -> Erasure:
    if ended:
        end_places(cast.scholar)
    with acting(cast.scholar, WEEK_SIX):
        return ask_erasure(by=cast.scholar, at=WEEK_SIX)


def test_asked_twice_is_one_request_and_its_cohorts_staff_are_told(cast):
    first, second = asked(cast), asked(cast)
    assert first.pk == second.pk
    told = Message.objects.filter(kind="erasure_asked").values_list("person__name", flat=True)
    assert list(told) == ["Stella Staff"]


def test_person_who_was_never_here_is_told_who_can_help(cast):
    with pytest.raises(ValidationError, match="never had a place"):
        ask_erasure(by=cast.stranger, at=WEEK_SIX)


def test_request_is_taken_back_until_it_is_carried_out(cast):
    erasure = withdraw_erasure(erasure=asked(cast), by=cast.scholar, at=WEEK_SIX, version=1)
    with pytest.raises(ValidationError, match="meanwhile"):
        carried_out(erasure, cast.staff)
    again = asked(cast)
    carried_out(again, cast.staff)
    again.refresh_from_db()
    with pytest.raises(ValidationError, match="meanwhile"):
        withdraw_erasure(erasure=again, by=cast.scholar, at=WEEK_SIX, version=again.version)


def test_nobody_is_erased_by_themselves_with_a_place_or_without_a_reason(cast, ledger):
    with pytest.raises(ValidationError, match="scholar in Winter 2027"):
        carried_out(asked(cast, ended=False), cast.staff)
    end_places(cast.scholar)
    erasure = Erasure.objects.get()
    with pytest.raises(ValidationError, match="Somebody else"):
        carried_out(erasure, cast.scholar)
    with pytest.raises(ValidationError, match="why"):
        carried_out(erasure, cast.staff, reason="")
    assert (Erasure.objects.get().carried_out_at, ledger.exists()) == (None, False)


def test_ledger_that_cannot_be_written_stops_everything(cast, settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "nowhere" / "erasures.jsonl")
    with pytest.raises(ValidationError, match="Nothing was erased"):
        carried_out(asked(cast), cast.staff)
    assert Person.objects.get(pk=cast.scholar.pk).name == NAME


def test_function_erases_nobody_without_a_request_that_is_carried_out(cast):
    erasure = asked(cast)
    for key in (str(erasure.pk), str(cast.mentor.pk)):
        with (
            pytest.raises(DatabaseError, match="nobody carries out"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT erase_person(%s)", [key])
    Erasure.objects.filter(pk=erasure.pk).update(carried_out_at=WEEK_SIX, reason="Forged.")
    cast.place["scholar"].ended_at = None
    type(cast.place["scholar"]).objects.filter(pk=cast.place["scholar"].pk).update(
        archived_at=None, ended_at=None, ended_how="", reads_until=None
    )
    with pytest.raises(DatabaseError, match="with a place"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT erase_person(%s)", [str(erasure.pk)])


def test_what_a_mentor_wrote_about_a_scholar_stays_with_the_scholar(cast):
    a_line_at_midpoint = a_midpoint_line(cast, view="not_now")
    end_places(cast.mentor)
    with acting(cast.mentor, WEEK_SIX):
        erasure = ask_erasure(by=cast.mentor, at=WEEK_SIX)
    carried_out(erasure, cast.staff)
    a_line_at_midpoint.refresh_from_db()
    assert a_line_at_midpoint.because not in {"", "(removed)"}
    assert Person.objects.get(pk=cast.mentor.pk).name.startswith("Former mentor ")


def test_staff_see_the_request_and_carry_it_out_on_its_page(cast):
    erasure = asked(cast)
    staff, address = client_of(cast.staff), f"/erasures/{erasure.pk}/"
    assert NAME in staff.get("/erasures/").content.decode()
    page = staff.get(address).content.decode()
    assert ("Weekly logs" in page, "Scholar in Winter 2027" in page, "Erase for good" in page) == (True, True, True)
    answers = [
        client_of(getattr(cast, who)).get(address).status_code for who in ("staff_elsewhere", "mentor", "stranger")
    ]
    assert answers == [404, 404, 404]
    sent = {"_form": "erasure-carry-out", "_version": "1", "reason": "They asked."}
    assert staff.post(address, sent).url == "/erasures/"
    assert "Carried out" in staff.get(address).content.decode()
    assert client_of(cast.scholar).get("/me/data/").status_code == 302  # signed out for good


def test_cut_off_line_of_the_ledger_is_none_and_a_broken_one_stops_the_replay(ledger, db):
    ledger.write_text('{"person": "x"}\n')
    with pytest.raises(CommandError, match="Line 1"):
        call_command("replay_erasures")
    good = {"person": str(uuid.uuid4()), "at": WEEK_SIX.isoformat(), "by": "", "reason": "They asked."}
    ledger.write_text(json.dumps(good) + '\n{"person": ')
    assert len(list(entries(ledger))) == 1


@pytest.mark.django_db(databases=["default", "outside"], transaction=True)
def test_pressed_at_once_it_is_carried_out_once(week_six, ledger):
    with transaction.atomic():
        cast = build_cast()
    erasure = asked(cast)
    press = (f"/erasures/{erasure.pk}/", {"_form": "erasure-carry-out", "_version": "1", "reason": "They asked."})
    answers = pressed_at_once(client_of(cast.staff), *[press] * 4)
    assert (answers.count(302), answers.count(409), len(ledger.read_text().splitlines())) == (1, 3, 1)
