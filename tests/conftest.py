"""The database is made by its owner and tested as the app's role; the clock stands in week six."""

from __future__ import annotations

import datetime as dt
import os

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connections, transaction
from django.http import HttpRequest

from cohorts.second_factor import FACTOR
from mats.identity.roles import switch_role
from tests.cast import WEEK_SIX, Cast, build_cast
from tests.chromium import HOW_TO

ALIASES = ("default", "outside")
NEVER_STALE = dt.datetime(3000, 1, 1, tzinfo=dt.UTC).timestamp()


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


def count_as_full(sender: object, request: HttpRequest, user: object, **_: object) -> None:
    """Only `force_login` has a request that came from nowhere."""
    if not request.method:
        record_authentication(request, user, FACTOR, type="tests")
        request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] = NEVER_STALE


@pytest.fixture(autouse=True)
def full_sign_in(request: pytest.FixtureRequest):
    """`force_login` is a sign-in with a second factor that stays fresh, whatever the clock does.
    A test that asks about sign-in itself is marked `real_sign_in`."""
    if request.node.get_closest_marker("real_sign_in"):
        yield
        return
    user_logged_in.connect(count_as_full)
    yield
    user_logged_in.disconnect(count_as_full)


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
