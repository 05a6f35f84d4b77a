"""Messages about the weekly rhythm, and about milestones: plain values in, a letter out."""

from __future__ import annotations

from typing import Literal

from mats.post.letters import Letter, compose


def log_reminder(
    kind: Literal["log_due_soon", "log_overdue"],
    *,
    name: str,
    cohort: str,
    week: int,
    due: str,
    write_link: str,
    staff: str,
) -> Letter:
    """Tells a scholar that a week's log is due within a day, or, without blame, that it was due.

    `due` is in the reader's zone, `staff` the cohort's own word for them.
    """
    return compose(
        f"mentorship/emails/{kind}",
        name=name,
        cohort=cohort,
        week=week,
        due=due,
        write_link=write_link,
        staff=staff,
    )


def did_you_meet(*, name: str, cohort: str, week: int, mentor: str, when: str, meeting_link: str) -> Letter:
    """Asks a scholar, without blame, whether they met their mentor; `when` was the planned start, in
    the reader's zone."""
    return compose(
        "mentorship/emails/did_you_meet",
        name=name,
        cohort=cohort,
        week=week,
        mentor=mentor,
        when=when,
        meeting_link=meeting_link,
    )


def meeting_moved(
    *,
    name: str,
    cohort: str,
    others: list[str],
    was: str,
    now: str,
    moved_by: str,
    why: str,
    and_later: bool,
    meeting_link: str,
) -> Letter:
    """Tells that a meeting with `others` (none: with whoever moved it) is at another time, or is
    called off (`now` is empty).

    `was` and `now` are in the reader's zone with the others' beside it; `and_later` says that the
    weekly time has changed for good.
    """
    return compose(
        "mentorship/emails/meeting_moved",
        name=name,
        cohort=cohort,
        others=others,
        was=was,
        now=now,
        moved_by=moved_by,
        why=why,
        and_later=and_later,
        meeting_link=meeting_link,
    )


def owed(
    kind: Literal["owed_soon", "owed_late"],
    *,
    name: str,
    cohort: str,
    what: str,
    due: str,
    owed_link: str,
    by_staff: str,
) -> Letter:
    """Tells somebody that something is due, or, without blame, that it was.

    `due` is in the reader's zone; `by_staff` is the cohort's own word for its staff where they owe it together.
    """
    return compose(
        f"mentorship/emails/{kind}",
        name=name,
        cohort=cohort,
        what=what,
        due=due,
        owed_link=owed_link,
        by_staff=by_staff,
    )


def midpoint_line_given(*, name: str, cohort: str, mentor: str, is_changed: bool, line_link: str) -> Letter:
    """Tells a scholar that a mentor has said their mid-point line, or changed it; not what it says."""
    return compose(
        "mentorship/emails/midpoint_line_given",
        name=name,
        cohort=cohort,
        mentor=mentor,
        is_changed=is_changed,
        line_link=line_link,
    )


def talk_owed(*, name: str, cohort: str, scholar: str, due: str, is_theirs: bool, talk_link: str) -> Letter:
    """Tells somebody of staff with whom a talk is owed, and by when, in the reader's zone; `is_theirs`
    says that it was handed on to them."""
    return compose(
        "mentorship/emails/talk_owed",
        name=name,
        cohort=cohort,
        scholar=scholar,
        due=due,
        is_theirs=is_theirs,
        talk_link=talk_link,
    )


def support_plan_opened(
    *, name: str, cohort: str, scholar: str, is_theirs: bool, opened_by: str, review_on: str, plan_link: str
) -> Letter:
    """Tells a scholar (`is_theirs`), or one of their mentors, that there is a support plan."""
    return compose(
        "mentorship/emails/support_plan_opened",
        name=name,
        cohort=cohort,
        scholar=scholar,
        is_theirs=is_theirs,
        opened_by=opened_by,
        review_on=review_on,
        plan_link=plan_link,
    )


def review_waits(
    *,
    name: str,
    cohort: str,
    scholar: str,
    milestone: str,
    number: int,
    due: str,
    review_link: str,
    conflict_link: str,
) -> Letter:
    """Tells a reader that version `number` of a submission is there to read; `due` is in the reader's zone."""
    return compose(
        "mentorship/emails/review_waits",
        name=name,
        cohort=cohort,
        scholar=scholar,
        milestone=milestone,
        number=number,
        due=due,
        review_link=review_link,
        conflict_link=conflict_link,
    )


def review_given(
    *, name: str, cohort: str, reader: str, milestone: str, revise_by: str, submission_link: str
) -> Letter:
    """Tells a scholar that `reader` has answered: it passed, or a next version is asked for by
    `revise_by` (in the scholar's zone). What was said stands on the page, not in the letter."""
    return compose(
        "mentorship/emails/review_given",
        name=name,
        cohort=cohort,
        reader=reader,
        milestone=milestone,
        revise_by=revise_by,
        submission_link=submission_link,
    )


def case_moved(*, name: str, cohort: str, scholar: str, is_theirs: bool, news: str, case_link: str) -> Letter:
    """Tells somebody where an extension case stands by now; `is_theirs`: the reader is its scholar."""
    return compose(
        "mentorship/emails/case_moved",
        name=name,
        cohort=cohort,
        scholar=scholar,
        is_theirs=is_theirs,
        news=news,
        case_link=case_link,
    )


def applications(
    kind: Literal["applications_open", "applications_close"], *, name: str, cohort: str, until: str, apply_link: str
) -> Letter:
    """Tells a scholar that they can ask for an extension, or that they can only until soon; `until` is in
    the reader's zone."""
    return compose(f"mentorship/emails/{kind}", name=name, cohort=cohort, until=until, apply_link=apply_link)


def decision_letter(*, name: str, cohort: str, accept_by: str, is_moved: bool, letter_link: str) -> Letter:
    """Tells a scholar that the committee's letter is there; not what it says. A grant is accepted by
    `accept_by`; `is_moved`: they were told before, and have longer now."""
    return compose(
        "mentorship/emails/decision_letter",
        name=name,
        cohort=cohort,
        accept_by=accept_by,
        is_moved=is_moved,
        letter_link=letter_link,
    )


def approval_asked(
    *, name: str, cohort: str, scholar: str, total: str, due: str, is_lead: bool, approve_link: str
) -> Letter:
    """Asks a mentor to approve an extension ("6 months in total, until 3 July" is `total`) until `due`, in
    their zone; where not `is_lead`, to add to what another mentor has answered."""
    return compose(
        "mentorship/emails/approval_asked",
        name=name,
        cohort=cohort,
        scholar=scholar,
        total=total,
        due=due,
        is_lead=is_lead,
        approve_link=approve_link,
    )


def approval_passed_on(*, name: str, cohort: str, scholar: str, is_given: bool, staff: str) -> Letter:
    """Tells a mentor that `staff` (the cohort's own word) have named somebody else to approve; `is_given`:
    they had answered, and their words stay."""
    return compose(
        "mentorship/emails/approval_passed_on",
        name=name,
        cohort=cohort,
        scholar=scholar,
        is_given=is_given,
        staff=staff,
    )


def sheet_shared(*, name: str, cohort: str, scholar: str, is_theirs: bool, due: str, sheet_link: str) -> Letter:
    """Tells the scholar (`is_theirs`) or the lead mentor that a next-term sheet waits for their press; `due`
    is in the reader's zone."""
    return compose(
        "mentorship/emails/sheet_shared",
        name=name,
        cohort=cohort,
        scholar=scholar,
        is_theirs=is_theirs,
        due=due,
        sheet_link=sheet_link,
    )


def invited_to_decide(
    *, name: str, cohort: str, scholar: str, invited_by: str, reason: str, email: str, case_link: str
) -> Letter:
    """Invites somebody from outside the committee to decide one case; they sign in with a code sent to `email`."""
    return compose(
        "mentorship/emails/invited_to_decide",
        name=name,
        cohort=cohort,
        scholar=scholar,
        invited_by=invited_by,
        reason=reason,
        email=email,
        case_link=case_link,
    )
