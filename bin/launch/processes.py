"""Children that cannot outlive the launcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from .checkout import ROOT
from .words import Stopped, Trouble, last_lines

GUARD = Path(__file__).with_name("guard.py")
KEEPER = Path(__file__).with_name("keeper.py")
GRACE = 10.0  # seconds a child has to end by itself
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: int

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def account(self) -> str:
        """How it ended and the last lines of its log."""
        return f"{self.name} ended ({how(self.process.returncode)}). The end of {self.log}:\n{last_lines(self.log)}"


def how(returncode: int | None) -> str:
    if returncode is not None and returncode < 0:
        return signal.Signals(-returncode).name
    return f"exit {returncode}"


def guarded(command: Sequence[str | Path], *, death_signal: int = signal.SIGTERM, identity: str = "self") -> list[str]:
    """The command behind the guard, which ties it to this process."""
    return [
        *(sys.executable, "-I", "-S", str(GUARD)),
        *(str(os.getpid()), str(int(death_signal)), identity),
        *map(str, command),
    ]


def kept(command: Sequence[str | Path]) -> list[str | Path]:
    """The command behind the keeper, which ends it and all it started once the launcher is gone."""
    return [sys.executable, "-I", "-S", KEEPER, *command]


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path = ROOT,
    stop_signal: int = signal.SIGTERM,
    identity: str = "self",
    pass_fds: Iterable[int] = (),
) -> Child:
    """Start a service in a session of its own, writing to a new log; the kernel sends stop_signal when the
    launcher dies, as stop() does before."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            guarded(command, death_signal=stop_signal, identity=identity),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            pass_fds=tuple(pass_fds),
            start_new_session=True,
        )
    return Child(name, process, log, stop_signal)


def stop(children: Sequence[Child]) -> None:
    """Ask all at once, wait together, and insist with those that stay.

    Not interrupted by further signals: it takes GRACE seconds at most.
    """
    with handling(signal.SIG_IGN):
        for child in children:
            if not child.has_ended():
                child.process.send_signal(child.stop_signal)
        until = time.monotonic() + GRACE
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, until - time.monotonic()))
            _kill_group(child.process)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Whatever of the child's session is still there has had its chance."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_quietly(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    failure: str,
    cwd: Path = ROOT,
    identity: str = "self",
) -> None:
    """Run to the end with the output in a log; on failure show its end."""
    child = start("", command, env=env, log=log, cwd=cwd, identity=identity)
    try:
        code = child.process.wait()
    finally:
        stop([child])
    if code:
        raise Trouble(f"{failure} ({how(code)}). The end of {log}:\n{last_lines(log, 30)}")


def output_of(command: Sequence[str | Path], *, env: Mapping[str, str], log: Path) -> str:
    """What the command printed; empty if it failed. Errors go to the log."""
    with log.open("ab") as errors:
        done = subprocess.run(
            guarded(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=dict(env),
            cwd=ROOT,
            check=False,
        )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


@dataclass
class Foreground:
    """A command that has the terminal: the keyboard's signals reach it directly."""

    command: Sequence[str | Path]
    env: Mapping[str, str]
    cwd: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def run(self) -> int:
        """Run to the end; 128 + number if a signal ended it."""
        with handling(self._pass_on):
            self.process = subprocess.Popen(guarded(kept(self.command)), env=dict(self.env), cwd=self.cwd)
            code = self.process.wait()
        return code if code >= 0 else 128 - code

    def _pass_on(self, number: int, _frame: object) -> None:
        # Ctrl-C goes to the whole foreground group; a second SIGINT would
        # cut short the child's own clearing up.
        typed = number == signal.SIGINT and os.isatty(0)
        if self.process is not None and not typed:
            self.process.send_signal(number)


def unwind_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal all unwind the same way."""

    def unwind(number: int, _frame: object) -> None:
        raise Stopped(number)

    for number in ENDING:
        signal.signal(number, unwind)


@contextmanager
def handling(handler: Callable[[int, object], None] | signal.Handlers) -> Iterator[None]:
    """Treat the signals that end us in another way for a while."""
    before = {number: signal.signal(number, handler) for number in ENDING}
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)
