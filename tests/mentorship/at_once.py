"""Presses at the same time, each on a connection of its own."""

from __future__ import annotations

from threading import Barrier, Thread

from django.core.exceptions import ValidationError
from django.db import connection

from mats.identity.transaction import acting
from tests.cast import WEEK_SIX


def all_at_once(*presses) -> list[str]:
    """Run presses in threads of their own; what each one came to: done, or its refusal in words."""
    found: list[str] = []
    ready = Barrier(len(presses))

    def press(act) -> None:
        try:
            ready.wait()
            with acting(None, WEEK_SIX):
                act()
            found.append("done")
        except ValidationError as refusal:
            found.append(refusal.messages[0])
        except Exception as failure:
            found.append(repr(failure))
        finally:
            connection.close()

    threads = [Thread(target=press, args=[act]) for act in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)
