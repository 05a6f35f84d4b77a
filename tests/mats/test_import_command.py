"""`import_cohort`: good files, bad files, and the same again."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cohorts.models import Cohort, Person
from mats.pages.importing import formats
from mentorship.models import Meeting, WeeklyLog
from tests.mats.import_files import FOUR, files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("week_six")]

SETTINGS = (
    "--slug=spring",
    "--name=Spring",
    "--starts-on=2027-01-04",
    "--ends-on=2027-04-11",
    "--time-zone=Europe/London",
)


@pytest.fixture
def run(tmp_path):
    """Write the files, run the command, and hand back what it said on both streams."""

    def command(*options: str, settings=SETTINGS, **contents) -> tuple[str, str]:
        for source in files(**contents):
            (tmp_path / source.name).write_bytes(source.content)
        given = [f"--{kind}={tmp_path / kind}.csv" for kind in formats.KINDS if (tmp_path / f"{kind}.csv").exists()]
        out, err = StringIO(), StringIO()
        try:
            call_command("import_cohort", *settings, *given, *options, stdout=out, stderr=err)
        except CommandError as error:
            err.write(str(error))
        return out.getvalue(), err.getvalue()

    return command


def test_command_makes_a_cohort(run):
    out, err = run()
    assert (out.splitlines()[-1], err) == ("Stored in “Spring” (spring): 7 rows.", "")


def test_command_again_changes_nothing(run):
    run()
    assert run() == ("Nothing changes.\n", "")


def test_command_names_every_bad_row_and_stores_nothing(run):
    err = run(people=(*FOUR, "x,X,scholar", "y@example.org,Y,boss"))[1]
    assert err.splitlines() == [
        "people.csv:6:email: “x” is not an e-mail address.",
        "people.csv:7:role: “boss” is no role: scholar, mentor, coach or staff.",
        "2 faults; nothing was stored.",
    ]
    assert (Cohort.objects.count(), Person.objects.count()) == (0, 0)


def test_dry_run_shows_the_difference_and_stores_nothing(run):
    out = run("--dry-run")[0].splitlines()
    assert (out[0], out[-1]) == ("sites: new: London, Europe/London", "Nothing was stored: this was a dry run.")
    assert Cohort.objects.count() == 0


def test_launch_lays_out_logs_and_meetings(run):
    out, _ = run("--launch")
    assert out.splitlines()[-1] == ("“Spring” is launched: 14 weekly logs, 14 weeks of pairings, 9 planned meetings.")
    assert (Cohort.objects.get().is_launched, WeeklyLog.objects.count(), Meeting.objects.count()) == (True, 14, 9)


def test_launch_names_who_has_another_meeting_then(run):
    run("--launch")
    out, _ = run("--launch", settings=("--slug=twin", "--name=Twin", *SETTINGS[2:]))
    last = out.splitlines()[-1]
    assert last == "no meeting in week 14 for sam@example.org with mia@example.org: somebody has another meeting then"


def test_launch_that_is_refused_stores_nothing(run):
    said = run("--launch", people=FOUR[1:], pairings=(), caseloads=())
    assert (said, Cohort.objects.count()) == (("", "There is no scholar yet. Add people first, then launch."), 0)


def test_short_main_phase_names_the_first_long_enough_day(run):
    err = run(settings=(*SETTINGS, "--ends-on=2027-04-02"))[1]
    assert err == (
        "--ends-on: A main phase lasts at least three calendar months."
        " The first last day that is long enough is 3 April 2027."
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--ends-on=2027-05-01", "--ends-on: the cohort “spring” stands with 2027-04-11."),
        ("--week-start=sun", "--week-start: the cohort “spring” stands with Monday."),
    ],
)
def test_import_does_not_change_the_cohort_itself(run, option, words):
    run()
    err = run(option)[1]
    assert err == f"{words} An import does not change that; staff change it on the cohort's page."


def test_new_cohort_needs_its_settings(run):
    err = run(settings=("--slug=spring",))[1]
    assert err == ("There is no cohort “spring” yet; a new one needs --name, --starts-on, --ends-on, --time-zone.")


def test_standing_cohort_needs_its_slug_and_a_file_alone(run):
    run()
    assert run(settings=("--slug=spring",)) == ("Nothing changes.\n", "")


def test_file_over_ten_megabytes_is_refused_before_it_is_read(run, monkeypatch, tmp_path):
    with (tmp_path / "people.csv").open("wb") as file:
        file.truncate(formats.MAX_BYTES + 1)
    err = run(people=None, pairings=None, caseloads=None)[1]
    assert err.splitlines()[0] == (
        "people.csv:1:file: This file is too large. A file may have up to 10 MB and 20,000 rows."
    )


def test_file_that_is_not_there_is_named(run):
    assert run("--people=/nowhere/people.csv")[1] == (
        "--people: /nowhere/people.csv cannot be read: No such file or directory."
    )
