"""One of every thing that an address can name, all of `scholar` unless its name says otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator

from coaching.models import Note, OneOnOne
from cohorts.invitations import hashed
from cohorts.models import Duty, Ending, Invitation, Leave, Membership, Milestone, Phase, Role
from mats.identity.transaction import acting
from mats.pages.models import DataExport, Erasure, ExportFile, ImportRun
from mats.post.links import token
from mats.post.models import Message
from mentorship.links import OPEN_LOG
from mentorship.models import (
    Action,
    AgendaItem,
    Approval,
    CaseInvitation,
    Conflict,
    Decision,
    DecisionLetter,
    ExtensionCase,
    MidpointLine,
    Opinion,
    Output,
    PairingWeek,
    Review,
    Round,
    Submission,
    SupportPlan,
    Talk,
    TermSheet,
    WeeklyLog,
)
from tests.access.visitors import a_note, a_one_on_one, a_planned_one_on_one
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_person, a_review, a_round, a_submission, week_start
from tests.mentorship.cases import a_case, a_decision, a_duty, a_letter, a_sheet, a_term, an_approval, an_opinion
from tests.mentorship.midpoint import a_line, a_support_plan, a_talk
from tests.passkeys import a_passkey


@dataclass
class Things:
    """What the addresses of the matrix name."""

    working: Note
    shared: Note
    one_on_one: OneOnOne
    plan: OneOnOne
    leave: Leave
    term: Phase
    action: Action
    agenda: AgendaItem
    message: Message
    week: PairingWeek
    run: ImportRun
    ending: Ending
    export: DataExport
    erasure: Erasure
    line: MidpointLine
    talk: Talk
    support: SupportPlan
    output: Output
    round: Round
    milestone: Milestone
    submission: Submission
    review: Review
    conflict: Conflict
    duty: Duty
    case: ExtensionCase
    approval: Approval
    opinion: Opinion
    decision: Decision
    proposal: Decision
    letter: DecisionLetter
    sheet: TermSheet
    case_invitation: CaseInvitation
    invitation: Invitation
    passkey: Authenticator


def build_case(cast: Cast) -> dict[str, Any]:
    """A decided case whose letter is a draft; `staff` are the committee, and `other_coach` decides
    this one case with them. What would stand there at other times stands there too."""
    duty, case = a_duty(cast.place["staff"]), a_case(cast, "decided")
    decision = a_decision(case, proposed_by=cast.staff, confirmed_by=cast.staff_elsewhere)
    return {
        "duty": duty,
        "case": case,
        "approval": an_approval(case, cast.place["mentor"], "yes"),
        "opinion": an_opinion(case, cast.staff),
        "decision": decision,
        "proposal": a_decision(case, "waitlist", proposed_by=cast.staff_elsewhere),
        "letter": a_letter(decision),
        "sheet": a_sheet(case, cast.place["mentor"], cast.place["coach"], shared_by=cast.staff),
        "case_invitation": CaseInvitation.objects.create(
            cohort=cast.cohort,
            case=case,
            person=cast.other_coach,
            invited_by=cast.staff,
            reason="Two of three are recused.",
            created_at=WEEK_SIX,
        ),
    }


def an_export(cast: Cast) -> DataExport:
    """A copy of the scholar's data that is ready."""
    export = DataExport.objects.create(
        person=cast.scholar, asked_at=WEEK_SIX, state="ready", built_at=WEEK_SIX,
        expires_at=WEEK_SIX + dt.timedelta(days=7),
    )  # fmt: skip
    file = ExportFile(export=export, person=cast.scholar)
    file.content = b"a file"
    with acting(cast.scholar, WEEK_SIX):
        file.save(force_insert=True)
    return export


JOIN_TOKEN = "an-invitation-of-the-matrix"


def an_invitation(cast: Cast) -> Invitation:
    """The open invitation of whoever is invited among the visitors; else of somebody who is none of them."""
    place = cast.place.get("invited") or Membership.objects.create(
        person=a_person("Ida Invited"), cohort=cast.cohort, role=Role.SCHOLAR, created_at=WEEK_SIX
    )
    return Invitation.objects.create(
        cohort=cast.cohort, membership=place, email=place.person.email, token_hash=hashed(JOIN_TOKEN),
        invited_by=cast.staff, expires_at=WEEK_SIX + dt.timedelta(days=7), created_at=WEEK_SIX,
    )  # fmt: skip


def an_ending(cast: Cast) -> Ending:
    """Proposed by somebody else than `staff`, who may confirm it; of the other scholar."""
    return Ending.objects.create(
        cohort=cast.cohort,
        membership=cast.place["other_scholar"],
        how="programme",
        reason="No contact.",
        talk_on=WEEK_SIX.date(),
        talk_note="We spoke.",
        letter="We end your place.",
        proposed_by=cast.staff_elsewhere,
        created_at=WEEK_SIX,
    )


def build_things(cast: Cast) -> Things:
    line = a_line(cast, view="not_now")
    week = PairingWeek.objects.get(meeting=cast.meeting)
    unplanned = PairingWeek.objects.create(
        pairing=cast.pairing,
        week_starts_on=week_start(7),
        number=7,
        closes_at=week.closes_at + (week_start(2) - week_start(1)),
        created_at=LONG_AGO,
    )
    milestone = a_milestone(cast.cohort)
    submission = a_submission(milestone, cast.place["scholar"], "A plan.", reader=cast.place["both_as_mentor"])
    return Things(
        week=unplanned,
        milestone=milestone,
        submission=submission,
        review=a_review(submission),
        conflict=Conflict.objects.create(
            cohort=cast.cohort,
            person=cast.other_coach,
            scholar=cast.place["scholar"],
            declared_by=cast.other_coach,
            why="They share a flat.",
            created_at=WEEK_SIX,
        ),
        line=line,
        talk=a_talk(line),
        support=a_support_plan(line.scholar, cast),
        run=ImportRun.objects.create(
            cohort=cast.cohort, person=cast.staff, created_at=WEEK_SIX, state=ImportRun.State.DISCARDED
        ),
        export=an_export(cast),
        ending=an_ending(cast),
        erasure=Erasure.objects.create(person=cast.scholar, created_at=WEEK_SIX),
        output=Output.objects.create(
            cohort=cast.cohort, scholar=cast.place["scholar"], kind="paper", title="A probe", created_at=WEEK_SIX
        ),
        round=a_round(cast.cohort, week_start(2)),
        passkey=a_passkey(cast.scholar)[1],
        invitation=an_invitation(cast),
        **build_case(cast),
        working=a_note(cast, "coach", "scholar", Note.Audience.WORKING),
        shared=a_note(cast, "coach", "scholar", Note.Audience.WITH_SCHOLAR),
        one_on_one=a_one_on_one(cast, "coach", "scholar"),
        plan=a_planned_one_on_one(cast, "coach", "scholar"),
        leave=Leave.objects.create(
            membership=cast.place["scholar"], starts_on=week_start(9), ends_on=week_start(9), created_at=WEEK_SIX
        ),
        term=a_term(cast.cohort),
        action=Action.objects.create(
            pairing=cast.pairing,
            meeting=cast.meeting,
            owner=cast.place["scholar"],
            added_by=cast.mentor,
            what="Run the ablation",
            created_at=WEEK_SIX,
        ),
        agenda=AgendaItem.objects.create(
            meeting=cast.meeting, added_by=cast.scholar, text="Ablation", created_at=WEEK_SIX
        ),
        message=Message.objects.create(
            person=cast.scholar,
            cohort=cast.cohort,
            kind="log_overdue",
            occurrence=str(cast.log.pk),
            about_id=cast.log.pk,
            policy=Message.Policy.NUDGE,
            moment=WEEK_SIX,
            message_id="<matrix@example.org>",
            created_at=WEEK_SIX,
        ),
    )


LEFT = {"ended": "ended", "gone": "long_ended"}


def left_by(place: Membership) -> dict[str, Any]:
    """What somebody whose place has ended leaves behind."""
    return {
        "place": place,
        "log": WeeklyLog.objects.get(scholar=place),
        "meeting": PairingWeek.objects.get(pairing__scholar=place).meeting,
    }


OF = "of_"  # the history of a cohort, a person, a pairing, a log, a meeting


def arguments(thing: str, cast: Cast, things: Things) -> dict[str, Any]:
    """The arguments of an address, from the thing its line names."""
    plain: dict[str, dict[str, Any]] = {
        "-": {},
        "cohort": {"slug": cast.cohort.slug},
        "kind": {"kind": "people"},
        "token": {"token": token(OPEN_LOG, things.message)},
        "join": {"token": JOIN_TOKEN},
    }
    if thing in plain:
        return plain[thing]
    if thing.startswith(OF):
        kind = thing.removeprefix(OF)
        of = cast.cohort if kind == "cohort" else cast.place["scholar"] if kind == "person" else getattr(cast, kind)
        return {"kind": kind, "pk": of.pk}
    what, _, who_left = thing.partition("_of_")
    if who_left in LEFT:
        return {"pk": left_by(cast.place[LEFT[who_left]])[what].pk}
    rows = {
        "log": cast.log,
        "place": cast.place["scholar"],
        "place_of_both": cast.place["other_scholar"],
        "stay": cast.place["scholar"].stays.get(),
        "site": cast.cohort.sites.get(),
        "caseload": cast.caseload,
        "pairing": cast.pairing,
        "meeting": cast.meeting,
    }
    return {"pk": (rows.get(thing) or getattr(things, thing)).pk}
