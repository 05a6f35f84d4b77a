"""What pages ask of the database does not depend on the size of the cohort."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.urls import path

from cohorts.models import Cohort
from mats.pages.bench import measuring
from mats.pages.bench.figures import MOST_QUERIES, Figures, Walk
from mats.pages.bench.pages import NO_PAGES, PAGES, patterns
from mats.pages.bench.samples import lay_out_sample

SMALL, LARGE = 1, 30
pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.fixture
def walk(week_six):
    """As Django's own test client does, requests leave the connection of the test open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Walk([lay_out_sample(size, week_six) for size in (SMALL, LARGE)])
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_page_asks_as_much_of_a_large_cohort_as_of_a_small_one(walk):
    found = walk.count()

    assert walk.faults == []
    assert {f"{one.page} as {one.role}": one.faults for one in found if one.faults} == {}
    assert [(one.page, one.role, one.queries) for one in found if one.queries[SMALL] != one.queries[LARGE]] == []
    assert max(count for one in found for count in one.queries.values()) <= MOST_QUERIES


def test_walk_can_be_narrowed_to_some_pages(week_six):
    assert {page.name for page in Walk([], only=["cohort_health"]).pages()} == {"cohort_health"}


def test_bench_of_a_page_that_is_not_there_says_so():
    with pytest.raises(CommandError, match="There is no page nothing_here"):
        call_command("bench", "--only", "nothing_here")


def test_page_without_a_sample_is_a_fault(walk, monkeypatch):
    monkeypatch.setattr(
        "mats.pages.bench.pages.patterns", lambda: [path("me/", lambda request: None, name="unheard_of")]
    )
    monkeypatch.setattr("mats.pages.bench.pages.made_up_address", lambda pattern: "/me/")
    walk.count()

    assert walk.faults == ["unheard_of: no sample object; name it in mats/pages/bench/pages.py"]


def test_page_that_does_not_open_is_a_fault(walk, monkeypatch):
    monkeypatch.setattr(walk, "pages", lambda: [SimpleNamespace(name="home", role="staff", address=lambda sample: "/")])

    assert walk.count() == []
    assert walk.faults == [f"home: / answers 302 to staff at {SMALL}"]


def test_names_are_of_the_product_and_stand_on_one_side():
    known = {pattern.name for pattern in patterns()}

    assert (PAGES.keys() | NO_PAGES.keys()) - known == set()
    assert PAGES.keys() & NO_PAGES.keys() == set()


def test_transactions_and_identity_are_not_counted():
    def asks():
        with connection.cursor() as cursor:
            for statement in ("SAVEPOINT s", "SELECT set_config('mats.person', '', true)", "RELEASE SAVEPOINT s"):
                cursor.execute(statement)
        return Cohort.objects.count()

    assert [sql.split()[:2] for sql in measuring.questions(asks)] == [["SELECT", "COUNT(*)"]]


@pytest.mark.parametrize(
    ("queries", "faults"),
    [
        ({1: 5, 60: 5, 600: 5}, []),
        ({1: 5, 60: 4, 600: 4}, []),
        ({1: 5, 60: 6, 600: 6}, ["asks more of a larger cohort: 5 → 6 → 6 queries"]),
        ({1: 13, 60: 13, 600: 13}, ["asks 13 queries, more than 12"]),
    ],
)
def test_figures_say_what_is_wrong(queries, faults):
    assert Figures("home", "scholar", "/", queries=queries).faults == faults


def test_figures_as_json_have_the_promised_keys():
    figures = Figures("home", "scholar", "/", queries={1: 5, 60: 5}, html_bytes=10, asset_bytes=20, ratio=2.345)

    assert json.loads(json.dumps(figures.as_json())) == {
        "page": "home",
        "role": "scholar",
        "address": "/",
        "queries": {"1": 5, "60": 5},
        "bytes": 30,
        "html_bytes": 10,
        "asset_bytes": 20,
        "ratio": 2.35,
    }


def test_assets_are_counted_once_with_what_style_sheets_bring_in(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "all.css").write_text('@import url("more.css") layer(x);')
    (tmp_path / "css" / "more.css").write_text("a {}")
    (tmp_path / "css" / "more.css.gz").write_bytes(b"xx")
    page = '<link href="/static/css/all.css"><link href="/static/css/all.css"><link href="/static/css/more.css">'

    assert measuring.asset_bytes(page, tmp_path) == len('@import url("more.css") layer(x);') + 2


def test_bench_without_an_owner_says_so(settings):
    settings.DATABASE_OWNER_URL = ""

    with pytest.raises(CommandError, match="DATABASE_OWNER_URL is not set"):
        call_command("bench")
