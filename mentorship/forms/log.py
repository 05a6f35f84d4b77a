"""The weekly log, five minutes."""

from __future__ import annotations

import datetime as dt

from cohorts.access import visible
from cohorts.models import Person
from mats.forms.base import KeptForm
from mats.forms.sent import as_uuid
from mats.text import LongTextField
from mentorship.models import WeeklyLog


class LogForm(KeptForm):
    """Three open boxes. A link and two sentences are a log."""

    form_name = "weekly-log"
    autosaves = True

    done = LongTextField(label="What I did and learned", help_text="A link and two sentences are enough.")
    next_up = LongTextField(label="Next", required=False)
    stuck = LongTextField(label="Where I am stuck", required=False)

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        return pk is not None and visible(WeeklyLog, "log", person, at, "write").filter(pk=pk).exists()
