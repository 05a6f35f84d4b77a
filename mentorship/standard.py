"""What a cohort looks for in an extension: the version that holds, earlier ones, and the words to start from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Subquery

from cohorts.models import Cohort
from mats.prepared import prepared
from mentorship.models import Standard, StandardLine
from mentorship.models.extension import RHYTHM_PARTLY, RHYTHM_YES

Source = StandardLine.Source
SHOWN = tuple(source for source in Source.values if source != Source.JUDGED)

DEFAULT_INTRO = (
    "An extension gives you more months for your research. We look at two things: how the work went week by week, "
    "which the software shows from records that you and your mentor keep, and what people who read your work judge.\n\n"
    "You can see both from the first week on. Nothing here is a bar to clear or a number to reach: a line that looks "
    "weak is a reason to talk early, and good reasons count. Negative results and a changed mind count as good work."
)
DEFAULT_EXPECTATIONS: dict[str, str] = {
    Source.RHYTHM: "A log in most weeks: a link and two sentences are enough, and a late one counts.",
    Source.MEETINGS: "You meet your mentor in most weeks, and say so early when a meeting can’t take place.",
    Source.MILESTONES: "The milestones that were due have passed, if need be after a revision.",
    Source.ACTIONS: "You do what you said you would do next, or drop it and say why.",
    Source.OUTPUTS: "Something that others can read, use or build on, in whatever state it is.",
}
DEFAULT_JUDGED = (
    "The question matters: the work follows from a threat model, and would change what somebody does",
    "You know what you have found and how sure you are, and you say it so that others can disagree",
    "You take feedback, change your mind for good reasons, and get further on your own than at the start",
    "There is a plan for the months ahead that could not be done in the time there was",
)


@dataclass(frozen=True)
class WhatWeLookFor:
    """One version as it is read. `number` 0: nobody has written one yet, and these are the words to start from."""

    number: int
    intro: str
    rhythm_yes: int
    rhythm_partly: int
    expectations: dict[str, str]
    judged: tuple[str, ...]
    published_at: dt.datetime | None = None
    published_by: str = ""

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """What the software shows: source, what it is called, what we look for."""
        return [
            (source, titled(source), self.expectations[source]) for source in SHOWN if self.expectations.get(source)
        ]


def titled(source: str) -> str:
    return str(Source(source).label).capitalize()


UNWRITTEN = WhatWeLookFor(
    0, DEFAULT_INTRO, RHYTHM_YES, RHYTHM_PARTLY, dict(DEFAULT_EXPECTATIONS), tuple(DEFAULT_JUDGED)
)


def what_we_look_for(cohort: Cohort) -> WhatWeLookFor:
    """The latest version, or the words to start from; one query."""
    return _read(_latest(cohort=cohort.pk)) or UNWRITTEN


def version_of(cohort: Cohort, number: int) -> WhatWeLookFor | None:
    """An earlier version, as it stood."""
    return _read(list(_lines().filter(standard__cohort=cohort, standard__number=number)))


def versions(cohort: Cohort) -> list[tuple[int, dt.datetime]]:
    """Number and moment of every version, the latest first."""
    return [tuple(row) for row in _versions(cohort=cohort.pk)]


def _read(lines: list[StandardLine]) -> WhatWeLookFor | None:
    if not lines:
        return None
    row = lines[0].standard
    return WhatWeLookFor(
        number=row.number,
        intro=row.intro,
        rhythm_yes=row.rhythm_yes,
        rhythm_partly=row.rhythm_partly,
        expectations={line.source: line.expectation for line in lines if line.source != Source.JUDGED},
        judged=tuple(line.expectation for line in lines if line.source == Source.JUDGED),
        published_at=row.created_at,
        published_by=row.published_by.name if row.published_by else "",
    )


def _lines() -> QuerySet[StandardLine]:
    return StandardLine.objects.select_related("standard__published_by").order_by("position")


@prepared
def _latest(cohort: UUID) -> QuerySet[StandardLine]:
    latest = Standard.objects.filter(cohort=cohort).order_by("-number").values("pk")[:1]
    return _lines().filter(standard=Subquery(latest))


@prepared
def _versions(cohort: UUID) -> QuerySet[Any]:
    return Standard.objects.filter(cohort=cohort).order_by("-number").values_list("number", "created_at")
