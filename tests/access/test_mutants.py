"""Every rule of the access table is missed when it is switched off: `bin/manage mutate_access` runs this."""

from __future__ import annotations

import sys

import pytest

from cohorts.access.table import TABLE
from tests.access.acts import declared
from tests.access.grid import Grid
from tests.access.mutants import let_in, survivors, switched_off

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.mark.parametrize("kind", [switched_off, let_in], ids=lambda kind: kind.__name__)
def test_every_mutant_of_the_table_is_killed(grid: Grid, kind):
    mutants, before = kind(), list(TABLE)
    alive = survivors(mutants, grid, declared())
    said = [f"{kind.__name__.replace('_', ' ')}: {len(mutants) - len(alive)} ÷ {len(mutants)} mutants killed"]
    sys.stdout.write("\n".join(["", *said, *(f"alive: {one}" for one in alive), ""]))
    assert (alive, before == TABLE) == ([], True)
