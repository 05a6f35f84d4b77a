"""Pairings, weekly logs, meetings and actions."""

from mentorship.models.action import Action
from mentorship.models.log import WeeklyLog
from mentorship.models.meeting import AgendaItem, Attendance, Meeting, PairingWeek
from mentorship.models.pairing import Pairing

__all__ = ["Action", "AgendaItem", "Attendance", "Meeting", "Pairing", "PairingWeek", "WeeklyLog"]
