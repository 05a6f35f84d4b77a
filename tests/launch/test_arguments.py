import pytest

from bin.launch.cli import parse


def test_demo_arguments_are_read():
    parsed = parse("demo", ["--fresh", "--port", "8100"])

    assert (parsed.fresh, parsed.port) == (True, 8100)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "٣"])
def test_demo_refuses_what_is_not_a_port(port, capsys):
    with pytest.raises(SystemExit):
        parse("demo", [f"--port={port}"])

    assert f"{port} is not a port (1 to 65535)" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["test", "manage"])
def test_arguments_of_the_command_itself_pass_through(command):
    assert parse(command, ["--help", "-k", "a b"]).rest == ["--help", "-k", "a b"]


def test_lock_cannot_check_and_upgrade_at_once():
    with pytest.raises(SystemExit):
        parse("lock", ["--check", "--upgrade"])
