"""Cohort health as HTML: what a template would loop over some thousand times is joined here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mats.pages.cohort_health.lines import Reason, ScholarLine, Week
from mats.pages.marks import linked_marks, marks

YOU_MENTOR = '<span class="quiet">you mentor this scholar</span>'


def needs_someone(lines: Iterable[ScholarLine]) -> SafeString:
    """One line a person, each reason a link to its rows."""
    return mark_safe(  # noqa: S308 - names and words are escaped, keys are the database's
        "".join(
            f'<li><a class="what" href="/people/{line.key}/timeline/">{escape(line.name)}</a>'
            f"<span>{_reasons(line, line.case)}</span></li>"
            for line in lines
        )
    )


def rows(lines: Iterable[ScholarLine]) -> SafeString:
    """The body of the table."""
    return mark_safe("".join(map(_row, lines)))  # noqa: S308 - every part is escaped or a ready mark


def _row(line: ScholarLine) -> str:
    facts = YOU_MENTOR if line.one_on_ones is None else _plain_marks(line.one_on_ones)
    return (
        f'<tr><th scope="row"><a href="/people/{line.key}/timeline/">{escape(line.name)}</a></th>'
        f"<td>{linked_marks('/logs/', line.logs)}</td><td>{linked_marks('/meetings/', line.meetings)}</td>"
        f"<td>{facts}</td><td>{_actions(line)}</td><td>{_reasons(line, line.facts)}</td></tr>"
    )


def _plain_marks(weeks: list[Week]) -> str:
    return marks((week.number, week.word) for week in weeks)


def _actions(line: ScholarLine) -> str:
    if not line.late_actions:
        return ""
    return f'<a href="/people/{line.key}/timeline/?show=actions">{line.late_actions} late</a>'


def _reasons(line: ScholarLine, reasons: list[Reason]) -> str:
    return "; ".join(
        f'<a href="/people/{line.key}/timeline/{f"?show={reason.show}" if reason.show else ""}">{reason.words}</a>'
        for reason in reasons
    )
