"""Messages about the weekly rhythm: plain values in, a letter out."""

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
