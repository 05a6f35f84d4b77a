"""The database is made by its owner and tested as the app's role; the clock stands in week six."""

from __future__ import annotations

import datetime as dt
import os

import pytest
import time_machine
from django.conf import settings
from django.db import connections, transaction

from mats.identity.roles import switch_role
from tests.cast import WEEK_SIX, Cast, build_cast
from tests.chromium import HOW_TO

ALIASES = ("default", "outside")


def _become(url: str) -> None:
    for alias in ALIASES:
        switch_role(connections[alias], url)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Skipped tests are silent otherwise, and a browser is easily had."""
    if any(HOW_TO in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(HOW_TO)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With MATS_EACH_ONCE a test runs with the first of its parameters: enough to ask another version of
    PostgreSQL everything that is asked of it at all."""
    if not os.environ.get("MATS_EACH_ONCE"):
        return
    first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
    config.hook.pytest_deselected(items=[item for item in items if first[item.nodeid.partition("[")[0]] is not item])
    items[:] = [item for item in items if first[item.nodeid.partition("[")[0]] is item]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    _become(settings.DATABASE_OWNER_URL)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest):
    """Set up as the owner, run as the app, take down as the owner."""
    with django_db_blocker.unblock():
        _become(settings.DATABASE_URL)
    yield
    with django_db_blocker.unblock():
        _become(settings.DATABASE_OWNER_URL)


@pytest.fixture
def week_six():
    """Wednesday noon (UTC) of week six; the clock ticks on from there."""
    with time_machine.travel(WEEK_SIX, tick=True):
        yield WEEK_SIX


@pytest.fixture
def cast(db: None, week_six: dt.datetime) -> Cast:
    """A small launched cohort with one of everybody, and a stranger."""
    # Deferred constraints judge a meeting with its week; on a live server nothing else is one transaction.
    with transaction.atomic():
        return build_cast()
