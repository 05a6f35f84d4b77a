"""An export's way: asked for, put together by a worker, told, deleted after a week.

As with imports PostgreSQL is the queue: a row is claimed by a conditional update with a lease, and the
file and the end of the work are written in one transaction, as the person whose data it is.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from cohorts.models import Person
from mats.identity.transaction import acting
from mats.pages.models import DataExport, ExportFile
from mats.pages.own_data.content import build
from mats.pages.own_data.letter import tell_ready

logger = logging.getLogger(__name__)

State = DataExport.State
LEASE = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 3
LIFE = dt.timedelta(days=7)
UNDER_WAY = (State.WAITING, State.RUNNING)


@transaction.atomic
def ask_export(*, by: Person, at: dt.datetime) -> DataExport:
    """The export that is under way, or a new one; one at a time for a person."""
    under_way = DataExport.objects.filter(person=by, state__in=UNDER_WAY)
    if found := under_way.first():
        return found
    try:
        with transaction.atomic():
            return DataExport.objects.create(person=by, asked_at=at)
    except IntegrityError:  # pressed twice at once
        return under_way.get()


def claim(pk: uuid.UUID, at: dt.datetime) -> DataExport | None:
    """Take an export for this worker; None if it is not waiting or another one has it."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lt=at)
    with acting(None, at):
        row = DataExport.objects.filter(free, pk=pk).select_related("person")
        found = row.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if found is None:
            return None
        found.attempts += 1
        found.state, found.leased_until = State.RUNNING, at + LEASE
        if found.attempts > MOST_ATTEMPTS or not found.person.is_active:
            found.state = State.FAILED
        found.save(update_fields=["attempts", "state", "leased_until"])
    return found if found.state == State.RUNNING else None


def carry_out(pk: uuid.UUID, at: dt.datetime) -> None:
    """Put an export together. Safe to repeat and to run twice at once: the row is claimed, and its end is
    written with the file. One that can't be made is tried again, and given up after the third time."""
    export = claim(pk, at)
    if export is None:
        return
    try:
        with acting(export.person, at, task="export"):
            _build(export, at)
    except Exception as error:  # its words may hold values of rows
        logger.error("Export %s could not be put together: %s.", pk, type(error).__name__)


def _build(export: DataExport, at: dt.datetime) -> None:
    mine = DataExport.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)
    if not mine.update(state=State.READY, built_at=at, expires_at=at + LIFE, leased_until=None):
        return  # another worker has taken it over
    file = ExportFile(export=export, person=export.person)
    file.content = build(export.person, at)
    file.save(force_insert=True)
    tell_ready(export, at)


def waiting(at: dt.datetime) -> list[uuid.UUID]:
    """Exports that nobody holds, oldest first."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lt=at)
    with acting(None, at):
        return list(DataExport.objects.filter(free).order_by(F("asked_at").asc()).values_list("pk", flat=True))


def forget_old(at: dt.datetime) -> None:
    """After a week the file goes, as its person: to nobody else does the database show that it is there."""
    with acting(None, at):
        over = list(DataExport.objects.filter(state=State.READY, expires_at__lte=at).select_related("person"))
    for export in over:
        with acting(export.person, at, task="export"):
            ExportFile.objects.filter(export=export.pk).delete()
            DataExport.objects.filter(pk=export.pk).update(state=State.GONE)


def read_file(export: DataExport, at: dt.datetime) -> bytes | None:
    """The ZIP, as long as it is to be had."""
    if export.state != State.READY or export.expires_at is None or export.expires_at <= at:
        return None
    file = ExportFile.objects.filter(export=export).first()
    return file.content if file else None
