"""The table as HTML: what a template would loop over some thousand times is joined here."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mentorship.committee.reading import CaseRow, Table
from mentorship.committee.words import COLUMNS, RECUSED, asked, cells, figures, words_of_state
from mentorship.standard import titled


def columns(table: Table) -> list[str]:
    return ["State", *(titled(line) for line, _, _ in table.standard.shown), *COLUMNS]


def rows(table: Table) -> SafeString:
    """The body of the table, a row a case, by name."""
    return mark_safe("".join(_row(row, table) for row in table.rows))  # noqa: S308 - texts are escaped, keys are ours


def _row(row: CaseRow, table: Table) -> str:
    case, state = row.case, escape(words_of_state(row))
    page = f"/cases/{case.pk}/committee/" if row.judges else f"/cases/{case.pk}/"
    name = f'<a href="{page}">{escape(row.name)}</a>'
    if row.is_recused:
        rest = len(table.standard.shown) + len(COLUMNS)
        return f'<tr><th scope="row">{name}</th><td>{state}</td><td colspan="{rest}" class="quiet">{RECUSED}</td></tr>'
    standing = f"/people/{case.scholar_id}/standing/"
    evidence = "".join(
        f'<td><a href="{standing}?open={line}#{line}">{words.said}</a>{_rest(words.rest)}</td>'
        for line, words in figures(row, table)
    )
    said = "".join(
        f'<td class="words-{name}">{_lines(lines)}</td>' for name, lines in cells(row, table)._asdict().items()
    )
    return (
        f'<tr><th scope="row">{name}<br><span class="quiet">{asked(row)}</span></th>'
        f"<td>{state}</td>{evidence}{said}</tr>"
    )


def _rest(words: str) -> str:
    return f'<br><span class="quiet">{words}</span>' if words else ""


def _lines(lines: list[str]) -> str:
    """Each on a line of its own; `bdi`, because people wrote them."""
    return "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines)
