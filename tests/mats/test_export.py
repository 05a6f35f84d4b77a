"""A copy of one's own data: put together once, sealed, had for a week by its person alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from django.db import transaction

from mats.identity.transaction import acting
from mats.pages import tasks
from mats.pages.models import DataExport, ExportFile
from mats.pages.own_data import exports
from mats.pages.own_data.content import build
from mats.post.models import Message
from mats.post.tasks import send_next
from tests.access.visitors import client_of
from tests.attack.test_at_once import pressed_at_once
from tests.cast import WEEK_SIX, build_cast
from tests.coaching.conftest import a_note
from tests.mats.own_data import end_places, whole

pytestmark = pytest.mark.django_db(databases=["default", "outside"])
MINUTE = dt.timedelta(minutes=1)
SECRET, MINE = "saffron-harbour", "juniper-window"


def copy_of(person) -> dict[str, str]:
    with acting(person, WEEK_SIX), zipfile.ZipFile(io.BytesIO(build(person, WEEK_SIX))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def written(cast):
    """Own text of the scholar in three places, and text of others that is not theirs to read."""
    whole(cast)
    cast.log.done, cast.log.submitted_at = f"=cmd|{MINE}", WEEK_SIX
    cast.log.save()
    a_note(cast, SECRET)
    a_note(cast, f"shared {MINE}", "with_scholar", dated=dt.date(2027, 2, 9))
    return cast


def test_copy_holds_what_they_may_read_of_their_own_and_nothing_else(written):
    files = copy_of(written.scholar)
    whole_of_it = json.loads(files["everything.json"])
    kinds = whole_of_it["kinds"]
    assert [row["done"] for row in kinds["weekly-logs"]["rows"]] == [f"=cmd|{MINE}"]
    assert f"shared {MINE}" in {row["text"] for row in kinds["shared-notes"]["rows"]}
    assert kinds["own-notes"]["rows"] == [
        {"meeting__planned": kinds["own-notes"]["rows"][0]["meeting__planned"], "text": "cinnamon-lighthouse"}
    ]
    [row] = csv.DictReader(io.StringIO(files["weekly-logs.csv"]))
    assert row["done"] == f"'=cmd|{MINE}"
    everything = "".join(files.values())
    assert SECRET not in everything
    assert "opinions.csv" not in files
    assert {"README.txt", "everything.json", "outputs.csv", "for-my-coach.csv"} <= set(files)
    assert not {"named_why", "for_committee"} & set(kinds["approvals"]["rows"][0])


def test_mentors_copy_has_their_own_words_and_nothing_of_coaching(written):
    files = copy_of(written.mentor)
    kinds = json.loads(files["everything.json"])["kinds"]
    assert kinds["approvals"]["rows"][0]["for_committee"] == ""
    assert [kinds[name]["rows"] for name in ("shared-notes", "one-on-ones", "for-my-coach", "openings")] == [[]] * 4
    coach = copy_of(written.coach)
    assert SECRET not in "".join(coach.values())


def test_ended_scholar_still_gets_theirs(written):
    end_places(written.scholar)
    kinds = json.loads(copy_of(written.scholar)["everything.json"])["kinds"]
    assert (len(kinds["weekly-logs"]["rows"]), len(kinds["for-my-coach"]["rows"])) == (1, 1)


def test_asked_twice_is_one_export_and_one_letter_and_a_week_later_nothing(cast):
    client = client_of(cast.scholar)
    assert client.post("/me/data/export/", {"_form": "export-ask"}).url == "/me/data/"
    client.post("/me/data/export/", {"_form": "export-ask"})
    export = DataExport.objects.get()
    assert exports.claim(export.pk, WEEK_SIX + MINUTE) is not None  # a worker that dies
    assert exports.waiting(WEEK_SIX + MINUTE) == []
    later = WEEK_SIX + MINUTE + exports.LEASE * 2
    exports.carry_out(export.pk, later)
    exports.carry_out(export.pk, later)
    export.refresh_from_db()
    assert (export.state, export.attempts, export.expires_at) == ("ready", 2, later + dt.timedelta(days=7))
    assert Message.objects.filter(kind="export_ready", person=cast.scholar).count() == 1

    address = f"/exports/{export.pk}/"
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    assert (answer["X-Content-Type-Options"], answer.streaming) == ("nosniff", False)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data-2027-02-10.zip"'
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    for other in (cast.mentor, cast.staff, cast.stranger):
        assert client_of(other).get(address).status_code == 404
    with acting(cast.staff, WEEK_SIX):
        assert ExportFile.objects.count() == 0

    exports.forget_old(later + dt.timedelta(days=7))
    export.refresh_from_db()
    assert export.state == "gone"
    assert client.get(address).url == "/me/data/"
    with acting(cast.scholar, WEEK_SIX):
        assert ExportFile.objects.count() == 0


def test_sweep_builds_what_the_doorbell_missed_and_the_letter_says_until_when(cast, mailoutbox):
    exports.ask_export(by=cast.scholar, at=WEEK_SIX)
    tasks.build_waiting_exports()
    while send_next(WEEK_SIX + MINUTE):
        pass
    [mail] = mailoutbox
    assert mail.subject == "The copy of your data is ready"
    assert ("/me/data/" in mail.body, "17 Feb" in mail.body) == (True, True)


def test_export_that_never_ends_is_given_up_after_three_attempts(cast):
    export = exports.ask_export(by=cast.scholar, at=WEEK_SIX)
    for attempt in range(4):
        exports.claim(export.pk, WEEK_SIX + attempt * (exports.LEASE + MINUTE))
    export.refresh_from_db()
    assert export.state == "failed"
    assert exports.ask_export(by=cast.scholar, at=WEEK_SIX).pk != export.pk


def test_file_stands_sealed(written):
    export = exports.ask_export(by=written.scholar, at=WEEK_SIX)
    exports.carry_out(export.pk, WEEK_SIX)
    with acting(written.scholar, WEEK_SIX):
        file = ExportFile.objects.get(export=export)
        assert b"weekly-logs.csv" not in bytes(file.sealed)
        assert b"weekly-logs.csv" in file.content


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_pressed_at_once_it_is_one_export(week_six):
    with transaction.atomic():
        cast = build_cast()
    press = ("/me/data/export/", {"_form": "export-ask"})
    assert pressed_at_once(client_of(cast.scholar), *[press] * 6) == [302] * 6
    assert DataExport.objects.count() == 1
