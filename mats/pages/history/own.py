"""What a person reads of their own history: what they did, and what others did to their places.

Which models and which of their fields is decided here, row by row; what is not named is not told.
Reasons that are kept private (why another approver was named, why somebody is recused, who was
missing from a meeting) and everything of coaching stand in none of these fields.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models

from cohorts.models import (
    Agreement,
    AgreementTick,
    Caseload,
    Cohort,
    Contact,
    Duty,
    Invitation,
    Leave,
    Membership,
    Milestone,
    Person,
    Phase,
    Rubric,
    Site,
    Stay,
)
from mats.history.trail import Change
from mentorship.models import (
    Action,
    AgendaItem,
    Approval,
    CaseInvitation,
    Chance,
    Conflict,
    Decision,
    DecisionLetter,
    ExtensionCase,
    LateEntry,
    Meeting,
    MentorSearch,
    MidpointLine,
    Opinion,
    Output,
    Pairing,
    Review,
    Round,
    Standard,
    Submission,
    SupportPlan,
    Talk,
    TermSheet,
    Tick,
    WeeklyLog,
)

DATES = ("starts_on", "ends_on")


@dataclass(frozen=True)
class Told:
    """`fields` are those whose values are told, `tells_why` whether the reason is; `mine` are the columns
    that hold a place of the person (or the person): what others did to such a row is told too. Where it
    `is_personal`, the values are told of the person's own rows alone. Of what `is_owed` rows stand there
    before anybody does anything: that they were laid out is nobody's act.
    """

    fields: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    tells_why: bool = False
    is_personal: bool = False
    is_owed: bool = False

    def tells_of(self, change: Change) -> bool:
        return not (self.is_owed and change.what == "insert" and not change.now.get("planned_by_id"))

    def fields_of(self, change: Change, mine: Collection[str]) -> tuple[str, ...]:
        is_mine = any(change.now.get(column) in mine for column in self.mine)
        return self.fields if is_mine or not self.is_personal else ()


# What an act on somebody else was, and why, is visible to those it touches.
TOUCHES: dict[type[models.Model], Told] = {
    Membership: Told(("role", "ended_how", "reads_until"), mine=("id",), tells_why=True),
    Stay: Told(
        (*DATES, "site", "time_zone", "hours_per_week", "weeks_per_log"), mine=("membership_id",), tells_why=True
    ),
    Leave: Told(DATES, mine=("membership_id",), tells_why=True),
    Duty: Told(("kind", *DATES), mine=("membership_id", "for_membership_id"), tells_why=True),
    Invitation: Told(("email", "expires_at"), mine=("membership_id",), is_personal=True),
    Pairing: Told(
        ("is_lead", *DATES, "end_reason", "weekday", "local_time", "time_zone"),
        mine=("scholar_id", "mentor_id"),
        tells_why=True,
    ),
    Caseload: Told((*DATES, "end_reason"), mine=("scholar_id", "coach_id"), tells_why=True),
    Person: Told(("name", "email", "time_zone", "is_active"), mine=("id",), is_personal=True),
}

# Of these a person reads what they did themselves.
DONE: dict[type[models.Model], Told] = {
    Cohort: Told(("name", "slug", "time_zone", "week_start", "log_weekday", "log_time"), tells_why=True),
    Phase: Told(("kind", *DATES, "total_months"), tells_why=True),
    Site: Told(("name", "time_zone")),
    Milestone: Told(("kind", "due_on", "reading_days", "is_read"), tells_why=True),
    Round: Told(("opens_on", "closes_on", "answers_on", "letters_on"), tells_why=True),
    WeeklyLog: Told(("is_away",), is_owed=True),
    Meeting: Told(("planned", "outcome"), tells_why=True, is_owed=True),
    Action: Told(("what", "due_on")),
    **{model: Told(is_owed=True) for model in (Submission, Review, MidpointLine, Talk)},
    **{
        model: Told()
        for model in (
            Agreement, AgreementTick, Contact, Rubric, Tick, AgendaItem, Output, Chance, SupportPlan, Conflict,
            Standard, ExtensionCase, LateEntry, CaseInvitation, MentorSearch, Approval, Opinion, Decision,
            DecisionLetter, TermSheet,
        )
    },
}  # fmt: skip

TOLD = TOUCHES | DONE
