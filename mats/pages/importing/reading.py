"""Bytes to rows: encodings, separators, quotes. Read line by line, so that memory is bounded.

What spreadsheets and people write is read: a byte order mark, UTF-16, semicolons and tabs, any line
ends, quoted line breaks, columns in any order, columns too many. What cannot be read is refused in
words, with its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mats.pages.importing.formats import (
    COLUMNS,
    MAX_CELL,
    MAX_ROWS,
    PEOPLE,
    WHOLE_FILE,
    WHOLE_ROW,
    BadRow,
    Source,
    too_large,
)

SEPARATORS = (",", ";", "\t")
NOT_DECODED = re.compile("[\ud800-\udfff]")
SEP_LINE = re.compile(r"^sep=([,;\t])\s*$", re.IGNORECASE)
# The csv module's own limit is one for the whole process; a cell past ours is refused below it.
LONGEST_LINE = 100_000

WORKBOOK = "This is a spreadsheet workbook, not a CSV file. Save it as “CSV UTF-8” and choose that file."
NOT_TEXT = "This is not a text file. Save it as “CSV UTF-8” and choose that file."
NOT_UTF8 = "This line is not UTF-8 text (it may be Latin-1 or Windows-1252). Save the file as “CSV UTF-8”."
EMPTY = "This file is empty. Its first line names the columns: "
QUOTES = "The quotes of this row do not close as they should; nothing below it was read."
HEADER_ONLY = "There are no rows below the column names."


@dataclass(frozen=True)
class Row:
    """One row: the line it starts on (from 1) and its cells by column name."""

    line: int
    cells: dict[str, str]


class Unreadable(Exception):
    """The file, or what is left of it, cannot be read."""

    def __init__(self, line: int, column: str, reason: str) -> None:
        super().__init__(reason)
        self.line, self.column, self.reason = line, column, reason


class Sheet:
    """A file being read: `rows()` yields its rows, `bad` collects what is wrong with it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.bad: list[BadRow] = []

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.bad.append(BadRow(self.source.name, line, column, reason))

    def rows(self) -> Iterator[Row]:
        """Every row that can be read; stops at the first place after which nothing is certain."""
        try:
            yield from self._rows()
        except Unreadable as stop:
            self.refuse(stop.line, stop.column, stop.reason)
        except csv.Error:
            self.refuse(self._line, WHOLE_ROW, QUOTES)

    def _rows(self) -> Iterator[Row]:
        lines, names, separator, skipped = self._opened()
        if self.bad:
            return
        reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
        count, self._line = 0, skipped + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > MAX_ROWS:
                    raise Unreadable(self._line, WHOLE_FILE, f"A file may have up to {MAX_ROWS:,} rows. Split it.")
                if row := self._row(names, cells):
                    yield row
            self._line = skipped + reader.line_num + 1
        # A cohort without pairings is legal, one without people is a file chosen by mistake.
        if not count and self.source.kind == PEOPLE:
            raise Unreadable(skipped, WHOLE_FILE, HEADER_ONLY)

    def _row(self, names: list[str], cells: list[str]) -> Row | None:
        if any(cell.strip() for cell in cells[len(names) :]):
            reason = f"This row has {len(cells)} cells, the first line names {len(names)} columns."
            self.refuse(self._line, WHOLE_ROW, reason)
            return None
        # Trailing separators are often left out: what is not there is blank.
        found = dict(zip(names, cells + [""] * (len(names) - len(cells)), strict=False))
        wanted = {column: found[column] for column in COLUMNS[self.source.kind]}
        long = [column for column, cell in wanted.items() if len(cell) > MAX_CELL]
        for column in long:
            self.refuse(self._line, column, f"This cell has {len(wanted[column]):,} characters; {MAX_CELL:,} are read.")
        return None if long else Row(self._line, wanted)

    def _opened(self) -> tuple[Iterator[str], list[str], str, int]:
        """The lines below the header, the column names, the separator, the number of lines so far."""
        self._line = 1
        lines, number = decoded(self.source.content), 0
        expected = ",".join(COLUMNS[self.source.kind])
        given = ""
        for line in lines:
            number += 1
            if match := SEP_LINE.match(line):
                given = match[1]
            elif line.strip():
                break
        else:
            raise Unreadable(1, WHOLE_FILE, EMPTY + expected)
        if "\0" in line:
            raise Unreadable(number, WHOLE_FILE, NOT_TEXT)
        self._line = number
        separator = given or sniffed(line, self.source.kind)
        header = csv.reader(_first_then(line, lines), delimiter=separator, skipinitialspace=True)
        names = [column_name(cell) for cell in next(header)]
        self._judge_names(number, names)
        return lines, names, separator, number + header.line_num - 1

    def _judge_names(self, line: int, names: list[str]) -> None:
        columns = COLUMNS[self.source.kind]
        if not set(names) & set(columns):
            reason = f"The first line must name the columns: {','.join(columns)}"
            raise Unreadable(line, WHOLE_FILE, reason)
        for column in columns:
            if names.count(column) != 1:
                twice = "This column is named twice." if column in names else "This column is missing."
                self.refuse(line, column, twice)


def _first_then(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def column_name(cell: str) -> str:
    """A header cell in any case and width, with stray spaces: `" Time Zone "` is `time_zone`."""
    return re.sub(r"[\s-]+", "_", unicodedata.normalize("NFKC", cell).strip().casefold())


def sniffed(header: str, kind: str) -> str:
    """The separator under which the header names most of our columns; the comma among equals."""

    def known(separator: str) -> int:
        cells = next(csv.reader([header], delimiter=separator, skipinitialspace=True), [])
        return len({column_name(cell) for cell in cells} & set(COLUMNS[kind]))

    return max(SEPARATORS, key=known)


def decoded(content: bytes) -> Iterator[str]:
    """The lines of a file with their ends; raises `Unreadable` at the first that is not text."""
    if reason := too_large(len(content)):
        raise Unreadable(1, WHOLE_FILE, reason)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(1, WHOLE_FILE, WORKBOOK)
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # Bytes that are no text come through as lone surrogates, so that their line is known.
    encoding, errors = ("utf-16", "strict") if wide else ("utf-8-sig", "surrogateescape")
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors=errors, newline="")
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(LONGEST_LINE)
        except UnicodeError:
            raise Unreadable(number, WHOLE_FILE, NOT_TEXT) from None
        if not line:
            return
        if len(line) == LONGEST_LINE and not line.endswith(("\r", "\n")):
            raise Unreadable(number, WHOLE_FILE, f"This line is longer than {LONGEST_LINE:,} characters.")
        if NOT_DECODED.search(line):
            raise Unreadable(number, WHOLE_FILE, NOT_TEXT if "\0" in line else NOT_UTF8)
        yield line
