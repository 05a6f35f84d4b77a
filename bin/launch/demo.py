"""bin/demo: the whole product on this machine."""

import http.client
import os
import time
from argparse import Namespace
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

from . import checkout, ports, postgres, server_user, services, state
from .folders import in_memory, locked
from .processes import Child, kept, output_of, start, stop
from .running import LOCK, announce, running, withdraw
from .services import Services
from .state import State
from .venv import PYTHON, ensure
from .words import Stopped, Trouble, ask, last_lines, say, step

ANSWERS_WITHIN = 60.0  # seconds
FRESH_HINT = "bin/demo --fresh starts over with fresh data."
COLUMNS = ("role", "name", "e-mail")
HAS_COHORT = "from cohorts.models import Cohort; print(Cohort.objects.exists())"


def main(arguments: Namespace) -> int:
    checkout.make_folder(checkout.DEMO)
    with locked(LOCK, "Another command is using the demo's data; waiting.", lambda: bool(running())) as mine:
        if not mine:
            return _say_where_it_runs(fresh=arguments.fresh)
        withdraw()
        ensure()
        return _run(arguments)


def _say_where_it_runs(*, fresh: bool) -> int:
    note = running() or {}
    say(f"The demo already runs at {note.get('address')}")
    if fresh:
        say("Stop it (Ctrl-C where it runs), then start again with --fresh.")
    return 1 if fresh else 0


def _run(arguments: Namespace) -> int:
    checkout.make_folder(checkout.LOGS)
    data = data_folder()
    if data is not None:
        _start_over_if_wanted(data, fresh=arguments.fresh)
    elif arguments.fresh:
        raise Trouble("DATABASE_URL is set: --fresh only starts over a database of the demo's own.")
    with (
        ports.listen(arguments.port) as listener,
        services.started(data=data, logs=checkout.LOGS) as running_services,
    ):
        return _serve(running_services, State.read(data), listener)


def data_folder() -> Path | None:
    """Where the demo's cluster lies; None if the caller brings a database."""
    return None if services.database_is_given(os.environ) else server_user.data_folder_for_demo()


def _start_over_if_wanted(data: Path, *, fresh: bool) -> None:
    found = State.read(data)
    reasons = found.reasons_to_start_over(checkout.schema_files(), state.utc_now())
    if found.is_laying_out:
        say("The last start was interrupted while it filled the demo: starting over.")
        fresh = True
    if reasons and not fresh:
        say("\n".join(reasons))
        fresh = ask("Start over with fresh data?")
        if not fresh:
            say(FRESH_HINT)
    if fresh:
        postgres.wait_for_earlier(data)
        state.start_over(data)


def _serve(found: Services, known: State, listener: socket) -> int:
    checkout.make_folder(checkout.MAIL)
    address = ports.address(listener)
    env = services.environment("demo", found.addresses, services.demo_keys(), mail=checkout.MAIL, origin=address)
    prepare(env, known)
    _lay_out(env, known)
    children = _start_product(env, listener)
    try:
        with step("First page"):
            _wait_for_page(address, children)
        everyone = [*found.children, *children]
        announce(address, found.addresses, {child.name: child.process.pid for child in everyone})
        _greet(address, env)
        return _watch(everyone)
    finally:
        withdraw()
        stop(children)


def prepare(env: dict[str, str], known: State) -> None:
    """Roles and migrations, left out where nothing they depend on has changed."""
    schema = checkout.schema_files()
    if known.schema == schema:
        return
    hint = f"\n{FRESH_HINT}" if known.schema else ""
    services.make_roles(env)
    services.manage(
        env, "migrate", "migrate", "--no-input",
        label="Migrations", failure=f"The migrations did not run{hint}",
    )  # fmt: skip
    if not checkout.is_rewritten(known.schema, schema):
        known.schema = schema
        known.save()


def _lay_out(env: dict[str, str], known: State) -> None:
    """Fill the demo cohort, unless the database holds a cohort already."""
    if known.laid_out_at or _has_cohort(env):
        return
    known.is_laying_out = True
    known.save()
    services.manage(
        env, "demo_cohort", "demo_cohort", "--moment", "week_six",
        label="Demo cohort, in its sixth week", failure="The demo cohort could not be laid out",
    )  # fmt: skip
    known.is_laying_out = False
    known.laid_out_at = state.utc_now()
    known.save()


def _has_cohort(env: dict[str, str]) -> bool:
    command: list[str | Path] = [PYTHON, checkout.MANAGE, "shell", "--no-imports", "-c", HAS_COHORT]
    return output_of(command, env=env, log=checkout.LOGS / "demo_cohort.log").strip() == "True"


def _start_product(env: dict[str, str], listener: socket) -> list[Child]:
    """The web server, a worker and beat."""
    scratch = in_memory(1_000_000) or Path("/tmp")
    web = ["-m", "gunicorn", "mats.wsgi:application", "--bind", f"fd://{listener.fileno()}"]
    web += ["--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    web += ["--graceful-timeout", "5", "--worker-tmp-dir", str(scratch), "--no-control-socket"]
    celery = ["-m", "celery", "-A", "mats"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", str(checkout.BEAT_SCHEDULE), "--pidfile", ""]
    logs, fd = checkout.LOGS, [listener.fileno()]
    return [
        start("The web server", [PYTHON, *web], env=env, log=logs / "web.log", pass_fds=fd),
        # Without the broker it waits for good, whatever signal it got: somebody must insist.
        start("The Celery worker", kept([PYTHON, *worker]), env=env, log=logs / "worker.log"),
        start("Celery beat", [PYTHON, *beat], env=env, log=logs / "beat.log"),
    ]


def _wait_for_page(address: str, children: list[Child]) -> None:
    until = time.monotonic() + ANSWERS_WITHIN
    while not answers(address):
        for child in children:
            if child.has_ended():
                raise Trouble(child.account())
        if time.monotonic() > until:
            log = checkout.LOGS / "web.log"
            raise Trouble(f"The first page does not answer. The end of {log}:\n{last_lines(log)}")
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Whether the first page is there (a redirect to sign-in included)."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(address: str, env: dict[str, str]) -> None:
    say(f"\nThe demo runs at {address}")
    command: list[str | Path] = [PYTHON, checkout.MANAGE, "demo_cohort", "--who"]
    people = who(output_of(command, env=env, log=checkout.LOGS / "demo_cohort.log"))
    if people:
        say("Sign in there with one click as:")
        say(people)
    say(f"Messages land in {checkout.MAIL}")
    say("Ctrl-C stops it; bin/demo starts it again with the same data, --fresh with new data.")


def who(listing: str) -> str:
    """A table of the lines "role<TAB>name<TAB>e-mail"; anything else is left out."""
    lines = [line.split("\t") for line in listing.splitlines()]
    rows = [line for line in lines if len(line) == len(COLUMNS)]
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"  {role:{widths[0]}}  {name:{widths[1]}}  {mail}" for role, name, mail in rows)


def _watch(children: list[Child]) -> int:
    """Until a signal comes, which is the usual end, or a child dies."""
    try:
        while True:
            for child in children:
                if child.has_ended():
                    raise Trouble(f"{child.account()}\nThe demo has stopped.")
            time.sleep(0.3)
    except Stopped:
        with suppress(OSError):
            say("\nStopping.")
        return 0
