"""bin/manage: manage.py in the demo's environment."""

import os
from argparse import Namespace
from pathlib import Path

from . import checkout, demo, services
from .folders import locked
from .processes import Foreground
from .running import LOCK, running
from .state import State
from .venv import PYTHON, ensure

DEFAULT_ORIGIN = "http://127.0.0.1:8000"


def main(arguments: Namespace) -> int:
    checkout.make_folder(checkout.DEMO)
    ensure()
    command = [str(PYTHON), str(checkout.MANAGE), *arguments.rest]
    with locked(LOCK, "Another command is using the demo's data; waiting.", lambda: bool(running())) as mine:
        if mine:
            return _on_services_of_its_own(command)
    return _on_the_running_demo(command)


def _on_the_running_demo(command: list[str]) -> int:
    note = running() or {}
    env = services.environment(
        "demo", note["services"] | services.given(os.environ), services.demo_keys(),
        mail=checkout.MAIL, origin=note["address"],
    )  # fmt: skip
    return Foreground(command, env, Path.cwd()).run()


def _on_services_of_its_own(command: list[str]) -> int:
    checkout.make_folder(checkout.LOGS)
    checkout.make_folder(checkout.MAIL)
    data = demo.data_folder()
    with services.started(data=data, logs=checkout.LOGS) as found:
        env = services.environment(
            "demo", found.addresses, services.demo_keys(), mail=checkout.MAIL, origin=DEFAULT_ORIGIN
        )
        known = State.read(data)
        if data is not None and not known.schema:
            demo.prepare(env, known)
        return Foreground(command, env, Path.cwd()).run()
