from datetime import UTC, datetime, timedelta

import pytest

from bin.launch import checkout
from bin.launch.state import State

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST = {"cohorts/migrations/0001_people.py": "a", "requirements/app.lock": "b"}


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "STATE", tmp_path / "state.json")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")
    return folder


def test_state_is_read_as_it_was_saved(data):
    saved = State(data, FIRST, NOW, is_laying_out=True)
    saved.save()

    assert State.read(data) == saved


def test_state_of_data_that_is_gone_is_forgotten(data):
    State(data, FIRST, NOW).save()
    (data / "PG_VERSION").unlink()

    assert State.read(data) == State(data)


def test_state_of_the_callers_own_database_is_not_kept(data):
    State(None, FIRST, NOW).save()

    assert not checkout.STATE.exists()


def test_a_demo_of_a_week_is_not_too_old(data):
    known = State(data, FIRST, NOW - timedelta(days=7))

    assert known.reasons_to_start_over(FIRST, NOW) == []


def test_an_older_demo_gives_its_day(data):
    known = State(data, FIRST, NOW - timedelta(days=8))

    assert known.reasons_to_start_over(FIRST, NOW) == [
        "The demo was laid out on 16 November 2026: its week six has passed."
    ]


def test_a_new_migration_is_no_reason_to_start_over(data):
    known = State(data, FIRST, NOW)

    assert known.reasons_to_start_over(FIRST | {"cohorts/migrations/0002_x.py": "c"}, NOW) == []


def test_another_lock_is_no_reason_to_start_over(data):
    known = State(data, FIRST, NOW)

    assert known.reasons_to_start_over(FIRST | {"requirements/app.lock": "c"}, NOW) == []


@pytest.mark.parametrize("now", [{}, {"cohorts/migrations/0001_people.py": "other"}])
def test_a_rewritten_or_missing_migration_is_a_reason_to_start_over(data, now):
    known = State(data, FIRST, NOW)

    assert known.reasons_to_start_over(now, NOW) == ["The migrations were rewritten since the demo was made."]
