import io

import pytest

from bin.launch import demo, words
from bin.launch.venv import Progress


@pytest.fixture
def said(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(words, "_stream", stream)
    return stream


def test_step_ends_its_line_with_the_time(said):
    with words.step("Migrations"):
        pass

    assert said.getvalue() == "  Migrations … 0.0 s\n"


def test_step_that_fails_ends_its_line(said):
    with pytest.raises(words.Trouble), words.step("Migrations"):
        raise words.Trouble

    assert said.getvalue() == "  Migrations … \n"


def test_progress_off_a_terminal_marks_every_tenth_package(said):
    progress = Progress("Installing 25 packages", 25)
    for _ in range(25):
        progress.read(b"Collecting one==1\n")
    progress.read(b"Installing collected packages: one\n")
    progress.finish(1.25)

    assert said.getvalue() == "  Installing 25 packages … 10 … 20 … unpacking … 1.2 s\n"


def test_question_off_a_terminal_is_answered_no(said):
    assert words.ask("Start over?") is False


def test_last_lines_of_a_log_are_its_end(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"one\ntwo\nthr\xffee\n")

    assert words.last_lines(log, 2) == "    two\n    thr\ufffdee"


def test_last_lines_of_no_log_are_nothing(tmp_path):
    assert words.last_lines(tmp_path / "log") == ""


def test_who_is_a_table_of_roles_names_and_addresses():
    listing = "staff\tAda Lovelace\tada@example.org\nscholar\tBo\tbo@example.org\nsome warning\n"

    assert demo.who(listing) == ("  staff    Ada Lovelace  ada@example.org\n  scholar  Bo            bo@example.org")


def test_who_of_nothing_is_nothing():
    assert demo.who("") == ""
