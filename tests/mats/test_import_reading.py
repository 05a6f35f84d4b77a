"""What spreadsheets and people write is read; what cannot be read is refused with its line."""

from __future__ import annotations

import pytest

from mats.pages.importing import cells, reading
from mats.pages.importing.formats import MAX_BYTES, Source
from tests.mats.import_files import PEOPLE_HEAD

HEAD = PEOPLE_HEAD + "\n"
ROW = "sam@example.org,Sam,scholar,,,,,40\n"


def read(content: bytes | str, kind: str = "people"):
    sheet = reading.Sheet(Source(kind, f"{kind}.csv", content if isinstance(content, bytes) else content.encode()))
    return list(sheet.rows()), [str(row) for row in sheet.bad]


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ROW,
        (HEAD + ROW).encode("utf-8-sig"),
        (HEAD + ROW).encode("utf-16"),
        (HEAD + ROW).replace(",", ";"),
        (HEAD + ROW).replace(",", "\t"),
        "sep=;\r\n" + (HEAD + ROW).replace(",", ";"),
        (HEAD + ROW).replace("\n", "\r\n"),
        (HEAD + ROW).replace("\n", "\r"),
        "\n\n" + HEAD + "\n,,,\n" + ROW,
        HEAD.replace("email", " E-Mail ".replace("-", "")).replace("time_zone", "Time Zone") + ROW,
        HEAD.replace("\n", ",notes\n") + ROW.replace("\n", ",anything\n"),
        "role,name,email,hours_per_week,time_zone,site,starts_on,ends_on\nscholar,Sam,sam@example.org,40\n",
    ],
)
def test_file_is_read_whoever_wrote_it(content):
    rows, faults = read(content)
    cells = rows[0].cells
    assert (cells["email"], cells["name"], cells["role"], cells["hours_per_week"]) == (
        "sam@example.org",
        "Sam",
        "scholar",
        "40",
    )
    assert (len(rows), faults) == (1, [])


def test_separator_is_the_one_that_names_the_columns():
    assert reading.sniffed('"a;b;c;d;e;f;g;h;i",email,name', "people") == ","


def test_lines_stay_right_below_a_quoted_newline():
    rows, _ = read(HEAD + 'sam@example.org,"Sam\nScholar",scholar\n\nmia@example.org,Mia,mentor\n')
    assert [row.line for row in rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", f"people.csv:1:file: {reading.EMPTY}{PEOPLE_HEAD}"),
        (b"\n \n", f"people.csv:1:file: {reading.EMPTY}{PEOPLE_HEAD}"),
        (HEAD, f"people.csv:1:file: {reading.HEADER_ONLY}"),
        (b"PK\x03\x04" + b"\0" * 90, f"people.csv:1:file: {reading.WORKBOOK}"),
        (b"\x89PNG\r\n\x1a\n\0\0", f"people.csv:1:file: {reading.NOT_UTF8}"),
        ((HEAD + ROW).encode("utf-16-le"), f"people.csv:1:file: {reading.NOT_TEXT}"),
        ((HEAD + ROW + "a@example.org,Zoë,mentor\n").encode("latin-1"), f"people.csv:3:file: {reading.NOT_UTF8}"),
        (HEAD + 'a@example.org,"Ann,scholar\n', f"people.csv:2:row: {reading.QUOTES}"),
        (HEAD + ROW.replace("\n", ",,x\n"), "people.csv:2:row: This row has 10 cells, the first line names 8 columns."),
        (HEAD + ROW.replace("Sam", "S" * 3000), "people.csv:2:name: This cell has 3,000 characters; 2,000 are read."),
        (HEAD + "x" * 200_000, "people.csv:2:file: This line is longer than 100,000 characters."),
        (HEAD.replace("role", "rolle") + ROW, "people.csv:1:role: This column is missing."),
        (HEAD.replace("site", "role") + ROW, "people.csv:1:role: This column is named twice."),
        ("a,b\n1,2\n", f"people.csv:1:file: The first line must name the columns: {PEOPLE_HEAD}"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_words(content, fault):
    assert read(content)[1][0] == fault


def test_file_without_rows_is_read_where_nobody_is_paired_yet():
    assert read("scholar,coach,starts_on,ends_on\n", "caseloads") == ([], [])


def test_hundred_thousand_rows_stop_at_the_limit():
    rows, faults = read(HEAD + ROW * 100_000)
    assert (len(rows), faults) == (
        20_000,
        ["people.csv:20002:file: A file may have up to 20,000 rows. Split it."],
    )


def test_file_over_ten_megabytes_is_refused_before_it_is_read():
    assert read(b"x" * (MAX_BYTES + 1)) == (
        [],
        ["people.csv:1:file: This file is too large. A file may have up to 10 MB and 20,000 rows."],
    )


def test_name_over_two_quoted_lines_is_one_name():
    assert (cells.name("Sam\r\nScholar"), cells.site(" New \n York ")) == ("Sam Scholar", "New York")
