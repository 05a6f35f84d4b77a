"""What the launcher says, and how it fails."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

# bin/manage keeps its standard output for the command; all we say goes to
# standard error there.
_stream: TextIO = sys.stdout
_quiet = False


class Trouble(Exception):
    """Something a person can put right; its text is shown as it stands."""


class Stopped(BaseException):
    """A signal asked the launcher to end."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


def speak_on(stream: TextIO, *, quiet: bool = False) -> None:
    global _stream, _quiet
    _stream, _quiet = stream, quiet


def say(text: str = "", *, end: str = "\n") -> None:
    """Print; a terminal that has gone away is no reason to fail."""
    _print(text, _stream, end)


def complain(text: str) -> None:
    _print(text, sys.stderr, "\n")


def _print(text: str, stream: TextIO, end: str) -> None:
    try:
        print(text, end=end, file=stream, flush=True)
    except OSError:
        # Nobody reads any more: what is left unsaid must not be tried again at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def step(label: str) -> Iterator[None]:
    """Name a step on one line and end the line with the time it took; quiet commands do not."""
    if _quiet:
        yield
        return
    say(f"  {label} … ", end="")
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say()
        raise
    say(f"{time.monotonic() - started:.1f} s")


def is_terminal() -> bool:
    return bool(_stream and _stream.isatty())


def ask(question: str) -> bool:
    """Yes or no; no where nobody is there to answer."""
    if not (sys.stdin and sys.stdin.isatty() and is_terminal()):
        return False
    say(f"{question} [y/N] ", end="")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, indented, or nothing if there is no log."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 64_000))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
