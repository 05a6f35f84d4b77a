"""Pairings, weekly logs, meetings, actions, submissions and reviews, mid-point lines, extensions."""

from mentorship.models.action import Action
from mentorship.models.chance import Chance
from mentorship.models.extension import Round, Standard, StandardLine
from mentorship.models.log import Tick, WeeklyLog
from mentorship.models.meeting import Absence, AgendaItem, Attendance, Meeting, OwnNote, PairingWeek
from mentorship.models.midpoint import MidpointLine, SupportPlan, Talk
from mentorship.models.output import Output
from mentorship.models.pairing import Pairing
from mentorship.models.submission import Conflict, Review, Submission, SubmittedText

__all__ = [
    "Absence",
    "Action",
    "AgendaItem",
    "Attendance",
    "Chance",
    "Conflict",
    "Meeting",
    "MidpointLine",
    "Output",
    "OwnNote",
    "Pairing",
    "PairingWeek",
    "Review",
    "Round",
    "Standard",
    "StandardLine",
    "Submission",
    "SubmittedText",
    "SupportPlan",
    "Talk",
    "Tick",
    "WeeklyLog",
]
