import os
import tempfile
from pathlib import Path

import pytest

from bin.launch import folders


def test_lock_is_held_by_one_at_a_time(tmp_path):
    first = folders.try_lock(tmp_path / "lock")

    assert folders.try_lock(tmp_path / "lock") is None
    assert folders.holder(tmp_path / "lock") == os.getpid()
    first.close()
    folders.try_lock(tmp_path / "lock").close()


def test_waiting_for_a_lock_can_be_given_up(tmp_path, capsys):
    with folders.try_lock(tmp_path / "lock"), folders.locked(tmp_path / "lock", "wait", lambda: True) as mine:
        assert mine is False


def test_temporary_folder_is_gone_afterwards(tmp_path):
    with folders.temporary(tmp_path) as folder:
        assert folder.parent == tmp_path

    assert list(tmp_path.iterdir()) == []


def test_sweep_removes_what_a_killed_launcher_left(tmp_path):
    left = tmp_path / f"{folders.PREFIX}left"
    left.mkdir()
    (left / "lock").touch()

    folders.sweep(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_sweep_leaves_what_is_in_use_or_not_ours(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    new = tmp_path / f"{folders.PREFIX}new"
    new.mkdir()

    with folders.temporary(tmp_path) as used:
        folders.sweep(tmp_path)

        assert set(tmp_path.iterdir()) == {other, new, used}


@pytest.mark.parametrize("usual", ["/tmp/" + "x" * 80, "/tmp/with space", "/tmp/with%sign"])
def test_socket_folder_avoids_long_and_awkward_paths(monkeypatch, usual):
    monkeypatch.setattr(tempfile, "tempdir", usual)

    assert folders.for_sockets() == Path("/tmp")


def test_socket_folder_is_the_usual_one_where_that_is_plain(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/var/tmp")

    assert folders.for_sockets() == Path("/var/tmp")
