"""Rules about the committee's decision on an extension case: who decides, what, by which way, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from cohorts.access import may, refusal
from cohorts.duties import TWO
from cohorts.models import Duty, Membership, Person, Phase, Role
from cohorts.relations import cohorts_on_duty
from cohorts.rules.days import in_words
from mats import clock
from mentorship.committee.facts import Facts
from mentorship.committee.warned import NO_WARNING
from mentorship.models import Approval, CaseInvitation, Decision, ExtensionCase, Opinion, Round, State
from mentorship.models.case import PLACE_TAKEN
from mentorship.rounds import latest_stay
from mentorship.rules.case import terms_ahead
from mentorship.rules.reader import bars, bond
from mentorship.rules.round import places_taken

Answer, Outcome = Approval.Answer, Decision.Outcome

PROPOSED_IN = (State.COMMITTEE, State.APPEALED, State.WAITLISTED, State.DECIDED)
OPINIONS_IN = (*PROPOSED_IN, State.MORE)

# --- who judges -----------------------------------------------------------------------------------


def why_recused(case: ExtensionCase, person: Person) -> str:
    """Nobody decides on their own request, on a scholar whom they mentor or coach, or for whose mentor they
    stand in (now, before or to come, in any cohort), or over whom they have a declared conflict, nor where
    they are asked to approve.

    In words to the person themselves, and to nobody else; nothing if they are not recused.
    """
    scholar, name = case.scholar, case.scholar.person.name
    if scholar.person_id == person.pk:
        return "This is your own request."
    if bar := bars([scholar])[scholar.person_id].get(person.pk):
        if bar.why == "conflict":
            return f"There is a declared conflict between you and {name}: somebody else decides."
        return f"You are, were or will be {bond(bar, case.cohort)} of {name}: somebody else decides."
    if Approval.objects.filter(case=case, mentor__person=person, archived_at=None).exists():
        return f"You are asked, as a mentor, to approve the request of {name}: somebody else decides."
    return ""


def may_judge(case: ExtensionCase, person: Person, at: dt.datetime) -> bool:
    """The committee judges a case, and an outside member invited to it; nobody who is recused."""
    return may(person, "judge", "case", case, at)


def why_not_judge(case: ExtensionCase, person: Person, at: dt.datetime, *, act: str = "judge") -> str:
    """Why somebody may not judge a case, or do another `act` of the committee's, in words to them."""
    if may(person, act, "case", case, at):
        return ""
    invited = CaseInvitation.objects.filter(case=case, person=person, archived_at=None)
    on_committee = cohorts_on_duty(person, Duty.Kind.COMMITTEE, at).filter(cohort=case.cohort_id)
    outside = cohorts_on_duty(person, Duty.Kind.OUTSIDE_MEMBER, at).filter(cohort=case.cohort_id)
    is_theirs = act != "judge" or on_committee.exists() or invited.exists() or outside.exists()
    return (why_recused(case, person) if is_theirs else "") or refusal(act, "case")


def check_judges(case: ExtensionCase, person: Person, at: dt.datetime) -> None:
    """Whoever decides may judge the case at this moment."""
    if words := why_not_judge(case, person, at):
        raise ValidationError(words)


def check_proposer_still_judges(case: ExtensionCase, proposal: Decision, at: dt.datetime) -> None:
    """Two people decide who may: also whoever proposed it, at the moment at which it is confirmed. Why not is
    said to themselves alone."""
    if not may_judge(case, proposal.proposed_by, at):
        raise ValidationError("Whoever proposed this may not decide it any more: pull it out, and propose it again.")


def check_one_is_of_the_committee(case: ExtensionCase, people: Collection[Person], at: dt.datetime) -> None:
    """One of the two who decide is of the committee, unless all of it is recused."""
    on_duty = Duty.objects.filter(cohort=case.cohort_id, kind=Duty.Kind.COMMITTEE, archived_at=None)
    committee = set(Person.objects.filter(memberships__duties__in=on_duty).distinct())
    if committee.isdisjoint(people) and any(may_judge(case, member, at) for member in committee):
        raise ValidationError("You were both invited: one of the two who decide is of the committee.")


# --- the way of a case ----------------------------------------------------------------------------


def why_not_clear(facts: Facts) -> list[str]:
    """A case is clear where the lead mentor says yes and nobody who has answered says otherwise, no conflict
    is ticked, nobody has pulled it out, and it is no appeal. Else why it is contested, in words."""
    found = [*_why_not_agreed(facts)]
    if any(approval.has_conflict for approval in facts.given):
        found.append("a mentor ticked a conflict of interest")
    if any(one.is_agreed_list and one.pulled_at for one in facts.decisions):
        found.append("somebody pulled it out of the agreed list")
    if facts.is_appeal:
        found.append("it is an appeal")
    return found


def _why_not_agreed(facts: Facts) -> list[str]:
    lead, answers = facts.lead, {approval.answer for approval in facts.given}
    found = []
    if lead is None or lead.given_at is None:
        found.append("the lead mentor has not answered")
    if Answer.NO in answers:
        found.append("a mentor says no" if facts.is_warned else f"a mentor says no, and {NO_WARNING}")
    if Answer.NOT_SURE in answers or any(approval.talked_at for approval in facts.given):
        found.append("a mentor was not sure")
    if {Answer.YES, Answer.NO} <= answers:
        found.append("the mentors disagree")
    return found


def warning_words(facts: Facts, outcome: str = "") -> str:
    """A no, or a refusal, without an earlier warning is flagged: `no earlier warning was given`."""
    is_no = facts.has_a_no or outcome == Outcome.REFUSE
    return NO_WARNING if is_no and not facts.is_warned else ""


def as_asked(facts: Facts, outcome: str, total_months: int | None) -> bool:
    return outcome == Outcome.GRANT and total_months == facts.case.total_months


def check_goes_by_agreed_list(facts: Facts, outcome: str, total_months: int | None) -> None:
    """By the agreed list clear cases are granted what they ask for."""
    if reasons := why_not_clear(facts):
        raise ValidationError(f"This case is contested: {'; '.join(reasons)}. It goes by independent opinions.")
    if not as_asked(facts, outcome, total_months):
        asked = facts.case.total_months
        raise ValidationError(f"By the agreed list a case is granted what it asks for, {asked} months in total.")


def why_not_by_opinions(facts: Facts, person: Person) -> str:
    """Where opinions decide, there are two at least, and whoever decides has written theirs before."""
    if person.pk not in facts.authors:
        return "Write your own opinion first: here two people decide who have written theirs independently."
    missing = TWO - len(facts.authors)
    return "One more opinion comes first: there are two at least." if missing > 0 else ""


def goes_by_opinions(facts: Facts, person: Person, outcome: str, total_months: int | None) -> bool:
    """Whether a proposal of this person goes by opinions: where they can, else where the agreed list can't.
    To ask for more takes two people, and no opinion yet."""
    if outcome == Outcome.MORE:
        return False
    return not why_not_by_opinions(facts, person) or not _could_be_agreed(facts, outcome, total_months)


def _could_be_agreed(facts: Facts, outcome: str, total_months: int | None) -> bool:
    return not why_not_clear(facts) and as_asked(facts, outcome, total_months)


# --- what may be done now, in words to whoever would ----------------------------------------------


def why_not_now(case: ExtensionCase, states: tuple[State, ...] = PROPOSED_IN) -> str:
    """The committee works on a case while it has it."""
    if case.state in states:
        return ""
    return f"This case is {State(case.state).label} by now: the committee does not have it."


def why_not_hear(facts: Facts, person: Person) -> str:
    """An appeal is heard by people who did not decide before."""
    if facts.is_appeal and person.pk in facts.first_deciders:
        return "You decided this case before: its appeal is heard by somebody who did not."
    return ""


def why_not_opine(facts: Facts, person: Person) -> str:
    """An opinion is given once, before the others are read, while the case is not decided; then it stays."""
    if person.pk in facts.authors:
        return "Your opinion is in, and stays."
    return why_not_now(facts.case, OPINIONS_IN) or why_not_hear(facts, person)


def why_not_propose(facts: Facts, person: Person) -> str:
    """One proposal is open at a time; it is confirmed or pulled out before the next."""
    if words := why_not_now(facts.case) or why_not_hear(facts, person):
        return words
    return "There is a proposal already: confirm it, or pull it out first." if facts.proposal else ""


def why_not_open(decision: Decision) -> str:
    """A proposal is confirmed or pulled out once."""
    if decision.pulled_at:
        return "This proposal was pulled out by now. Nothing was changed."
    return "This was confirmed by now. Nothing was changed." if decision.confirmed_at else ""


def why_not_confirm(facts: Facts, proposal: Decision, person: Person, at: dt.datetime) -> str:
    """A second person confirms: not before the proposal's time, as the case is now, and after opinions only
    with one of their own."""
    if words := why_not_open(proposal) or why_not_now(facts.case) or why_not_hear(facts, person):
        return words
    if proposal.proposed_by_id == person.pk:
        return "You proposed it: a second person confirms."
    if proposal.is_appeal != facts.is_appeal:
        return "It was proposed before the appeal: pull it out, and propose anew."
    if at < proposal.opens_at:
        return "It may be confirmed once 48 hours have passed; until then anyone of the committee may pull it out."
    if proposal.is_agreed_list or proposal.outcome == Outcome.MORE:
        return ""
    return why_not_by_opinions(facts, person)


def check(words: str) -> None:
    """Refuse in these words, if there are any."""
    if words:
        raise ValidationError(words)


# --- what is decided ------------------------------------------------------------------------------


def check_opinion(band: str, reasons: str) -> None:
    """An opinion is one of three bands, with reasons."""
    missing = {}
    if band not in Opinion.Band.values:
        missing["band"] = "Choose one of the three."
    if not reasons:
        missing["reasons"] = "Say why: the others read it once they have written theirs."
    if missing:
        raise ValidationError(missing)


def check_says_why(reason: str) -> None:
    """A decision has a reason; of the agreed list too."""
    if not reason:
        raise ValidationError({"reason": "Say why: the scholar reads it once the letter is released."})


def check_outcome(facts: Facts, said: Mapping[str, Any], at: dt.datetime) -> None:
    """A decision is one of four, and says what belongs to it and nothing else."""
    outcome = said["outcome"]
    if outcome not in Outcome.values:
        raise ValidationError({"outcome": "Choose one of the four."})
    if outcome == Outcome.GRANT:
        term = check_grant(facts, said["total_months"])
        check_conditions(facts.case, term, said, at)
    elif said["total_months"] or said["conditions"] or said["conditions_by"]:
        field = next(name for name in ("total_months", "conditions", "conditions_by") if said[name])
        raise ValidationError({field: "This belongs to a grant alone."})
    if outcome == Outcome.REFUSE and not said["would_change"]:
        raise ValidationError({"would_change": "Say what would change it: a refusal always does."})
    if outcome != Outcome.REFUSE and said["would_change"]:
        raise ValidationError({"would_change": "This belongs to a refusal alone."})
    check_leads_on(facts.case, outcome)


def check_leads_on(case: ExtensionCase, outcome: str) -> None:
    """More is asked before a case is answered, and whoever waits on the list is not put on it again."""
    if outcome == Outcome.MORE and case.state not in (State.COMMITTEE, State.DECIDED):
        raise ValidationError({"outcome": f"This case is {State(case.state).label}: more is asked before an answer."})
    if outcome == Outcome.WAITLIST and case.state == State.WAITLISTED:
        raise ValidationError({"outcome": "It is on the waitlist already."})


def check_grant(facts: Facts, total_months: int | None) -> Phase:
    """A grant has at least one mentor's approval that says yes, and a total that has a term, is more than the
    scholar has, and is what they asked for or less."""
    case, scholar = facts.case, facts.case.scholar
    term = terms_ahead(scholar, latest_stay(scholar)).get(total_months or 0)
    if term is None:
        raise ValidationError({"total_months": "Choose a total for which there is a term that is still ahead of them."})
    if term.total_months and term.total_months > case.total_months:
        words = f"{scholar.person.name} asks for {case.total_months} months in total: grant that, or less."
        raise ValidationError({"total_months": words})
    if not any(approval.answer == Answer.YES for approval in facts.given):
        raise ValidationError("A grant needs at least one mentor’s approval that says yes.")
    return term


def check_conditions(case: ExtensionCase, term: Phase, said: Mapping[str, Any], at: dt.datetime) -> None:
    """Conditions have a day by which they are met: today or later, and not after the term begins."""
    words, day = said["conditions"], said["conditions_by"]
    if bool(words) != bool(day):
        field, what = ("conditions", "Say what is to be met.") if day else ("conditions_by", "Say by when it is met.")
        raise ValidationError({field: what})
    if not day:
        return
    today = clock.local_date(at, case.cohort.time_zone)
    if not today <= day <= term.starts_on:
        words = f"Choose a day from today, {in_words(today)}, to the first day of the term, {in_words(term.starts_on)}."
        raise ValidationError({"conditions_by": words})


def takes_a_place(case: ExtensionCase, holding: Decision | None) -> bool:
    """Granted, be the letter still a draft, and not given up since."""
    is_draft = case.state == State.DECIDED and holding is not None and holding.outcome == Outcome.GRANT
    return case.state in PLACE_TAKEN or is_draft


def check_place_is_left(row: Round, facts: Facts) -> None:
    """A round grants as many as it has places. The round is locked by the caller, so that of two on the last
    place one gets it."""
    if row.places is None or takes_a_place(facts.case, facts.holding):
        return
    if places_taken(row) >= row.places:
        raise ValidationError("No place is left: waitlist it, or free one.")


# --- an outside member ----------------------------------------------------------------------------


def check_may_be_invited(case: ExtensionCase, person: Person, by: Person, at: dt.datetime) -> None:
    """An outside member is nobody who is recused, who is a scholar or of the staff of this cohort, who decides
    anyway, or is invited already; nobody invites themselves. Why somebody is recused is said to themselves alone."""
    if person.pk == by.pk:
        raise ValidationError({"email": "Nobody invites themselves: choose somebody else."})
    inside = Membership.objects.filter(cohort=case.cohort_id, person=person, archived_at=None)
    if inside.filter(role__in=[Role.SCHOLAR, Role.STAFF]).exists():
        words = f"An outside member is no {case.cohort.scholar_label} and no {case.cohort.staff_label} of this cohort."
        raise ValidationError({"email": words})
    if not person.is_active:
        raise ValidationError({"email": "The account with this address is disabled."})
    if why_recused(case, person):
        raise ValidationError({"email": f"{person.name} keeps out of this case: choose somebody else."})
    if cohorts_on_duty(person, Duty.Kind.COMMITTEE, at).filter(cohort=case.cohort_id).exists():
        raise ValidationError({"email": f"{person.name} is on the committee already."})
    if CaseInvitation.objects.filter(case=case, person=person, archived_at=None).exists():
        raise ValidationError({"email": f"{person.name} is invited already."})


def check_is_undecided(case: ExtensionCase) -> None:
    """Somebody is invited to decide a case that is still to be decided."""
    undecided = (State.MENTOR, State.TALK, *OPINIONS_IN)
    if words := why_not_now(case, undecided):
        raise ValidationError(words)
