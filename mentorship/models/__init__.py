"""Pairings, weekly logs, meetings, actions, submissions and reviews, mid-point lines, extensions."""

from mentorship.models.action import Action
from mentorship.models.approval import Approval, MentorSearch
from mentorship.models.case import CaseInvitation, ExtensionCase, LateEntry, State
from mentorship.models.chance import Chance
from mentorship.models.decision import Decision, DecisionLetter, Opinion
from mentorship.models.extension import Round, Standard, StandardLine
from mentorship.models.log import Tick, WeeklyLog
from mentorship.models.meeting import Absence, AgendaItem, Attendance, Meeting, OwnNote, PairingWeek
from mentorship.models.midpoint import MidpointLine, SupportPlan, Talk
from mentorship.models.output import Output
from mentorship.models.pairing import Pairing
from mentorship.models.sheet import SheetMentor, TermSheet
from mentorship.models.submission import Conflict, Review, Submission, SubmittedText

__all__ = [
    "Absence",
    "Action",
    "AgendaItem",
    "Approval",
    "Attendance",
    "CaseInvitation",
    "Chance",
    "Conflict",
    "Decision",
    "DecisionLetter",
    "ExtensionCase",
    "LateEntry",
    "Meeting",
    "MentorSearch",
    "MidpointLine",
    "Opinion",
    "Output",
    "OwnNote",
    "Pairing",
    "PairingWeek",
    "Review",
    "Round",
    "SheetMentor",
    "Standard",
    "StandardLine",
    "State",
    "Submission",
    "SubmittedText",
    "SupportPlan",
    "Talk",
    "TermSheet",
    "Tick",
    "WeeklyLog",
]
