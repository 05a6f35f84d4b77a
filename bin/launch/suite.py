"""bin/test: all tests on a throwaway database."""

import os
import tempfile
from argparse import Namespace
from pathlib import Path

from . import checkout, folders, server_user, services
from .processes import Foreground
from .venv import PYTHON, ensure
from .words import say

ROOM = 1_500_000_000  # bytes that a cluster with several test databases may take


def main(arguments: Namespace) -> int:
    checkout.make_folder(checkout.DEMO)
    ensure(tests=True)
    given = services.database_is_given(os.environ)
    with folders.temporary(_place()) as folder:
        data = None if given else folder / "data"
        if not given:
            server_user.give_to_server(folder)
        with services.started(data=data, logs=folder, throwaway=True) as found:
            env = services.environment(
                "test", found.addresses, services.test_keys(),
                mail=folder / "mail", origin="http://127.0.0.1:8000",
            )  # fmt: skip
            services.make_roles(env)
            return _pytest(arguments.rest, env)


def _place() -> Path:
    """Memory if there is room, else the temporary folder."""
    return folders.in_memory(ROOM) or Path(tempfile.gettempdir())


def _pytest(arguments: list[str], env: dict[str, str]) -> int:
    say()
    return Foreground([PYTHON, "-m", "pytest", *arguments], env, checkout.ROOT).run()
