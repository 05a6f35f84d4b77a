"""An upload waits for a yes, is stored once, and survives a worker that dies."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from cohorts.models import Cohort, Membership, Person, Stay
from mats.pages import tasks
from mats.pages.importing import runs, storing
from mats.pages.models import ImportFile, ImportRun
from tests.cast import WEEK_SIX
from tests.mats.import_files import FOUR, csv, files, plan, store

pytestmark = [pytest.mark.django_db(databases=["default", "outside"]), pytest.mark.usefixtures("week_six")]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def run(cast) -> ImportRun:
    return runs.open_run(by=cast.staff, at=WEEK_SIX, sources=files(), plan=plan())


def yes(run: ImportRun) -> None:
    runs.confirm(run=run, by=run.person, at=WEEK_SIX, fingerprint=run.fingerprint)


def test_upload_stores_nothing_before_the_yes(run):
    runs.carry_out(run.pk, WEEK_SIX)
    assert (run.state, run.total, Cohort.objects.filter(slug="spring").count()) == ("shown", 7, 0)


def test_confirmed_upload_is_stored_and_its_files_are_removed(run):
    yes(run)
    runs.carry_out(run.pk, WEEK_SIX)
    run.refresh_from_db()
    assert (run.state, run.cohort.slug, run.finished, ImportFile.objects.count()) == ("done", "spring", 7, 0)


def test_whoever_uploads_a_new_cohort_is_its_first_staff_member(run):
    yes(run)
    runs.carry_out(run.pk, WEEK_SIX)
    staff = Membership.objects.filter(cohort__slug="spring", role="staff").order_by("person__email")
    assert list(staff.values_list("person__email", flat=True)) == ["sta@example.org", run.person.email]


def test_uploader_may_stand_in_the_files_too(cast):
    row = f"{cast.staff.email},Stella Staff,staff,,,,,20"
    run = runs.open_run(by=cast.staff, at=WEEK_SIX, sources=[csv("people", *FOUR, row)], plan=plan())
    yes(run)
    runs.carry_out(run.pk, WEEK_SIX)
    stay = Stay.objects.get(membership__person=cast.staff, membership__cohort__slug="spring")
    assert stay.hours_per_week == 20


def test_bad_upload_keeps_the_faults_and_no_files(cast):
    run = runs.open_run(by=cast.staff, at=WEEK_SIX, sources=[csv("people", "x,X,boss")], plan=plan())
    assert (run.state, run.bad_count, ImportFile.objects.count()) == ("bad", 2, 0)


def test_second_yes_is_told_so(run):
    yes(run)
    with pytest.raises(ValidationError):
        yes(run)


def test_second_worker_finds_nothing_to_do(run):
    yes(run)
    assert runs.claim(run.pk, WEEK_SIX) is not None
    assert runs.claim(run.pk, WEEK_SIX) is None


def test_killed_worker_leaves_nothing_and_the_sweep_takes_over(run, monkeypatch):
    class Killed(BaseException):
        pass

    def die(self):
        raise Killed

    yes(run)
    with monkeypatch.context() as patch:
        patch.setattr(storing.Storing, "_store_stays", die)
        with pytest.raises(Killed):
            runs.carry_out(run.pk, WEEK_SIX)
    assert (Cohort.objects.filter(slug="spring").count(), Person.objects.filter(email="sam@example.org").count()) == (
        0,
        0,
    )
    assert runs.waiting(WEEK_SIX + MINUTE) == []
    later = WEEK_SIX + runs.LEASE + MINUTE
    assert runs.waiting(later) == [run.pk]
    runs.carry_out(run.pk, later)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 2)


def test_worker_that_was_overtaken_stores_nothing(run):
    yes(run)
    slow = runs.claim(run.pk, WEEK_SIX)
    later = WEEK_SIX + runs.LEASE + MINUTE
    fast = runs.claim(run.pk, later)
    with pytest.raises(runs.Overtaken):
        runs._store(slow, later)
    assert (fast.attempts, Cohort.objects.filter(slug="spring").count()) == (2, 0)


def test_run_that_never_ends_is_given_up_after_three_attempts(run):
    yes(run)
    for attempt in range(4):
        runs.claim(run.pk, WEEK_SIX + attempt * (runs.LEASE + MINUTE))
    run.refresh_from_db()
    assert (run.state, run.note) == ("failed", runs.TRIED)


def test_cohort_changed_after_the_yes_is_shown_again(cast):
    store(files())
    cohort = Cohort.objects.get(slug="spring")
    sources = [csv("people", *FOUR, "new@example.org,New,scholar")]
    run = runs.open_run(by=cast.staff, at=WEEK_SIX, sources=sources, cohort=cohort)
    yes(run)
    Stay.objects.filter(membership__person__email="sam@example.org").update(hours_per_week=10)
    runs.carry_out(run.pk, WEEK_SIX)
    run.refresh_from_db()
    assert (run.state, run.note, run.total) == ("shown", runs.AGAIN, 2)
    assert Person.objects.filter(email="new@example.org").count() == 0


def test_short_name_taken_after_the_yes_is_said(run):
    yes(run)
    store(files())
    runs.carry_out(run.pk, WEEK_SIX)
    run.refresh_from_db()
    assert (run.state, run.note) == ("failed", "There is a cohort at the address “spring” already.")


def test_sweep_stores_what_the_doorbell_missed(run):
    yes(run)
    tasks.store_waiting_imports()
    run.refresh_from_db()
    assert run.state == "done"


def test_upload_without_a_yes_is_forgotten(run):
    runs.forget_old(WEEK_SIX + dt.timedelta(days=8))
    run.refresh_from_db()
    assert (run.state, ImportFile.objects.count()) == ("discarded", 0)
    runs.forget_old(WEEK_SIX + dt.timedelta(days=31))
    assert ImportRun.objects.count() == 0


@pytest.mark.django_db(databases=["default", "outside"], transaction=True)
def test_progress_is_seen_while_the_rows_are_not(week_six):
    seen = []

    def look(finished: int) -> None:
        tell(finished)
        with connections["outside"].cursor() as cursor:
            cursor.execute("SELECT finished, (SELECT count(*) FROM cohorts_stay) FROM pages_importrun")
            seen.append(cursor.fetchone())

    by = Person.objects.create_user("root@example.org", name="Root", starts_cohorts=True)
    run = runs.open_run(by=by, at=WEEK_SIX, sources=files(), plan=plan())
    yes(run)
    claimed = runs.claim(run.pk, WEEK_SIX)
    tell = runs._teller(claimed)
    runs.apply(runs.target_of(claimed), runs.sources_of(claimed), by=by, at=WEEK_SIX, progress=look)
    assert (seen, Stay.objects.count()) == ([(1, 0), (5, 0), (6, 0), (7, 0)], 5)
    assert connection.alias == "default"
