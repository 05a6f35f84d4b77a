from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.grid import Grid, standing_grid
from tests.access.world import World, standing_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Making it takes as long as a hundred requests. Each test's own transaction lies inside of its."""
    with django_db_blocker.unblock(), standing_world() as world:
        yield world


@pytest.fixture(scope="module")
def grid(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Grid]:
    with django_db_blocker.unblock(), standing_grid() as grid:
        yield grid
