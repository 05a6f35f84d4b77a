"""Files for import tests, and one call that looks at them or stores them."""

from __future__ import annotations

import datetime as dt

from cohorts.models import Cohort
from mats.pages.importing.applying import BadFiles, apply, look
from mats.pages.importing.formats import Source
from mats.pages.importing.target import Plan, Target
from tests.cast import FIRST_DAY, LAST_DAY, LONDON, WEEK_SIX

PEOPLE_HEAD = "email,name,role,time_zone,site,starts_on,ends_on,hours_per_week"
PAIRINGS_HEAD = "scholar,mentor,lead,starts_on,ends_on,weekday,local_time,time_zone"
CASELOADS_HEAD = "scholar,coach,starts_on,ends_on"
HEADS = {"people": PEOPLE_HEAD, "pairings": PAIRINGS_HEAD, "caseloads": CASELOADS_HEAD}

FOUR = (
    "sam@example.org,Sam Scholar,scholar,,London",
    "mia@example.org,Mia Mentor,mentor,America/New_York",
    "cai@example.org,Cai Coach,coach",
    "sta@example.org,Sta Staff,staff",
)
SAM_AND_MIA = "sam@example.org,mia@example.org,yes,,,Thursday,14:00,Europe/London"
SAM_AND_CAI = "sam@example.org,cai@example.org"


def csv(kind: str, *lines: str) -> Source:
    """A file with its header line; the first of `lines` is line 2."""
    text = "".join(f"{line}\n" for line in (HEADS[kind], *lines))
    return Source(kind, f"{kind}.csv", text.encode())


def raw(content: bytes, kind: str = "people") -> Source:
    return Source(kind, f"{kind}.csv", content)


def files(people=FOUR, pairings=(SAM_AND_MIA,), caseloads=(SAM_AND_CAI,)) -> list[Source]:
    given = {"people": people, "pairings": pairings, "caseloads": caseloads}
    return [csv(kind, *lines) for kind, lines in given.items() if lines is not None]


def plan(**fields) -> Plan:
    facts = {"name": "Spring", "slug": "spring", "time_zone": LONDON, "starts_on": FIRST_DAY, "ends_on": LAST_DAY}
    return Plan(**{**facts, **fields})


def target() -> Target:
    """The cohort of `plan`, made or yet to be made."""
    cohort = Cohort.objects.filter(slug="spring").first()
    return Target(cohort=cohort.pk) if cohort else Target(plan=plan())


def store(sources: list[Source], *, at: dt.datetime = WEEK_SIX, **options):
    return apply(target(), sources, by=None, at=at, **options)


def bad(*sources: Source) -> list[str]:
    """Every fault that looking at the files names."""
    try:
        look(target(), list(sources))
    except BadFiles as refusal:
        return [str(row) for row in refusal.bad]
    return []


def shown(sources: list[Source], kind: str):
    """The part of the difference that tells of one kind."""
    return look(target(), sources).found.parts[kind]
