"""Prints outcomes.txt as it is found: `bin/test -q -s -n 0 tests/access/fill.py`, by hand.

What it prints is what the product does, not what it should do: read every line before it is taken over.
A new address gets its first line by hand (`name thing GET` and the same with POST).
"""

from __future__ import annotations

import sys

import pytest

from tests.access.asking import asked
from tests.access.outcomes import METHODS, Line, text_of, things_of
from tests.access.visitors import EVERYBODY
from tests.access.world import World


@pytest.mark.django_db(databases=["default", "outside"])
def test_fill(world: World):
    found = {pair: asked(world, *pair)[0] for pair in things_of()}
    lines = [Line(*pair, method, found[pair][method]) for pair in found for method in METHODS]
    sys.stdout.write(f"\n{text_of(lines, list(EVERYBODY))}")
