"""Cohort health as a CSV file: the rows that the page shows, with the same filters."""

from __future__ import annotations

import csv
import io

from mats.pages.cohort_health.lines import ScholarLine, Week
from mats.pages.cohort_health.reading import Health
from mats.pages.marks import STATES
from mats.text import csv_cell

NOT_TO_BE_READ = "you mentor this scholar"


def as_csv(health: Health) -> str:
    """A line of headings, then a line per scholar; states in the words of the marks."""
    numbers = [week.number for week in health.weeks if week.number <= max(_latest(health), 0)]
    kinds = ("log", "meeting", "1-1")
    head = [health.cohort.scholar_label, "needs someone", *(f"{kind} week {n}" for kind in kinds for n in numbers)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([csv_cell(cell) for cell in [*head, "actions open", "actions late", "in words"]])
    for line in health.lines:
        writer.writerow([csv_cell(cell) for cell in _cells(line, numbers)])
    return out.getvalue()


def _latest(health: Health) -> int:
    return max((line.logs[-1].number for line in health.lines if line.logs), default=0)


def _cells(line: ScholarLine, numbers: list[int]) -> list[str | int]:
    words = [
        line.name,
        "; ".join(reason.words for reason in line.case),
        *_states(line.logs, numbers),
        *_states(line.meetings, numbers),
        *([NOT_TO_BE_READ] * len(numbers) if line.one_on_ones is None else _states(line.one_on_ones, numbers)),
    ]
    return [*words, line.open_actions, line.late_actions, "; ".join(reason.words for reason in line.facts)]


def _states(weeks: list[Week], numbers: list[int]) -> list[str]:
    by_number = {week.number: STATES[week.word][2] for week in weeks}
    return [by_number.get(number, "") for number in numbers]
