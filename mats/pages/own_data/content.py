"""What stands in an export: one JSON of everything, a CSV a kind, and a page of words; in a ZIP."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from cohorts.held import Held, own, readable, shown, written
from cohorts.models import Person
from mats.sealing import unseal
from mats.text import csv_cell

# Sealed text and the name under which it is exported; it opens for the key of its row.
SEALED = {"sealed_body": "text", "sealed": "text"}

README = """Your data in MATS Cohort
========================

For {name}, {email}. Put together {when} UTC.

everything.json holds everything, kind by kind. The same stands in one CSV file a kind, which any
spreadsheet opens. In these files an apostrophe stands before a cell that a spreadsheet would take
for a formula. Moments are in UTC.

{files}

What is not in here
- What others wrote that you may not read: notes of theirs, what the committee thinks before it decides.
  A working note of a coach about you is one of these. You may ask the coach, or staff, for a copy.
- What you wrote about others as their coach, or of the committee: it stays with them.
- Passwords, the secrets of your second factors, and codes: they are kept so that nobody reads them.

What is wrong in here can be put right, and all of it can be erased: ask on the page of your own data.
"""


Row = dict[str, Any]


def build(person: Person, at: dt.datetime) -> bytes:
    """The ZIP. Asked as the person (`acting`): what they may not read is not in it."""
    found = {kind: _rows(kind, person, at) for kind in shown()}
    files = {"README.txt": _readme(person, at, found), "everything.json": _json(person, at, found)}
    files |= {f"{kind.name}.csv": _csv(rows) for kind, rows in found.items() if rows}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            entry.external_attr, entry.compress_type = 0o600 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return out.getvalue()


def _rows(kind: Held, person: Person, at: dt.datetime) -> list[Row]:
    """Their own rows, then what they wrote about others with what only its author reads."""
    theirs = own(kind, person) if kind.about else written(kind, person)
    found = _values(kind, theirs, kind.columns, person, at)
    if kind.by and kind.about and not kind.is_for_others:
        found += _values(kind, written(kind, person) & ~theirs, kind.columns + kind.written_columns, person, at)
    return found


def _values(kind: Held, which: Q, columns: tuple[str, ...], person: Person, at: dt.datetime) -> list[Row]:
    rows = readable(kind, which, person, at).exclude(kind.stays).order_by(kind.model._meta.pk.name)
    choices = {column: _choices(kind.model, column) for column in columns}
    return [
        {
            SEALED.get(column, column): _plain(_opened(column, value, pk), choices[column])
            for column, value in zip(columns, values, strict=True)
        }
        for pk, *values in rows.values_list("pk", *columns)
    ]


def _opened(column: str, value: Any, pk: Any) -> Any:
    return unseal(value, pk) if column in SEALED and value else value


def _choices(model: type[models.Model], column: str) -> dict[Any, str]:
    """The words of a column's values, where it has a list of them."""
    try:
        field: Any = model
        for name in column.split("__"):
            found = field._meta.get_field(name)
            field = getattr(found, "related_model", None) or field
        return {value: str(words) for value, words in getattr(found, "flatchoices", [])}
    except FieldDoesNotExist:
        return {}


def _plain(value: Any, choices: dict[Any, str]) -> Any:
    """As JSON knows it; a range as its two ends, a moment in UTC, a choice in its words."""
    if isinstance(value, list):
        return [choices.get(one, one) if isinstance(one, str) else one for one in value]
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return [_plain(value.lower, {}), _plain(value.upper, {})]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if value is None or isinstance(value, bool | int | dict):
        return choices.get(value, value) if choices else value
    return choices.get(value, str(value))


def _json(person: Person, at: dt.datetime, found: dict[Held, list[Row]]) -> str:
    kinds = {kind.name: {"what": kind.words, "rows": rows} for kind, rows in found.items()}
    whole = {"person": {"name": person.name, "email": person.email}, "made_at": at.isoformat(), "kinds": kinds}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _csv(rows: list[Row]) -> str:
    """With the columns that any of the rows has; a list or the like as JSON in its cell."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    return csv_cell(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _readme(person: Person, at: dt.datetime, found: dict[Held, list[Row]]) -> str:
    files = "\n".join(f"{kind.name}.csv: {kind.words} ({len(rows)})" for kind, rows in found.items() if rows)
    return README.format(name=person.name, email=person.email, when=f"{at:%d %B %Y %H:%M}", files=files)
