"""An upload's way: looked at, shown, said yes to, stored.

PostgreSQL is the queue: a confirmed run waits in its row, is claimed by a conditional update with
a lease, and is stored and marked done in one transaction. A worker killed half-way leaves nothing
stored and a lease that runs out; the next sweep takes the run up again.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import F, Q

from cohorts.models import Cohort, Person
from mats.identity.routers import OUTSIDE
from mats.identity.transaction import acting
from mats.pages.importing.applying import BadFiles, ChangedMeanwhile, ShownOtherwise, apply, look
from mats.pages.importing.difference import Difference
from mats.pages.importing.formats import BadRow, Source
from mats.pages.importing.target import Plan, Target
from mats.pages.models import ImportFile, ImportRun

logger = logging.getLogger(__name__)

State = ImportRun.State
BAD_SHOWN = 200
LEASE = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 3
KEEP_FILES = dt.timedelta(days=7)
KEEP_RUNS = dt.timedelta(days=30)

AGAIN = "The cohort changed after you looked. This is what would change now; nothing was stored."
NOT_SHOWN = "This import has been confirmed or thrown away already."
TRIED = (
    f"Storing was tried {MOST_ATTEMPTS} times and did not come to its end. Nothing was stored; upload the files again."
)


def target_of(run: ImportRun) -> Target:
    return Target(cohort=run.cohort_id) if run.cohort_id else Target(plan=Plan.from_json(run.plan))


def sources_of(run: ImportRun) -> list[Source]:
    return [
        Source(kind, name, bytes(content)) for kind, name, content in run.files.values_list("kind", "name", "content")
    ]


@transaction.atomic
def open_run(
    *, by: Person, at: dt.datetime, sources: list[Source], cohort: Cohort | None = None, plan: Plan | None = None
) -> ImportRun:
    """Read and judge the files and keep the answer; the files stay only while they may be stored."""
    run = ImportRun(person=by, cohort=cohort, plan=plan.as_json() if plan else {}, created_at=at)
    try:
        seen = look(Target(cohort=cohort.pk if cohort else None, plan=plan), sources)
    except BadFiles as refusal:
        _tell_bad(run, refusal.bad)
    else:
        _tell_difference(run, seen.found)
    run.save()
    if run.state == State.SHOWN:
        ImportFile.objects.bulk_create(
            [ImportFile(run=run, kind=one.kind, name=one.name, content=one.content) for one in sources]
        )
    return run


def _tell_bad(run: ImportRun, bad: list[BadRow]) -> None:
    run.state, run.bad_count = State.BAD, len(bad)
    run.bad = [[row.file, row.line, row.column, row.reason] for row in bad[:BAD_SHOWN]]
    run.difference, run.fingerprint = [], ""


def _tell_difference(run: ImportRun, found: Difference, note: str = "") -> None:
    run.state, run.note = State.SHOWN, note
    run.difference, run.fingerprint = found.as_json(), found.fingerprint
    run.total, run.finished = found.changes, 0


def confirm(*, run: ImportRun, by: Person, at: dt.datetime, fingerprint: str) -> None:
    """Say yes to the difference that was shown; a second press of the button is told so."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=State.SHOWN, fingerprint=fingerprint)
    if not waiting.update(state=State.WAITING, confirmed_at=at, person=by, note=""):
        raise ValidationError(NOT_SHOWN)


@transaction.atomic
def discard(*, run: ImportRun, by: Person, at: dt.datetime) -> None:
    """Throw an upload away before anybody said yes to it."""
    if not ImportRun.objects.filter(pk=run.pk, state__in=[State.SHOWN, State.BAD]).update(state=State.DISCARDED):
        raise ValidationError(NOT_SHOWN)
    ImportFile.objects.filter(run=run).delete()


def claim(pk: uuid.UUID, at: dt.datetime) -> ImportRun | None:
    """Take a confirmed run for this worker; None if it is not waiting or another one has it."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lt=at)
    with acting(None, at):
        run = (
            ImportRun.objects.filter(free, pk=pk).select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        )
        if run is None:
            return None
        run.attempts += 1
        run.state, run.leased_until, run.finished = State.RUNNING, at + LEASE, 0
        if run.attempts > MOST_ATTEMPTS:
            run.state, run.note = State.FAILED, TRIED
        run.save(update_fields=["attempts", "state", "leased_until", "finished", "note"])
    return run if run.state == State.RUNNING else None


class Overtaken(Exception):
    """Another worker took the run over while this one was storing; nothing of this one is kept."""


def carry_out(pk: uuid.UUID, at: dt.datetime) -> None:
    """Store a confirmed run. Safe to repeat and to run twice at once: the row is claimed, and its
    end is written in the transaction that stores."""
    run = claim(pk, at)
    if run is None:
        return
    try:
        _store(run, at)
    except Overtaken:
        logger.warning("An import was taken over by another worker; this one stored nothing.")


def _store(run: ImportRun, at: dt.datetime) -> None:
    try:
        with acting(run.person, at, task="import"):
            cohort, _ = apply(
                target_of(run), sources_of(run), by=run.person, at=at, shown=run.fingerprint, progress=_teller(run)
            )
            _end(run, state=State.DONE, cohort=cohort, done_at=at, finished=run.total)
            ImportFile.objects.filter(run=run).delete()
    except ShownOtherwise as other:
        _tell_difference(run, other.found, AGAIN)
        _save_after(run, at)
    except BadFiles as refusal:
        _tell_bad(run, refusal.bad)
        run.note = AGAIN
        _save_after(run, at)
    except (ChangedMeanwhile, PermissionDenied, ValidationError) as refusal:
        run.state = State.FAILED
        run.note = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        _save_after(run, at)


def _mine(run: ImportRun) -> Q:
    return Q(pk=run.pk, state=State.RUNNING, attempts=run.attempts)


def _end(run: ImportRun, **facts: object) -> None:
    if not ImportRun.objects.filter(_mine(run)).update(leased_until=None, **facts):
        raise Overtaken


def _save_after(run: ImportRun, at: dt.datetime) -> None:
    """Write the answer of a run that stored nothing."""
    names = ["state", "note", "bad", "bad_count", "difference", "fingerprint", "total", "finished"]
    with acting(None, at):
        _end(run, **{name: getattr(run, name) for name in names}, attempts=0)
        if run.state != State.SHOWN:
            ImportFile.objects.filter(run=run).delete()


def _teller(run: ImportRun):
    """Progress is told on the second connection: what the storing transaction writes nobody sees yet."""

    def tell(finished: int) -> None:
        try:
            ImportRun.objects.using(OUTSIDE).filter(_mine(run)).update(finished=finished)
        except DatabaseError:
            logger.warning("The progress of an import could not be told; it goes on.")

    return tell


def waiting(at: dt.datetime) -> list[uuid.UUID]:
    """Confirmed runs that nobody holds, oldest first."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lt=at)
    with acting(None, at):
        return list(ImportRun.objects.filter(free).order_by(F("confirmed_at").asc()).values_list("pk", flat=True))


def forget_old(at: dt.datetime) -> None:
    """Uploads nobody said yes to lose their files after a week; a month later the run itself goes."""
    with acting(None, at):
        stale = ImportRun.objects.filter(state=State.SHOWN, created_at__lt=at - KEEP_FILES)
        stale.update(state=State.DISCARDED)
        under_way = [State.WAITING, State.RUNNING]
        ImportFile.objects.exclude(run__state__in=[*under_way, State.SHOWN]).delete()
        ImportRun.objects.filter(created_at__lt=at - KEEP_RUNS).exclude(state__in=under_way).delete()
