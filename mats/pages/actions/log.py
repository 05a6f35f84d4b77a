"""Sending a weekly log: the log itself, and what is for the coach only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from coaching.actions.for_my_coach import write_for_my_coach
from cohorts.models import Person
from mentorship.actions.log import submit_log
from mentorship.models import WeeklyLog


@transaction.atomic
def send_log(
    *, log: WeeklyLog, by: Person, at: dt.datetime, for_my_coach: str = "", for_whom: str = "", **texts: Any
) -> WeeklyLog:
    """Both or neither. The log goes first: it locks the row that two tabs meet at, and asks for the
    version. What changes for the coach alone leaves no trace on it."""
    sent = submit_log(log=log, by=by, at=at, **texts)
    write_for_my_coach(log=sent, by=by, at=at, body=for_my_coach, for_whom=for_whom)
    return sent
