"""Who may do what on which row: the access table against `acts.txt`, which was written apart from it."""

from __future__ import annotations

import pytest

from cohorts.access.table import TABLE
from tests.access.acts import declared, thing_of
from tests.access.grid import Grid
from tests.access.visitors import EVERYBODY

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

DECLARED = declared()
THINGS = list(dict.fromkeys(row.thing for row in TABLE))
READ = "read"


def test_every_thing_and_every_act_is_declared(grid: Grid):
    acts = {thing: {act for row in TABLE if row.thing == thing for act in row.acts} for thing in THINGS}
    assert {row: set(named) for row, named in DECLARED.items()} == {row: acts[thing_of(row)] for row in DECLARED}
    assert {thing_of(row) for row in DECLARED} == set(THINGS)
    assert set(DECLARED) == set(grid.rows)
    assert {who for acts in DECLARED.values() for named in acts.values() for who in named} <= set(EVERYBODY)


@pytest.mark.parametrize("thing", THINGS)
def test_acts(grid: Grid, thing):
    """As pages ask (`may`), and as they fetch: who may do it gets the row, who may read it is told why not, and
    to everybody else it is not there."""
    rows = {row: acts for row, acts in DECLARED.items() if thing_of(row) == thing}
    assert {row: {act: grid.allowed(row, act) for act in acts} for row, acts in rows.items()} == rows
    for row, acts in rows.items():
        for act, named in acts.items():
            found = {who: 200 if who in named else 403 if who in acts[READ] else 404 for who in grid.people}
            assert grid.answers(row, act) == found, (row, act)
