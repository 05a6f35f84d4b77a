"""Looking at files without storing, and storing them: one transaction, all or nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cohorts.models import Cohort, Person
from mats.history.tracking import because
from mats.pages.importing.difference import Difference, difference
from mats.pages.importing.formats import BadRow, Source
from mats.pages.importing.judging import Judged, judge
from mats.pages.importing.parsing import Blanks, parse
from mats.pages.importing.standing import Frame, frame_of, standing
from mats.pages.importing.storing import Progress, Storing
from mats.pages.importing.target import Target
from mentorship.actions.weeks import lay_out_again

MEANWHILE = "Somebody changed the cohort or an account while this was being stored. Nothing was stored; look again."


class BadFiles(Exception):
    """Some rows are not taken; nothing is stored."""

    def __init__(self, bad: list[BadRow]) -> None:
        super().__init__(f"{len(bad)} rows are not taken.")
        self.bad = bad


class ShownOtherwise(Exception):
    """What would change is no longer what was shown; nothing is stored."""

    def __init__(self, found: Difference) -> None:
        super().__init__("The difference is no longer the one that was shown.")
        self.found = found


class ChangedMeanwhile(Exception):
    """The database refused a row that was good when it was judged."""


@dataclass(frozen=True)
class Seen:
    frame: Frame
    judged: Judged
    found: Difference


def look(target: Target, sources: list[Source]) -> Seen:
    """What the files would change; raises `BadFiles`, and `ValidationError` for a plan that cannot be."""
    frame = target.frame()
    batch = parse(sources, Blanks(frame.time_zone, frame.starts_on, frame.ends_on))
    judged = judge(batch, standing(frame, batch))
    if judged.bad:
        raise BadFiles(judged.bad)
    return Seen(frame, judged, difference(judged))


def _unheard(rows: int) -> None:
    """Nobody follows the progress."""


def apply(
    target: Target,
    sources: list[Source],
    *,
    by: Person | None,
    at: dt.datetime,
    shown: str = "",
    progress: Progress = _unheard,
) -> tuple[Cohort, Difference]:
    """Store the files, or nothing of them. Whoever is new in a launched cohort is invited; nobody else gets a
    message.

    `shown` is the fingerprint of the difference somebody said yes to. In a launched cohort the
    weeks of whoever is new or changed are laid out in the same transaction.
    """
    try:
        with transaction.atomic():
            target.lock()
            seen = look(target, sources)
            if shown and seen.found.fingerprint != shown:
                raise ShownOtherwise(seen.found)
            cohort, phase = target.open(by=by, at=at)
            if seen.found.changes:
                because(f"Imported from {' and '.join(source.name for source in sources)}")
                # A cohort just made may hold its maker, whom the files may name as well.
                known = standing(frame_of(cohort, phase), seen.judged.batch) if target.plan else seen.judged.standing
                Storing(cohort, phase=phase, standing=known, found=seen.found, by=by, at=at, progress=progress).store()
                if cohort.is_launched:
                    lay_out_again(at=at, cohort=cohort)
            return cohort, seen.found
    except IntegrityError as error:
        raise ChangedMeanwhile(MEANWHILE) from error
