"""The access table as it is printed, and its page in the docs."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from cohorts.access.table import TABLE
from cohorts.access.words import RELATIONS, THINGS


def printed(*options: str) -> str:
    out = StringIO()
    call_command("access_table", *options, stdout=out)
    return out.getvalue()


def test_page_in_the_docs_is_the_table():
    page = (settings.BASE_DIR / "docs" / "access.md").read_text()
    assert page == printed("--markdown"), "bin/manage access_table --markdown > docs/access.md writes it anew"


def test_every_thing_and_relation_is_printed():
    text = printed()
    titles = [line.lower() for line in text.splitlines() if line and not line.startswith(" ")]
    assert titles[:-1] == [THINGS[thing].lower() for thing in dict.fromkeys(row.thing for row in TABLE)]
    assert [row.relation for row in TABLE if f"  {RELATIONS[row.relation]} " not in text] == []


def test_what_beats_every_grant_is_marked():
    block = printed().split("A note of a 1-1\n")[1].split("\n\n")[0]
    assert [line.split("never: ")[1] for line in block.splitlines() if "never: " in line] == ["read, write"]
