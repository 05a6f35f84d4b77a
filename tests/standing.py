"""What a whole module is told about once: made in a transaction that each test's own lies inside of."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import time_machine
from django.contrib.auth.signals import user_logged_in
from django.db import transaction

from tests.cast import WEEK_SIX
from tests.conftest import count_as_full


@contextmanager
def standing() -> Iterator[None]:
    """Both connections, at noon in week six, every sign-in a full one; all is gone at the end."""
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(WEEK_SIX, tick=False))
        for alias in ("default", "outside"):
            stack.enter_context(transaction.atomic(alias))
            stack.callback(transaction.set_rollback, True, alias)
        user_logged_in.connect(count_as_full)
        stack.callback(user_logged_in.disconnect, count_as_full)
        stack.callback(gc.unfreeze)
        gc.freeze()  # thousands of requests follow; what the process has loaded is not looked through again
        yield
