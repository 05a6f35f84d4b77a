"""Upload, dry run, yes, progress, done: as staff in a browser without script, and as everybody else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Cohort, Membership
from mats.pages.importing import runs
from mats.pages.importing.formats import MAX_BYTES
from mats.pages.models import ImportFile, ImportRun
from mats.pages.views import importing
from tests.cast import WEEK_SIX
from tests.mats.import_files import csv, files, plan

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

SETTINGS = {
    "name": "Spring",
    "slug": "spring",
    "time_zone": "Europe/London",
    "week_start": "0",
    "starts_on": "2027-01-04",
    "ends_on": "2027-04-11",
}


def uploads(*sources) -> dict:
    return {one.kind: SimpleUploadedFile(one.name, one.content, content_type="text/csv") for one in sources or files()}


@pytest.fixture
def staff(client, cast):
    client.force_login(cast.staff)
    return client


def press(client, run: ImportRun, name: str, **data):
    """One of the buttons of a run; what it puts off until the commit is done too."""
    return client.post(reverse(name, args=[run.pk]), data)


def test_new_cohort_goes_from_files_to_stored(staff, django_capture_on_commit_callbacks):
    answer = staff.post(reverse("import_new"), SETTINGS | uploads())
    run = ImportRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("import_run", args=[run.pk]))
    page = staff.get(answer["Location"])
    assert "with 7 new rows" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        press(staff, run, "import_confirm", fingerprint=run.fingerprint)
    page = staff.get(answer["Location"]).content.decode()
    assert "7 new or changed rows" in page
    assert Cohort.objects.get(slug="spring").memberships.count() == 5


def test_faults_are_listed_and_nothing_is_stored(staff, cast):
    answer = staff.post(reverse("import", args=[cast.cohort.slug]), uploads(csv("people", "x,X,boss")), follow=True)
    assert "The files hold 2 faults, so nothing was stored." in answer.content.decode()


def test_same_files_say_that_nothing_changes(staff, cast):
    people = [
        f"{place.person.email},{place.person.name},{place.role}"
        for place in Membership.objects.filter(cohort=cast.cohort)
    ]
    answer = staff.post(reverse("import", args=[cast.cohort.slug]), uploads(csv("people", *people)), follow=True)
    page = answer.content.decode()
    assert ("Nothing changes" in page, "Store this" in page) == (True, False)


def test_short_main_phase_is_said_at_its_field(staff):
    answer = staff.post(reverse("import_new"), SETTINGS | {"ends_on": "2027-04-02"} | uploads())
    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_on"] == [
        "A main phase lasts at least three calendar months. The first last day that is long enough is 3 April 2027."
    ]


def test_no_file_at_all_is_said(staff, cast):
    answer = staff.post(reverse("import", args=[cast.cohort.slug]), {})
    assert answer.context["form"].non_field_errors() == ["Choose at least one file."]


@pytest.mark.parametrize("extra", [1, 5 * 1024 * 1024])
def test_file_over_ten_megabytes_is_refused_at_its_field(staff, cast, extra):
    big = SimpleUploadedFile("people.csv", b"x" * (MAX_BYTES + extra))
    answer = staff.post(reverse("import", args=[cast.cohort.slug]), {"people": big})
    assert answer.context["form"].errors["people"] == [
        "This file is too large. A file may have up to 10 MB and 20,000 rows."
    ]


def test_request_that_says_it_is_far_too_long_is_not_read(staff, cast):
    body = {"people": SimpleUploadedFile("people.csv", b"x")}
    answer = staff.post(reverse("import", args=[cast.cohort.slug]), body, CONTENT_LENGTH=str(40 * 1024 * 1024))
    assert answer.status_code == 413


def test_ten_megabytes_stand_in_the_field_for_the_browser(staff, cast):
    page = staff.get(reverse("import", args=[cast.cohort.slug])).content.decode()
    assert page.count(f'data-max-bytes="{MAX_BYTES}"') == 3


def test_columns_of_the_files_are_named(staff, cast):
    page = staff.get(reverse("import", args=[cast.cohort.slug])).content.decode()
    assert "scholar, coach, starts_on, ends_on" in page


@pytest.fixture
def run(cast) -> ImportRun:
    sources = [csv("people", "new@example.org,New Scholar,scholar")]
    return runs.open_run(by=cast.staff, at=WEEK_SIX, sources=sources, cohort=cast.cohort)


def test_other_fingerprint_is_not_a_yes(staff, run):
    answer = press(staff, run, "import_confirm", fingerprint="0" * 64)
    run.refresh_from_db()
    assert (answer.status_code, run.state) == (302, "shown")


def test_thrown_away_upload_keeps_no_files(staff, run):
    press(staff, run, "import_discard")
    run.refresh_from_db()
    assert (run.state, ImportFile.objects.count()) == ("discarded", 0)


def test_many_rows_wait_for_a_worker_or_for_a_press(staff, run, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 0)
    press(staff, run, "import_confirm", fingerprint=run.fingerprint)
    page = staff.get(reverse("import_run", args=[run.pk])).content.decode()
    assert ("Waiting for its turn" in page, "Store it now" in page) == (True, True)
    with django_capture_on_commit_callbacks(execute=True):
        press(staff, run, "import_store")
    run.refresh_from_db()
    assert run.state == "done"


def test_progress_is_asked_for_every_three_seconds(staff, run):
    ImportRun.objects.update(state="running", total=9, finished=4)
    page = staff.get(reverse("import_run", args=[run.pk])).content.decode()
    assert 'hx-trigger="every 3s"' in page
    asked = {"HTTP_HX_REQUEST": "true"}
    same = staff.get(reverse("import_run", args=[run.pk]), {"seen": "running-4"}, **asked)
    moved = staff.get(reverse("import_run", args=[run.pk]), {"seen": "running-2"}, **asked)
    ImportRun.objects.update(state="failed")
    over = staff.get(reverse("import_run", args=[run.pk]), {"seen": "running-4"}, **asked)
    assert (same.status_code, moved.status_code, over["HX-Refresh"]) == (204, 200, "true")
    assert "4 of 9 rows" in moved.content.decode()


@pytest.mark.parametrize("who", ["scholar", "mentor", "coach"])
def test_import_is_for_staff(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("import", args=[cast.cohort.slug])).status_code == 403
    assert client.get(reverse("import_new")).status_code == 403


@pytest.mark.parametrize("who", ["scholar", "staff_elsewhere", "stranger", "disabled"])
@pytest.mark.parametrize("name", ["import_run", "import_confirm", "import_store", "import_discard"])
def test_upload_is_nobody_elses(client, cast, run, who, name):
    client.force_login(getattr(cast, who))
    method = client.get if name == "import_run" else client.post
    assert method(reverse(name, args=[run.pk])).status_code in {302, 401, 404}
    run.refresh_from_db()
    assert run.state == "shown"


def test_new_cohorts_upload_is_its_uploaders_alone(client, cast):
    run = runs.open_run(by=cast.staff, at=WEEK_SIX, sources=files(), plan=plan())
    client.force_login(cast.staff_elsewhere)
    assert client.get(reverse("import_run", args=[run.pk])).status_code == 404


def test_template_is_the_header_line(staff):
    answer = staff.get(reverse("import_template", args=["caseloads"]))
    assert answer.content == b"scholar,coach,starts_on,ends_on\r\n"


def queries_of_difference(client, cast, count: int) -> int:
    people = [f"s{number}@example.org,Scholar,scholar" for number in range(count)]
    run = runs.open_run(by=cast.staff, at=WEEK_SIX, sources=[csv("people", *people)], cohort=cast.cohort)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("import_run", args=[run.pk]))
    return len(captured)


def test_page_of_a_difference_asks_the_same_of_any_size(staff, cast):
    assert queries_of_difference(staff, cast, 10) == queries_of_difference(staff, cast, 200) <= 12
