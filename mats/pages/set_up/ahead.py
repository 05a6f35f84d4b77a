"""What a launch sends, and what goes out in the first week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cohorts.invitation_letter import sample
from cohorts.invitations import LIFE
from cohorts.models import Person, Role
from mats.pages.set_up.facts import Facts
from mats.post.letters import Letter
from mentorship.models.meeting import MEETING_CAP
from mentorship.preview import Preview
from mentorship.reminders.log import SOON
from mentorship.reminders.meeting import ASKED_AFTER


@dataclass(frozen=True)
class Sending:
    """One kind of message; `at` is its first moment, None with the launch itself."""

    at: dt.datetime | None
    words: str


def sendings(facts: Facts, plan: Preview, at: dt.datetime) -> list[Sending]:
    """In the order of time. What would have gone out before a launch at this moment is never sent."""
    cohort, number = facts.cohort, len(facts.invited)
    scholars = cohort.label(Role.SCHOLAR, plural=True)
    found = [Sending(None, f"{number} invitation{'s' if number != 1 else ''}, one for each place but your own.")]
    log = next((one for one in plan.weeks if one.due_at > at), None)
    if log:
        soon = max(log.due_at - SOON, log.week.opens_at(cohort.time_zone))
        if soon > at:
            found.append(Sending(soon, f"To {scholars} who have not sent their weekly log: when it is due."))
        found.append(Sending(log.due_at, f"To {scholars} whose weekly log is overdue."))
    if plan.first_meeting_at:
        asked = plan.first_meeting_at + MEETING_CAP + ASKED_AFTER
        found.append(Sending(asked, f"To a {cohort.scholar_label} whose meeting nobody started: did you meet?"))
    return [found[0], *sorted(found[1:], key=lambda one: one.at or at)]


def letters(facts: Facts, by: Person, at: dt.datetime) -> list[tuple[str, Letter]]:
    """The invitation as the first of each role gets it."""
    cohort = facts.cohort
    first = {row.kind: row.name for row in reversed(facts.invited) if row.other != by.pk}
    return [
        (cohort.label(role), sample(cohort, role, first[role], "name@example.org", by=by, until=at + LIFE))
        for role in Role.values
        if role in first
    ]
