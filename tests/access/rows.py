"""The rows of which the table of acts speaks: one of every thing, and of some more, under `thing.which`.

Without `which` a row is of `scholar`, and is what an address of the matrix names.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Model

from coaching.models import ForMyCoach, Note, OneOnOne, Opening
from cohorts.models import Contact, Ending, Membership, Person, Role
from mats.pages.models import Erasure, ImportRun
from mentorship.models import (
    Absence,
    Action,
    CaseInvitation,
    Chance,
    ExtensionCase,
    Output,
    OwnNote,
    Pairing,
    PairingWeek,
    Submission,
    WeeklyLog,
)
from tests.access.world import World
from tests.cast import (
    WEEK_SIX,
    Cast,
    a_caseload,
    a_cohort,
    a_log,
    a_meeting,
    a_milestone,
    a_pairing,
    a_place,
    a_review,
    a_round,
    a_submission,
    week_start,
)
from tests.mentorship.cases import a_case, a_decision, a_duty, a_letter, a_sheet, an_approval, an_opinion
from tests.mentorship.midpoint import a_line, a_support_plan, a_talk

Rows = dict[str, Model]
WITH_SCHOLAR = Note.Audience.WITH_SCHOLAR


def rows_of(world: World) -> Rows:
    cast, things = world.cast, world.things
    here = cast.cohort
    return {
        "person": cast.scholar,
        "cohort": here,
        "milestone": things.milestone,
        "membership": cast.place["scholar"],
        "invitation": things.invitation,
        "pairing": cast.pairing,
        "caseload": cast.caseload,
        "duty": things.duty,
        "log": cast.log,
        "meeting": cast.meeting,
        "pairing_week": things.week,
        "action": things.action,
        "coached": cast.place["scholar"],
        "note": things.working,
        "one_on_one": things.one_on_one,
        "one_on_ones": cast.place["scholar"],
        "submission": things.submission,
        "review": things.review,
        "conflict": things.conflict,
        "midpoint_line": things.line,
        "talk": things.talk,
        "support_plan": things.support,
        "round": things.round,
        "evidence": cast.place["scholar"],
        "case": things.case,
        "approval": things.approval,
        "opinion": things.opinion,
        "decision": things.decision,
        "letter": things.letter,
        "sheet": things.sheet,
        "output": things.output,
        "import_run": things.run,
        "export": things.export,
        "erasure": things.erasure,
        "contact": Contact.objects.create(person=cast.scholar, is_nobody=True, created_at=WEEK_SIX),
        **_places(cast),
        **_endings(cast, things.ending),
        **_weekly(cast),
        **_of_coaching(cast, things.shared, things.plan),
        **_for_milestones(cast),
        **_cases(cast, things.case),
        "import_run.nobodys_yet": ImportRun.objects.create(
            person=cast.staff_elsewhere, created_at=WEEK_SIX, state=ImportRun.State.DISCARDED
        ),
        "erasure.staff": Erasure.objects.create(person=cast.staff_who_mentored, created_at=WEEK_SIX),
        "erasure.ended": Erasure.objects.create(person=cast.ended, created_at=WEEK_SIX),
    }


def _places(cast: Cast) -> Rows:
    """A cohort that is not launched, and places at every point of their life."""
    planned = a_cohort("Spring 2027", "spring-2027", launched_at=None)
    people = {
        Role.SCHOLAR: cast.scholar,
        Role.MENTOR: cast.mentor,
        Role.COACH: cast.other_coach,
        Role.STAFF: cast.staff,
    }
    scholar, mentor, coach, staff = (a_place(person, planned, role) for role, person in people.items())
    days = {"starts_on": week_start(8), "ends_on": week_start(9)}
    return {
        "cohort.planned": planned,
        "membership.planned": mentor,
        "pairing.planned": a_pairing(scholar, mentor, **days),
        "caseload.planned": a_caseload(scholar, coach, **days),
        "milestone.planned": a_milestone(planned),
        "round.planned": a_round(planned),
        "duty.planned": a_duty(staff),
        "membership.outside": cast.place["outside_member"],
        "membership.invited": cast.place["invited"],
        "membership.ended": cast.place["ended"],
        "membership.gone": cast.place["long_ended"],
        "one_on_ones.other_s": cast.place["other_scholar"],
        "one_on_ones.ended": cast.place["ended"],
        "one_on_ones.mentor": cast.place["mentor"],
        "coached.other_s": cast.place["other_scholar"],
        "coached.ended": cast.place["ended"],
        "evidence.other_s": cast.place["other_scholar"],
        "evidence.ended": cast.place["ended"],
        "evidence.mentor": cast.place["mentor"],
    }


def _endings(cast: Cast, proposed: Ending) -> Rows:
    def left(place: str) -> Ending:
        who = cast.place[place]
        return Ending.objects.create(
            cohort=cast.cohort, membership=who, how="left", proposed_by=who.person, created_at=WEEK_SIX,
            confirmed_by=who.person, confirmed_at=WEEK_SIX,
        )  # fmt: skip

    of_staff = {"how": "programme", "reason": "No contact.", "talk_on": WEEK_SIX.date(), "letter": "It ends."}
    return {
        "ending": proposed,
        "ending.staff": Ending.objects.create(
            cohort=cast.cohort, membership=cast.place["staff_who_mentored"], proposed_by=cast.staff,
            created_at=WEEK_SIX, **of_staff,
        ),
        "ending.ended": left("ended"),
        "ending.gone": left("long_ended"),
    }  # fmt: skip


def _weekly(cast: Cast) -> Rows:
    """Logs, meetings, actions: of the scholar, and of those whose place has ended."""
    found: Rows = {"log.other_s": a_log(cast.place["other_scholar"], 6)}
    for name, who in (("ended", "ended"), ("gone", "long_ended")):
        week = PairingWeek.objects.get(pairing__scholar=cast.place[who])
        log = WeeklyLog.objects.get(scholar=cast.place[who])
        found |= {f"log.{name}": log, f"meeting.{name}": week.meeting, f"pairing_week.{name}": week}
        found[f"action.{name}"] = an_action(cast, who, pairing=week.pairing)
        found[f"action.{name}_log"] = an_action(cast, who, log=log)
    with_staff = Pairing.objects.get(mentor=cast.place["staff_as_mentor"])
    theirs = a_meeting(with_staff, 4, dt.datetime(2027, 1, 28, 9, tzinfo=dt.UTC))
    absent = {"who": "mentor", "created_at": WEEK_SIX}
    note = OwnNote(meeting=cast.meeting, author=cast.mentor, created_at=WEEK_SIX)
    note.body = "Mine alone."
    note.save(force_insert=True)
    return found | {
        "action.log": an_action(cast, "scholar", log=cast.log),
        "absence": Absence.objects.create(meeting=cast.meeting, said_by=cast.scholar, **absent),
        "absence.of_staff": Absence.objects.create(meeting=theirs, said_by=cast.scholar, **absent),
        "own_note": note,
    }


def an_action(cast: Cast, owner: str, **source: Model) -> Action:
    place = cast.place[owner]
    return Action.objects.create(
        owner=place, added_by=place.person, what="Run the ablation", created_at=WEEK_SIX, **source
    )


def _of_coaching(cast: Cast, shared: Note, plan: OneOnOne) -> Rows:
    """`both` is on paper the coach of `other_scholar`, and their mentor; `coach` had those who are gone."""
    pairs = {
        "before": ("former_coach", "scholar"),
        "both": ("both_as_coach", "other_scholar"),
        "ended": ("coach", "ended"),
        "gone": ("coach", "long_ended"),
    }
    found: Rows = {"note.shared": shared, "one_on_one.plan": plan, **_lines(cast, "", "coach", "scholar")}
    for name, (coach, about) in pairs.items():
        found |= _lines(cast, f".{name}", coach, about)
        found[f"note.{name}"] = a_note(cast.place[coach], cast.place[about])
        found[f"one_on_one.{name}"] = OneOnOne.objects.create(
            coach=cast.place[coach], about=cast.place[about], took_place_on=week_start(4), created_at=WEEK_SIX
        )
    found |= {"for_my_coach.own_mentor": _of_their_own_mentor(cast)}
    found["note.archived"] = a_note(cast.place["coach"], cast.place["scholar"], archived_at=WEEK_SIX)
    return found


def _of_their_own_mentor(cast: Cast) -> ForMyCoach:
    """The wall has no way round: not for somebody who stands in the data as their own mentor."""
    scholar, mentor = (a_place(cast.alum, cast.cohort, role) for role in (Role.SCHOLAR, Role.MENTOR))
    a_pairing(scholar, mentor)
    return a_line_for(cast.place["other_coach"], scholar, a_log(scholar, 5))


def a_note(author: Membership, about: Membership, **fields) -> Note:
    note = Note(author=author, about=about, audience=WITH_SCHOLAR, dated=week_start(4), created_at=WEEK_SIX, **fields)
    note.body = "A quiet week."
    note.save(force_insert=True)
    return note


def _lines(cast: Cast, which: str, coach: str, about: str) -> Rows:
    """What somebody wrote for their coach only, and that the coach opened it."""
    scholar, reader = cast.place[about], cast.place[coach]
    line = a_line_for(reader, scholar, WeeklyLog.objects.filter(scholar=scholar).latest("week_starts_on"))
    opening = Opening.objects.create(
        reader=reader.person,
        about=scholar,
        what="for_my_coach",
        row_id=line.pk,
        day=WEEK_SIX.date(),
        opened_at=WEEK_SIX,
    )
    return {f"for_my_coach{which}": line, f"opening{which}": opening}


def a_line_for(coach: Membership, scholar: Membership, log: WeeklyLog) -> ForMyCoach:
    line = ForMyCoach(about=scholar, coach=coach, log=log, created_at=WEEK_SIX)
    line.body = "For you alone."
    line.save(force_insert=True)
    return line


def _for_milestones(cast: Cast) -> Rows:
    """Read by a mentor of the scholar or whoever stands in for one, which no form allows: they write no review."""
    given = {"given_at": WEEK_SIX, "outcome": "pass", "words": "Sound.", "reasons": "It holds."}
    late = a_milestone(cast.cohort, "symposium", week_start(9))
    final = a_milestone(cast.cohort, "final", week_start(10))
    by_mentor = a_submission(late, cast.place["scholar"], "A poster.", reader=cast.place["mentor"])
    by_stand_in = a_submission(final, cast.place["scholar"], "A paper.", reader=cast.place["stand_in"])
    ended = a_submission(late, cast.place["ended"], "A poster.", reader=cast.place["both_as_mentor"])
    line = a_line(cast, mentor="former_mentor", view="not_now")
    talked = a_submission(line.milestone, cast.place["scholar"], "A talk.", reader=cast.place["both_as_mentor"])
    of_ended = a_line(cast, mentor="other_mentor", scholar="ended", view="not_now")
    return {
        "submission.ended": ended,
        "review.given": a_review(talked, **given),
        "review.mentor": a_review(by_mentor),
        "review.stand_in": a_review(by_stand_in),
        "review.ended": a_review(ended, **given),
        "midpoint_line.former": line,
        "midpoint_line.owed": a_line(cast, mentor="both_as_mentor", scholar="other_scholar"),
        "midpoint_line.ended": of_ended,
        "talk.ended": a_talk(of_ended),
        "support_plan.ended": a_support_plan(of_ended.scholar, cast),
        "chance": _chance(cast.log, Submission.objects.filter(scholar=cast.place["scholar"])[0]),
        "chance.ended": _chance(WeeklyLog.objects.get(scholar=cast.place["ended"]), ended),
        "output.shared": _output(cast, "scholar", is_shared=True),
        "output.ended": _output(cast, "ended"),
    }


def _chance(log: WeeklyLog, submission: Submission) -> Chance:
    return Chance.objects.create(log=log, submission=submission, percent=70, created_at=WEEK_SIX)


def _output(cast: Cast, who: str, **fields) -> Output:
    fields = {"kind": "paper", "title": "A probe", "created_at": WEEK_SIX, **fields}
    return Output.objects.create(cohort=cast.cohort, scholar=cast.place[who], **fields)


def _cases(cast: Cast, decided: ExtensionCase) -> Rows:
    """A case of each side: of `other_scholar`, whom `other_mentor` is asked to approve and for whom `was_c` is
    invited, with its letter out; and an old one of who has left. Whoever mentored the scholar leads on duty too."""
    a_duty(cast.place["staff_who_mentored"], "duty_lead")
    case = a_case(cast, "offered", scholar="other_scholar")
    ended = a_case(cast, "refused", scholar="ended")
    two = {"proposed_by": cast.staff, "confirmed_by": cast.duty_lead}
    granted, refused = a_decision(case, **two), a_decision(ended, "refuse", **two)
    _invite(cast, case, cast.former_coach)
    return {
        "case.other_s": case,
        "case.ended": ended,
        "approval.owed": an_approval(case, cast.place["other_mentor"]),
        "approval.ended": an_approval(ended, cast.place["other_mentor"], "no"),
        "opinion.committee": an_opinion(decided, cast.committee),
        "opinion.recused": an_opinion(decided, cast.other_coach),
        "opinion.appeal": an_opinion(decided, cast.committee, is_appeal=True),
        "opinion.left_the_committee": an_opinion(decided, cast.duty_lead),
        "opinion.over": an_opinion(ended, cast.staff),
        "decision.other_s": granted,
        "decision.more": a_decision(decided, "more", replaced_at=WEEK_SIX, **two),
        "decision.ended": refused,
        "letter.other_s": a_letter(granted, released_by=cast.staff),
        "letter.ended": a_letter(refused, released_by=cast.staff),
        "sheet.not_shared": a_sheet(case, cast.place["both_as_mentor"], cast.place["other_coach"]),
        "sheet.ended": a_sheet(ended, cast.place["other_mentor"], shared_by=cast.staff),
    }


def _invite(cast: Cast, case: ExtensionCase, person: Person) -> CaseInvitation:
    return CaseInvitation.objects.create(
        cohort=cast.cohort, case=case, person=person, invited_by=cast.staff, reason="Two are recused.",
        created_at=WEEK_SIX,
    )  # fmt: skip
