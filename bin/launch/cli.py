"""The four commands: arguments in, exit code out."""

import argparse
import io
import sys
from collections.abc import Callable

from . import demo, locking, managing, suite
from .processes import unwind_on_signals
from .words import Stopped, Trouble, complain, speak_on

LAST_PORT = 65535


def main(arguments: list[str]) -> int:
    command, *rest = arguments
    for stream in (sys.stdout, sys.stderr):
        # A dash or a name that the terminal's encoding lacks is no reason to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    unwind_on_signals()
    try:
        parsed = parse(command, rest)
        if command == "manage":
            # Its standard output is the command's own.
            speak_on(sys.stderr, quiet=True)
        return COMMANDS[command](parsed)
    except Trouble as trouble:
        complain(f"\n{trouble}")
        return 1
    except Stopped as stopped:
        return 128 + stopped.signum


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": demo.main,
    "test": suite.main,
    "manage": managing.main,
    "lock": locking.main,
}


def parse(command: str, arguments: list[str]) -> argparse.Namespace:
    """bin/test and bin/manage pass everything on as it stands, --help included."""
    if command in {"test", "manage"}:
        return argparse.Namespace(rest=arguments)
    return {"demo": _demo_parser, "lock": _lock_parser}[command]().parse_args(arguments)


def _demo_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="Run the whole product on this machine, with a demo cohort in its sixth week.",
        epilog="DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL, where set, replace the embedded services.",
    )
    parser.add_argument("--fresh", action="store_true", help="delete the demo's data and start over")
    parser.add_argument("--port", type=_port, metavar="N", help="the port; otherwise 8000 or the next free one")
    return parser


def _lock_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/lock", description="Make requirements/*.lock again from requirements/*.in."
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="only say whether they are in step; no network")
    choice.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port (1 to {LAST_PORT})")
    return int(text)
