"""What is never evidence: with and without it, the pages of the evidence are the same bytes."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from mentorship.models import Chance, Submission
from tests.cast import WEEK_SIX, a_log, a_milestone, a_submission, build_cast, week_start
from tests.coaching.test_non_interference import CANARY, MAKE, ONCE_ONLY, signed_in


@pytest.fixture
def cast(db):
    with time_machine.travel(WEEK_SIX, tick=False):
        made = build_cast()
        a_log(made.place["scholar"], 5, done="Read")
        a_submission(a_milestone(made.cohort, "final", week_start(9)), made.place["scholar"])
        yield made


def pages(cast, who: str) -> list[bytes]:
    client, slug = signed_in(getattr(cast, who)), cast.cohort.slug
    addresses = [reverse("standing", args=[cast.place["scholar"].pk]), reverse("extension", args=[slug])]
    if who == "staff":
        addresses.append(reverse("evidence", args=[slug]))
    return [ONCE_ONLY.sub(b"", client.get(address).content) for address in addresses]


def a_chance(cast) -> None:
    facts = {"submission": Submission.objects.get(), "created_at": WEEK_SIX}
    for log, percent in zip(cast.place["scholar"].logs.all(), (10, 90), strict=True):
        Chance.objects.create(log=log, percent=percent, **facts)


@pytest.mark.parametrize("who", ["scholar", "mentor", "staff"])
def test_chances_and_coaching_are_never_evidence(cast, who):
    before = pages(cast, who)
    a_chance(cast)
    for thing in MAKE:
        MAKE[thing](cast)
    after = pages(cast, who)
    assert after == before
    assert [CANARY.encode() in page for page in after] == [False] * len(after)


def test_the_comparison_would_notice(cast):
    before = pages(cast, "staff")
    a_log(cast.place["scholar"], 4)
    assert [one != other for one, other in zip(before, pages(cast, "staff"), strict=True)] == [True, False, True]
