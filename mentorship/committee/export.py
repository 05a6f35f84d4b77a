"""The table as a CSV file: the rows that the page shows its reader, with the same filters."""

from __future__ import annotations

import csv
import io

from mats.text import csv_cell
from mentorship.committee.page import columns
from mentorship.committee.reading import CaseRow, Table
from mentorship.committee.words import RECUSED, asked, cells, figures, words_of_state


def as_csv(table: Table) -> str:
    """A line of headings, then a line per case; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    first, *others = columns(table)
    head = [table.cohort.scholar_label, "asks for", first, *others]
    for row in [head, *(_cells(row, table) for row in table.rows)]:
        writer.writerow([csv_cell(cell) for cell in row])
    return out.getvalue()


def _cells(row: CaseRow, table: Table) -> list[str]:
    if row.is_recused:
        return [row.name, RECUSED, words_of_state(row)]
    evidence = [str(words) for _, words in figures(row, table)]
    return [row.name, asked(row), words_of_state(row), *evidence, *("\n".join(lines) for lines in cells(row, table))]
