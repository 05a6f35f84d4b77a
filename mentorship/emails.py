"""Messages about the weekly rhythm: plain values in, a letter out."""

from __future__ import annotations

from mats.post.letters import Letter, compose


def log_overdue(*, name: str, cohort: str, week: int, due: str, write_link: str, staff: str) -> Letter:
    """Tells a scholar, without blame, that a week's log was due; `due` is in the reader's zone,
    `staff` the cohort's own word for them."""
    return compose(
        "mentorship/emails/log_overdue",
        name=name,
        cohort=cohort,
        week=week,
        due=due,
        write_link=write_link,
        staff=staff,
    )
