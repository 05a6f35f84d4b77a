"""What follows from "not as things stand": the talk that staff owe, and a support plan if it is wanted."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.actions.holding import say_why, take
from cohorts.models import Cohort, Membership, Person, Role
from cohorts.rules.tie import reason_is_given
from mats.clock import at_wall_clock
from mentorship.models import MidpointLine, SupportPlan, Talk
from mentorship.reminders.midpoint import tell_plan_opened, tell_talk_handed_on, tell_talk_owed
from mentorship.rules.support import (
    TALK_WITHIN,
    check_day_of_talk,
    check_days_ahead,
    check_no_open_plan,
    check_not_ones_own,
    check_open_plan,
    check_owed,
    check_plan_is_whole,
    check_says_how_it_went,
    check_says_what_was_agreed,
    check_says_why_handed_on,
    check_talks_for_the_staff,
)

# --- the talk -------------------------------------------------------------------------------------


def open_talk(line: MidpointLine, at: dt.datetime) -> None:
    """Let staff owe the scholar of a line a talk within five days, unless they owe them one already.

    In the transaction of the line; the caller holds the scholar's place.
    """
    owed = Talk.objects.filter(scholar=line.scholar_id, done_at=None, archived_at=None)
    if not owed.exists():
        talk = Talk.objects.create(
            cohort_id=line.cohort_id, scholar=line.scholar, line=line, due_at=at + TALK_WITHIN, created_at=at
        )
        tell_talk_owed(talk, at)


@transaction.atomic
def take_talk(
    *, talk: Talk, by: Person, at: dt.datetime, version: int | None, owner: Membership | None = None, reason: str = ""
) -> Talk:
    """Take a talk, or hand it on to `owner`, another of the cohort's staff, who gets a letter."""
    row = take(talk, version)
    check_owed(row)
    owner = owner or _place_of_staff(row.cohort, by)
    check_talks_for_the_staff(row, owner)
    check_says_why_handed_on(row, owner, by_person=by.pk, reason=reason)
    if row.owner_id != owner.pk:
        say_why(reason)
        row.owner = owner
        row.save(update_fields=["owner"])  # no new version: whoever writes the record goes on writing
        if owner.person_id != by.pk:
            tell_talk_handed_on(row, at)
    return row


def _place_of_staff(cohort: Cohort, person: Person) -> Membership:
    place = Membership.objects.filter(cohort=cohort, person=person, role=Role.STAFF, archived_at=None).first()
    if place is None:
        raise ValidationError({"owner": f"Choose somebody of this cohort’s {cohort.staff_label_plural}."})
    return place


@transaction.atomic
def record_talk(
    *,
    talk: Talk,
    by: Person,
    at: dt.datetime,
    version: int | None,
    talked_on: dt.date,
    words: str,
    what: str = "",
    by_when: dt.date | None = None,
    help_given: str = "",
    review_on: dt.date | None = None,
) -> Talk:
    """Record a talk as done, with what was agreed; where anything of a support plan is given, make it too.

    Both or neither: a plan that can't be made leaves the talk unrecorded.
    """
    scholar = take(talk.scholar)
    row = take(talk, version)
    check_owed(row)
    check_not_ones_own(row, by)
    check_day_of_talk(row, talked_on, at)
    check_says_what_was_agreed(words)
    row.talked_on, row.words, row.done_at, row.done_by = talked_on, words, at, by
    row.save_edit("talked_on", "words", "done_at", "done_by")
    if what or by_when or help_given or review_on:
        open_plan(
            scholar=scholar, talk=row, by=by, at=at,
            what=what, by_when=by_when, help_given=help_given, review_on=review_on,
        )  # fmt: skip
    return row


# --- the plan -------------------------------------------------------------------------------------


@transaction.atomic
def open_plan(
    *,
    scholar: Membership,
    by: Person,
    at: dt.datetime,
    what: str,
    by_when: dt.date | None,
    help_given: str,
    review_on: dt.date | None,
    talk: Talk | None = None,
) -> SupportPlan:
    """Make a support plan for a scholar, mostly after a talk; the scholar and their mentors get a letter."""
    scholar = take(scholar)
    check_no_open_plan(scholar)
    check_plan_is_whole(what=what, by_when=by_when, help_given=help_given, review_on=review_on)
    assert by_when is not None
    assert review_on is not None
    check_days_ahead(scholar, {"by_when": by_when, "review_on": review_on}, at)
    plan = SupportPlan.objects.create(
        cohort=scholar.cohort,
        scholar=scholar,
        talk=talk,
        opened_by=by,
        what=what,
        by_when=by_when,
        help_given=help_given,
        review_on=review_on,
        review_due_at=_review_due_at(scholar.cohort, review_on),
        created_at=at,
    )
    tell_plan_opened(plan, by=by, at=at)
    return plan


def _review_due_at(cohort: Cohort, day: dt.date) -> dt.datetime:
    """At the time of day at which the cohort's weekly log is due."""
    return at_wall_clock(day, cohort.log_time, cohort.time_zone).at


@transaction.atomic
def change_plan(
    *,
    plan: SupportPlan,
    by: Person,
    at: dt.datetime,
    version: int | None,
    what: str,
    by_when: dt.date,
    help_given: str,
    review_on: dt.date,
    reason: str = "",
) -> SupportPlan:
    """Change an open plan, with a reason. A day that stays may have passed; a new one lies ahead."""
    row = take(plan, version)
    check_open_plan(row)
    values = {"what": what, "by_when": by_when, "help_given": help_given, "review_on": review_on}
    changed = {field: value for field, value in values.items() if getattr(row, field) != value}
    if not changed:
        return row
    check_plan_is_whole(what=what, by_when=by_when, help_given=help_given, review_on=review_on)
    days = {"by_when": by_when, "review_on": review_on}
    check_days_ahead(row.scholar, {field: day for field, day in days.items() if field in changed}, at)
    reason_is_given(reason, launched=row.cohort.is_launched)
    for field, value in changed.items():
        setattr(row, field, value)
    row.review_due_at = _review_due_at(row.cohort, row.review_on)
    say_why(reason)
    row.save_edit(*changed, "review_due_at")
    return row


@transaction.atomic
def review_plan(
    *, plan: SupportPlan, by: Person, at: dt.datetime, version: int | None, review_words: str
) -> SupportPlan:
    """Look at a plan again and say how it went: that closes it, and a new one can be made."""
    row = take(plan, version)
    check_open_plan(row)
    check_says_how_it_went(review_words)
    row.reviewed_at, row.reviewed_by, row.review_words = at, by, review_words
    row.save_edit("reviewed_at", "reviewed_by", "review_words")
    return row
