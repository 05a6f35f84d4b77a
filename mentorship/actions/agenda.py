"""What they want to speak about."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.models import Person
from mentorship.models import AgendaItem, Meeting
from mentorship.rules.meeting import check_live


@transaction.atomic
def add_agenda_item(*, meeting: Meeting, by: Person, at: dt.datetime, text: str) -> AgendaItem:
    check_live(Meeting.locked(meeting.pk))
    return AgendaItem.objects.create(meeting=meeting, added_by=by, text=text, created_at=at)
