"""The note a running demo leaves, by which other commands find it."""

import os
from typing import Any

from . import checkout
from .checkout import DEMO, RUN
from .folders import holder

LOCK = DEMO / "lock"


def running() -> dict[str, Any] | None:
    """The note of the demo that runs now, or None.

    It counts only while the process that wrote it is the one holding the lock:
    a note left by a killed launcher is nobody's.
    """
    note = checkout.read_json(RUN)
    pid = note.get("pid")
    if not pid or holder(LOCK) != pid:
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return note


def announce(address: str, services: dict[str, str], processes: dict[str, int]) -> None:
    checkout.write_json(
        RUN,
        {"pid": os.getpid(), "address": address, "services": services, "processes": processes},
    )


def withdraw() -> None:
    RUN.unlink(missing_ok=True)
