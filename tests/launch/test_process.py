import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bin.launch import processes
from bin.launch.words import Trouble

# A launcher in small: starts a sleeping child, says its number, and waits.
LAUNCHER = """
import sys, time
from pathlib import Path
from bin.launch import processes
child = processes.start("child", ["/bin/sleep", "60"], env={}, log=Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(60)
"""
# The same with a child that hears no signal, behind the keeper.
STUBBORN = """
import sys, time
from pathlib import Path
from bin.launch import processes
log = Path(sys.argv[1])
script = "trap '' TERM QUIT INT; echo $$; while :; do sleep 1; done"
processes.start("child", processes.kept(["/bin/sh", "-c", script]), env={}, log=log)
while not log.read_text().strip():
    time.sleep(0.02)
print(log.read_text(), flush=True)
time.sleep(60)
"""
# The same with a command in the foreground, whose own child says its number.
FOREGROUND = """
import os
from bin.launch import processes
processes.Foreground(["/bin/sh", "-c", "setsid sleep 60 & echo $!; wait"], os.environ, processes.ROOT).run()
"""


def is_alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a parent's death")
@pytest.mark.parametrize("script", [LAUNCHER, STUBBORN, FOREGROUND])
def test_no_process_is_left_when_the_launcher_is_killed(script, tmp_path):
    command = [sys.executable, "-c", script, tmp_path / "log"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=processes.ROOT) as launcher:
        child = int(launcher.stdout.readline())
        launcher.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20  # a busy machine takes its time
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.02)

    assert not is_alive(child)


def test_guard_starts_nothing_for_a_parent_that_has_gone(tmp_path):
    done = subprocess.run(
        [sys.executable, processes.GUARD, "1", "15", "self", "/usr/bin/touch", tmp_path / "made"],
        check=False,
    )

    assert (done.returncode, (tmp_path / "made").exists()) == (1, False)


def test_stop_ends_a_child(tmp_path):
    child = processes.start("child", ["/bin/sleep", "60"], env={}, log=tmp_path / "log")

    processes.stop([child])

    assert child.process.returncode in {-signal.SIGTERM, 1}  # 1: ended while the guard was at work


def test_account_of_a_child_shows_its_last_words(tmp_path):
    child = processes.start("The child", ["/bin/sh", "-c", "echo so; exit 3"], env={}, log=tmp_path / "log")
    child.process.wait()

    assert child.account() == f"The child ended (exit 3). The end of {tmp_path / 'log'}:\n    so"


def test_failing_command_shows_why(tmp_path):
    with pytest.raises(Trouble) as failed:
        processes.run_quietly(
            ["/bin/sh", "-c", "echo the reason >&2; exit 1"],
            env={}, log=tmp_path / "log", failure="It did not work",
        )  # fmt: skip

    assert str(failed.value) == f"It did not work (exit 1). The end of {tmp_path / 'log'}:\n    the reason"


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 5", 5), ("kill -TERM $$", 143)])
def test_foreground_command_passes_its_exit_code_on(tmp_path, script, code):
    found = processes.Foreground(["/bin/sh", "-c", script], os.environ, tmp_path).run()

    assert found == code
