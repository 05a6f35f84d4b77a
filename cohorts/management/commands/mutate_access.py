"""Switch off each rule of the access table in turn: does any test of access notice?"""

from __future__ import annotations

import os
import subprocess
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

TESTS = "tests/access/test_mutants.py"
RUNNER = "bin/test"
# What would lead the tests to the database of whoever asks, instead of one that is thrown away.
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "REDIS_URL", "MATS_ENV")


class Command(BaseCommand):
    """The tests do it, on a database of their own; this only asks for them."""

    help = (
        "Takes each act from each row of the access table, and lets each stranger in, one at a time, and asks every"
        " kind of visitor what they may do then. Prints killed ÷ mutants; ends with 1 if nobody notices one of them."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        runner = settings.BASE_DIR / RUNNER
        if not runner.exists() or not (settings.BASE_DIR / TESTS).exists():
            raise CommandError("The tests are not installed here. Run this in a checkout: bin/manage mutate_access")
        own = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
        found = subprocess.run([runner, "-q", "-s", "-n", "0", TESTS], cwd=settings.BASE_DIR, env=own, check=False)  # noqa: S603  # our own script
        if found.returncode:
            raise CommandError("A mutant of the access table is alive, or the tests could not run.", returncode=1)
