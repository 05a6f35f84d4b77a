"""Run a command, and end with it whatever it started.

The kernel tells only our own children of the launcher's death, not theirs:
the workers of a parallel test run, or a browser, would go on. Here orphans of
the command come back to us (as their "subreaper"), so none is out of reach.

    keeper.py COMMAND…
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def children_of(pid: int) -> list[int]:
    """By the table of processes; none where there is no /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name before the parenthesis may hold anything, spaces included.
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def end_descendants() -> None:
    """Kill our children until none is left; theirs become ours meanwhile."""
    while children := children_of(os.getpid()):
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)


def keep(command: list[str]) -> int:
    """The command's exit code, 128 + number if a signal ended it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    launcher = os.getppid()
    # Held back until they are handled: one in between would end us and leave the command.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    main = os.posix_spawn(command[0], command, os.environ, setsigmask=before)

    def pass_on(number: int, _frame: object) -> None:
        if os.getppid() != launcher:
            end_descendants()
            os._exit(128 + number)
        # What is typed reaches the command itself as well.
        if number != signal.SIGINT or not os.isatty(0):
            os.kill(main, number)

    for number in ENDING:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if os.getppid() != launcher:
        pass_on(signal.SIGTERM, None)
    code = _wait_for(main)
    end_descendants()
    return code


def _wait_for(main: int) -> int:
    """Reap orphans on the way."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == main:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
