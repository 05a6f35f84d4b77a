"""A scholar's line for their coach, with the log of a week. The log itself knows nothing of it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from coaching.for_my_coach import caseloads_with_a_reader, drawn_for
from coaching.models import ForMyCoach
from cohorts.models import Person
from mats.history.record import EditedMeanwhile
from mentorship.models import WeeklyLog

NOBODY = (
    "Nobody coaches you at the moment, so nobody would read this. Nothing was sent; take it out, or keep it as a draft."
)
ANOTHER = (
    "Somebody else coaches you since this was written, and nobody has read it. Nothing was sent; take it"
    " out to send the log, then open the log again to write to your coach of today."
)


@transaction.atomic
def write_for_my_coach(*, log: WeeklyLog, by: Person, at: dt.datetime, body: str, for_whom: str) -> ForMyCoach | None:
    """Keep what the scholar wrote for the coach they have now; None if there is nothing to keep.

    `for_whom` names the coach and the state that the box was drawn for (`drawn_for`): words for one
    coach never reach another, and of two tabs the later one sees both texts (`EditedMeanwhile`).
    Emptied, it is an edit to nothing; history keeps what stood there.
    """
    caseload = caseloads_with_a_reader(log.scholar_id, at).select_for_update(no_key=True, of=("self",)).first()
    coach = caseload.coach_id if caseload else None
    row = ForMyCoach.objects.filter(log=log, coach=coach).select_for_update(no_key=True, of=("self",)).first()
    if body == (row.body if row else ""):
        return row
    if coach is None:
        raise ValidationError({"for_my_coach": NOBODY})
    if for_whom.partition(":")[0] != str(coach):
        raise ValidationError({"for_my_coach": ANOTHER})
    if row is None:
        row = ForMyCoach(about_id=log.scholar_id, coach_id=coach, log=log, created_at=at)
        row.body = body
        row.save(force_insert=True)
        return row
    if for_whom != drawn_for(coach, row):
        raise EditedMeanwhile(row)
    row.body = body
    row.save_edit("sealed_body")
    return row
