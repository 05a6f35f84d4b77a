"""Messages about the weekly rhythm: plain values in, a letter out."""

from __future__ import annotations

from typing import Protocol

from mats.post.letters import Letter, compose


class LogLetter(Protocol):
    """A letter to a scholar about one week's log; `due` is in the reader's zone, `staff` the
    cohort's own word for them."""

    def __call__(self, *, name: str, cohort: str, week: int, due: str, write_link: str, staff: str) -> Letter: ...


def log_due_soon(*, name: str, cohort: str, week: int, due: str, write_link: str, staff: str) -> Letter:
    """Tells a scholar that a week's log is due within a day."""
    return compose(
        "mentorship/emails/log_due_soon",
        name=name,
        cohort=cohort,
        week=week,
        due=due,
        write_link=write_link,
        staff=staff,
    )


def log_overdue(*, name: str, cohort: str, week: int, due: str, write_link: str, staff: str) -> Letter:
    """Tells a scholar, without blame, that a week's log was due."""
    return compose(
        "mentorship/emails/log_overdue",
        name=name,
        cohort=cohort,
        week=week,
        due=due,
        write_link=write_link,
        staff=staff,
    )
