"""The demo's two moments of an extension: one case of each kind, and a cohort that has extended."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from mats.pages.demo_cohort.moments import extended, extension_window
from mats.post.models import Message
from mentorship.committee.facts import facts_of_one
from mentorship.models import ExtensionCase, WeeklyLog
from mentorship.rules.decision import why_not_clear
from mentorship.window import window

pytestmark = pytest.mark.django_db

# A Sunday before midnight in Berkeley: already Monday of the next week in London.
AWKWARD = dt.datetime(2027, 1, 18, 7, 58, tzinfo=dt.UTC)


def states(cohort) -> dict[str, int]:
    return dict(Counter(ExtensionCase.objects.filter(cohort=cohort).values_list("state", flat=True)))


def test_window_has_one_of_each(week_six):
    cohort = extension_window(week_six)

    found = states(cohort)
    assert found == {
        "mentor": 2, "talk": 1, "committee": 7, "more": 1, "decided": 3, "offered": 1, "waitlisted": 1, "appealed": 1,
        "accepted": 2,
    }  # fmt: skip
    with_committee = ExtensionCase.objects.filter(cohort=cohort, state="committee")
    contested = [why_not_clear(facts_of_one(case)) for case in with_committee]
    assert (sum(map(bool, contested)), sum("warning" in " ".join(words) for words in contested)) == (3, 2)
    assert window(cohort, week_six).may_apply
    assert not Message.objects.filter(cohort=cohort, sent_at=None, kind__in=["case_moved", "approval_asked"]).exists()


def test_extended_cohort_is_in_its_term_and_can_ask_for_twelve():
    cohort = extended(AWKWARD)

    assert states(cohort) == {"in_force": 7, "declined": 1, "refused": 1}
    logs = WeeklyLog.objects.filter(scholar__cohort=cohort, week_starts_on__gt=cohort.main_phase.ends_on)
    assert set(logs.filter(submitted_at__isnull=False).values_list("scholar__extension_cases__state", flat=True)) == {
        "in_force"
    }
    assert len(window(cohort, AWKWARD).may_apply) == 6
