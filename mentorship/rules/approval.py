"""Rules about a mentor's approval: who gives it, what makes one, and whom staff may name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from cohorts.models import Caseload, Membership, Person, Role
from cohorts.rules.days import LATEST, in_words
from mentorship.models import Approval, Conflict, ExtensionCase, MentorSearch, State

# While a case stands in one of these the committee has not decided: an approval is owed, given and changed.
ANSWERED_IN = (State.MENTOR, State.TALK, State.COMMITTEE, State.MORE)

# Giving it


def check_is_asked(approval: Approval, by: Person) -> None:
    """An approval is given by the mentor who is asked, as long as they are."""
    if approval.mentor.person_id != by.pk:
        raise ValidationError("Somebody else is asked for this approval.")
    if approval.archived_at:
        raise ValidationError("Somebody else is asked by now. Your words are still here; nothing was sent.")


def check_not_decided(case: ExtensionCase) -> None:
    """An approval is given and changed until the committee decides, or the scholar withdraws."""
    if case.state not in ANSWERED_IN:
        now = State(case.state).label
        raise ValidationError(f"This case is {now} by now: an approval is neither given nor changed any more.")


def check_answer(said: Mapping[str, Any]) -> None:
    """An approval is one of three answers. It says what the mentor has seen, and whether they can mentor;
    a yes says what the months would be for."""
    missing = {}
    if said["answer"] not in Approval.Answer.values:
        missing["answer"] = "Choose one of the three."
    if not said["seen_done"]:
        missing["seen_done"] = "Say in a line what you have seen them do."
    if said["answer"] == Approval.Answer.YES and not said["months_for"]:
        missing["months_for"] = "With a yes, say in a line what the months would be for."
    if said["can_mentor"] not in Approval.CanMentor.values:
        missing["can_mentor"] = "Choose one of the four."
    if missing:
        raise ValidationError(missing)


def check_until(said: Mapping[str, Any], today: dt.date) -> None:
    """Whoever can mentor until a day names one that lies ahead; for the other answers there is none."""
    day = said["mentor_until"]
    if said["can_mentor"] != Approval.CanMentor.UNTIL:
        if day:
            raise ValidationError({"mentor_until": "Leave the day empty, or choose “until a day”."})
    elif not day or not today < day <= LATEST:
        raise ValidationError({"mentor_until": f"Until when? Choose a day after today, {in_words(today)}."})


def check_conflict(said: Mapping[str, Any]) -> None:
    """A conflict that is ticked says what it is; words on one without the tick would be lost."""
    if said["has_conflict"] and not said["conflict_words"]:
        raise ValidationError({"conflict_words": "Say in a line what it is."})
    if said["conflict_words"] and not said["has_conflict"]:
        raise ValidationError({"has_conflict": "Tick it if there is one, or take the words out."})


# Whom staff may name


def bars(scholar: Membership) -> dict[UUID, str]:
    """Who may not be named for a scholar's case, by person, and why ("coach", "elsewhere", "conflict"); two queries.

    A coach of theirs, now, before or to come, and whoever has declared a conflict: compared as people,
    in every cohort.
    """
    coached = Caseload.objects.filter(archived_at=None, scholar__person=scholar.person_id).order_by()
    found = {
        person: "coach" if cohort == scholar.cohort_id else "elsewhere"
        for person, cohort in coached.values_list("coach__person", "cohort")
    }
    conflicts = Conflict.objects.filter(archived_at=None, scholar__person=scholar.person_id).order_by()
    return found | dict.fromkeys(conflicts.values_list("person", flat=True), "conflict")


def _barred(why: str, name: str, scholar: Membership) -> str:
    """Who coaches whom is open within a cohort, and not beyond it."""
    whose = scholar.person.name
    if why == "conflict":
        return f"{name} has a declared conflict over the work of {whose}."
    if why == "elsewhere":
        return f"{name} and {whose} stand to each other in another cohort in a way that rules this out."
    return f"{name} is, was or will be {scholar.cohort.coach_label} of {whose}; choose somebody else."


def check_may_be_named(case: ExtensionCase, mentor: Membership, by: Person) -> None:
    """Staff name a mentor of the cohort: not themselves, not the scholar, nobody who coaches or coached them
    or will, nobody with a declared conflict, and nobody who is asked already."""
    if mentor.person_id == by.pk:
        raise ValidationError({"mentor": "Nobody names themselves: choose somebody else."})
    if mentor.cohort_id != case.cohort_id or mentor.role != Role.MENTOR or mentor.archived_at:
        raise ValidationError({"mentor": "Choose a mentor of this cohort."})
    if mentor.person_id == case.scholar.person_id:
        raise ValidationError({"mentor": "Nobody approves their own extension: choose somebody else."})
    if why := bars(case.scholar).get(mentor.person_id):
        raise ValidationError({"mentor": _barred(why, mentor.person.name, case.scholar)})
    if Approval.objects.filter(case=case, mentor__person=mentor.person_id, archived_at=None).exists():
        raise ValidationError({"mentor": f"{mentor.person.name} is asked already."})


def check_another_may_be_named(case: ExtensionCase, lead: Approval | None) -> None:
    """Another approver is named while whoever carries the case on has not answered, or is not sure."""
    check_not_decided(case)
    if lead and lead.answer in {Approval.Answer.YES, Approval.Answer.NO}:
        raise ValidationError(
            f"{lead.mentor.person.name} has answered, and the answer stays: nobody is named in their place."
        )


def check_says_why_named(why: str) -> None:
    """An approver is named for a reason, which the duty leads read."""
    if not why:
        raise ValidationError({"why": "Say why: the duty leads read it, and nobody else."})


# The talk, and the search


def check_talk_is_owed(case: ExtensionCase, lead: Approval | None) -> None:
    """The talk with a mentor who is not sure is recorded once, while the case waits for it."""
    if case.state != State.TALK or lead is None or lead.talked_at:
        raise ValidationError("No talk with the mentor is waited for by now. Look at the page again.")


def check_says_what_was_said(words: str) -> None:
    """A recorded talk says what was said."""
    if not words:
        raise ValidationError({"words": "Say in a line or two what was said."})


def check_search_is_open(search: MentorSearch | None) -> None:
    """A search for a mentor is closed once."""
    if search is None:
        raise ValidationError("No search for a mentor is open by now. Look at the page again.")


def check_may_mentor(case: ExtensionCase, mentor: Membership) -> None:
    """Whoever is found is a mentor of the cohort, and not the scholar."""
    if mentor.cohort_id != case.cohort_id or mentor.role != Role.MENTOR or mentor.archived_at:
        raise ValidationError({"found": "Choose a mentor of this cohort."})
    if mentor.person_id == case.scholar.person_id:
        raise ValidationError({"found": "Nobody is their own mentor: choose somebody else."})


def check_says_how_it_ended(words: str) -> None:
    """A search is closed with words, also where nobody was found."""
    if not words:
        raise ValidationError({"words": "Say in a line how it ended."})
