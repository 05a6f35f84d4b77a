"""The daily check, and the same by hand: what is due, once."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cohorts.models import Cohort
from mats.post.models import Message
from mentorship.actions.check import check_extensions
from mentorship.models import Submission
from tests.cast import Cast, a_milestone, build_cast

pytestmark = pytest.mark.django_db

DUE = dt.datetime(2027, 1, 22, 18, 0, tzinfo=dt.UTC)
AT = DUE + dt.timedelta(minutes=1)


@pytest.fixture
def cast(db) -> Cast:
    cast = build_cast()
    a_milestone(cast.cohort)
    return cast


def check(*options: str, at: dt.datetime = AT) -> list[str]:
    out = StringIO()
    call_command("extension_check", "--cohort", "winter-2027", "--at", at.isoformat(), *options, stdout=out)
    return out.getvalue().splitlines()


def counts() -> tuple[int, int]:
    return Submission.objects.count(), Message.objects.count()


def test_check_lays_out_says_and_prints_what_is_owed(cast):
    assert check() == [
        "Winter 2027, Fri 22 Jan 18:01 (Europe/London)",
        "      2 submissions owed new",
        "      0 mid-point lines owed new",
        "      0 readers who may not read any more new",
        "      0 approvals asked of another mentor new",
        "      0 reminders of what is due soon new",
        "      2 reminders of what was due new",
        "  late  Fri 22 Jan 18:00  Otto Scholar: Research plan",
        "  late  Fri 22 Jan 18:00  Sana Scholar: Research plan",
    ]
    assert counts() == (2, 2)


def test_second_check_finds_nothing_new(cast):
    check()

    assert [line.split()[0] for line in check()[1:7]] == ["0"] * 6
    assert counts() == (2, 2)


def test_dry_run_says_the_same_and_changes_nothing(cast):
    lines = check("--dry-run")

    assert lines[1] == "      2 submissions owed would be new"
    assert lines[7:] == [
        "  late  Fri 22 Jan 18:00  Otto Scholar: Research plan",
        "  late  Fri 22 Jan 18:00  Sana Scholar: Research plan",
    ]
    assert counts() == (0, 0)


@pytest.mark.parametrize(
    ("slug", "words"), [("nothing", "There is no cohort “nothing”."), ("winter-2027", "is not launched")]
)
def test_check_of_no_running_cohort_is_refused_in_words(cast, slug, words):
    Cohort.objects.filter(pk=cast.cohort.pk).update(launched_at=None)

    with pytest.raises(CommandError, match=words):
        call_command("extension_check", "--cohort", slug)


def test_daily_check_goes_through_every_cohort_that_goes_on(cast):
    assert check_extensions(at=AT) == 2
    assert counts() == (2, 2)


def test_check_of_a_cohort_without_milestones_says_so(cast):
    cast.cohort.milestones.all().delete()

    assert check()[-1] == "Nothing is owed now or in the next two weeks."
