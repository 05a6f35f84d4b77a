"""A case of the table in words: the same for the page and for the file."""

from __future__ import annotations

from typing import NamedTuple

from mats import clock
from mats.text import first_lines
from mentorship.approvals import can_mentor_words
from mentorship.cases import seen
from mentorship.committee.reading import CaseRow, Table
from mentorship.evidence import Count
from mentorship.evidence.words import Figure, figure
from mentorship.models import Approval, Decision

RECUSED = "recused"
SHORT = 90  # characters
KEPT = "something is proposed: you read it once your opinion is in"
KEPT_IN = "something is proposed"
COLUMNS = ("Mentor’s approval", "Conflicts", "Warning", "Opinions", "Proposal and decision")


class Cells(NamedTuple):
    """What stands in a row beside name, state and evidence; each cell in lines."""

    approval: list[str]
    conflicts: list[str]
    warning: list[str]
    opinions: list[str]
    proposal: list[str]


def cells(row: CaseRow, table: Table) -> Cells:
    return Cells(
        approval=_approval(row, table),
        conflicts=_conflicts(row),
        warning=[row.no_warning] if row.no_warning else [],
        opinions=_opinions(row) if row.judges else [],
        proposal=_proposal(row, table),
    )


def words_of_state(row: CaseRow) -> str:
    """Of a case from which the reader is recused no more than what everybody sees: not that it is decided."""
    return str(seen(row.state).label if row.is_recused else row.state.label)


def asked(row: CaseRow) -> str:
    return f"{row.case.total_months} months in total"


def figures(row: CaseRow, table: Table) -> list[tuple[str, Figure]]:
    """The evidence line by line, as it stands on the scholar's own page."""
    return [
        (
            line,
            figure(
                line,
                table.counts.get((row.case.scholar_id, line), Count()),
                table.standard,
                has_milestones=table.has_milestones,
            ),
        )
        for line, _, _ in table.standard.shown
    ]


def _approval(row: CaseRow, table: Table) -> list[str]:
    """Each mentor's answer and what they wrote, shortened; what is for the committee, for whoever judges."""
    lines = ["the mentors disagree"] if row.disagrees else []
    for approval in row.facts.approvals:
        lines += _said(approval, row, table)
    return lines or ["no mentor is asked yet"]


def _said(approval: Approval, row: CaseRow, table: Table) -> list[str]:
    name = approval.mentor.person.name
    if not approval.given_at:
        return [f"{name}: due {_moment(approval.due_at, table)}" if row.case.is_open else f"{name}: not answered"]
    can = can_mentor_words(approval)
    lines = [f"{name}: {approval.get_answer_display()}; {can}" if can else f"{name}: {approval.get_answer_display()}"]
    lines += [first_lines(text, characters=SHORT) for text in (approval.seen_done, approval.months_for) if text]
    if row.judges and approval.for_committee:
        lines.append(f"for the committee: {first_lines(approval.for_committee, characters=SHORT)}")
    return lines


def _conflicts(row: CaseRow) -> list[str]:
    """Who ticked one in an approval, with their words for whoever judges; and who declared one."""
    lines = []
    for approval in row.facts.approvals:
        if approval.has_conflict:
            words = f": {approval.conflict_words}" if row.judges else ""
            lines.append(f"{approval.mentor.person.name} ticks one{words}")
    return lines + [f"{name} declared one" for name in row.conflicts]


def _opinions(row: CaseRow) -> list[str]:
    """`2 in; yours is in`, and the bands where the reader may read them: never put together."""
    if not row.opinions:
        return ["none in"]
    lines = [f"{row.opinions} in; yours is {'in' if row.has_written else 'not'}"]
    return [*lines, " · ".join(row.bands)] if row.bands else lines


def _proposal(row: CaseRow, table: Table) -> list[str]:
    facts = row.facts
    lines = [f"contested: {'; '.join(row.why_contested)}"] if row.why_contested and row.case.is_open else []
    if facts.holding:
        lines.append(_decided(facts.holding))
    if row.letters:
        lines.append(f"letter released {_moment(row.letters[-1][1], table)}")
    if facts.proposal:
        lines += [KEPT if row.judges else KEPT_IN] if row.is_kept else _proposed(facts.proposal, table)
    elif facts.decisions and row.judges and not facts.is_kept_from(last := facts.decisions[-1], table.reader):
        lines += [_pulled(last)] if last.pulled_at else []
    return lines


def _outcome(decision: Decision) -> str:
    words = str(decision.get_outcome_display())
    if decision.total_months:
        words = f"{words} {decision.total_months} in total"
    return f"{words}, on condition of {decision.conditions}" if decision.conditions else words


def _decided(decision: Decision) -> str:
    by = decision.confirmed_by.name if decision.confirmed_by else ""
    return f"decided: {_outcome(decision)}, by {decision.proposed_by.name} and {by}"


def _proposed(decision: Decision, table: Table) -> list[str]:
    """What is proposed, by whom, and from when a second person confirms it."""
    opens = "now" if decision.opens_at <= table.at else f"from {_moment(decision.opens_at, table)}"
    return [f"proposed: {_outcome(decision)}, by {decision.proposed_by.name}", f"to be confirmed {opens}"]


def _pulled(decision: Decision) -> str:
    by = decision.pulled_by.name if decision.pulled_by else ""
    return f"pulled out by {by}: {decision.pulled_why}"


def _moment(at: object, table: Table) -> str:
    return clock.format_moment(at, table.reader.time_zone, date=True)  # type: ignore[arg-type]
