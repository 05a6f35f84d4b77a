"""Writing down what a cohort looks for in an extension."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction

from cohorts.actions.holding import hold, in_words, say_why
from cohorts.models import Cohort, Person
from cohorts.rules.tie import reason_is_given
from mats.history.record import EditedMeanwhile
from mentorship.models import Standard, StandardLine
from mentorship.rules.standard import judged_lines, rhythm_is_possible, says_something
from mentorship.standard import SHOWN, WhatWeLookFor, version_of


@transaction.atomic
def publish_standard(
    *,
    cohort: Cohort,
    by: Person,
    at: dt.datetime,
    version: int,
    intro: str,
    rhythm_yes: int,
    rhythm_partly: int,
    judged: str = "",
    reason: str = "",
    **expectations: str,
) -> Standard:
    """Publish the next version, with a reason where it replaces one in a launched cohort; what was
    published is never edited.

    `version` is the number of the version it was drawn from (0: there was none). Raises
    `EditedMeanwhile` with the latest one if somebody published since. `expectations` are words by
    source, blank where that line is not used; `judged` has one a line. What equals the latest
    version changes nothing.
    """
    cohort = hold(cohort)
    latest = Standard.objects.filter(cohort=cohort).order_by("-number").first()
    number = latest.number if latest else 0
    if latest and number != version:
        raise EditedMeanwhile(latest)
    rhythm_is_possible(rhythm_yes, rhythm_partly)
    lines = judged_lines(judged)
    wanted = {source: expectations[source] for source in SHOWN if expectations.get(source)}
    says_something(wanted.values(), lines)
    sheet = WhatWeLookFor(number + 1, intro, rhythm_yes, rhythm_partly, wanted, lines)
    if latest and _says_the_same(sheet, version_of(cohort, number)):
        return latest
    if latest:
        reason_is_given(reason, launched=cohort.is_launched)
    say_why(reason)
    return _keep(cohort, sheet, by, at)


def _says_the_same(new: WhatWeLookFor, old: WhatWeLookFor | None) -> bool:
    return old is not None and new == replace(old, number=new.number, published_at=None, published_by="")


def _keep(cohort: Cohort, sheet: WhatWeLookFor, by: Person, at: dt.datetime) -> Standard:
    with in_words():
        row = Standard.objects.create(
            cohort=cohort,
            number=sheet.number,
            intro=sheet.intro,
            rhythm_yes=sheet.rhythm_yes,
            rhythm_partly=sheet.rhythm_partly,
            published_by=by,
            created_at=at,
        )
        lines = [*sheet.expectations.items(), *((StandardLine.Source.JUDGED, words) for words in sheet.judged)]
        StandardLine.objects.bulk_create(
            StandardLine(standard=row, position=place, source=source, expectation=words, created_at=at)
            for place, (source, words) in enumerate(lines, start=1)
        )
    return row
