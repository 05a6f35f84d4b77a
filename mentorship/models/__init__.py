"""Pairings, weekly logs, meetings and actions."""

from mentorship.models.action import Action
from mentorship.models.log import Tick, WeeklyLog
from mentorship.models.meeting import Absence, AgendaItem, Attendance, Meeting, OwnNote, PairingWeek
from mentorship.models.pairing import Pairing

__all__ = [
    "Absence",
    "Action",
    "AgendaItem",
    "Attendance",
    "Meeting",
    "OwnNote",
    "Pairing",
    "PairingWeek",
    "Tick",
    "WeeklyLog",
]
