"""The database and the broker that a command works on, and its environment."""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import checkout, folders, postgres, server_user, valkey
from .platforms import why_unsupported
from .processes import Child, run_quietly, stop
from .venv import PYTHON
from .words import Trouble, step

DATABASE_NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")
# What belongs to the caller's Python or shell and would change ours.
NOT_FOR_CHILDREN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "GUNICORN_CMD_ARGS"}


@dataclass
class Services:
    """Addresses to give to children, and the servers behind them, if ours."""

    addresses: dict[str, str]
    children: list[Child] = field(default_factory=list)


def database_is_given(env: Mapping[str, str]) -> bool:
    """Whether the caller's database replaces ours; half an answer is none."""
    if not (env.get("DATABASE_URL") or env.get("DATABASE_OWNER_URL")):
        return False
    if not env.get("DATABASE_URL"):
        raise Trouble("DATABASE_OWNER_URL is set but DATABASE_URL is not: the app has a role of its own.")
    return True


def given(env: Mapping[str, str]) -> dict[str, str]:
    """The addresses of services that the caller brings along."""
    names = list(DATABASE_NAMES) if database_is_given(env) else []
    return {name: env[name] for name in [*names, "REDIS_URL"] if env.get(name)}


@contextmanager
def started(*, data: Path | None, logs: Path, throwaway: bool = False) -> Iterator[Services]:
    """Start what the caller does not bring, and stop it afterwards.

    data is where the cluster lies; None if the caller brings a database.
    """
    services = Services(given(os.environ))
    with folders.temporary(folders.for_sockets()) as sockets:
        try:
            if data is not None:
                _add_database(services, data, sockets, logs, throwaway)
            if "REDIS_URL" not in services.addresses:
                _add_broker(services, sockets, logs)
            yield services
        finally:
            stop(services.children)


def _add_database(services: Services, data: Path, sockets: Path, logs: Path, throwaway: bool) -> None:
    found = postgres.find_binaries()
    if found is None:
        raise Trouble(_unavailable("PostgreSQL 15 or newer", "DATABASE_URL and DATABASE_OWNER_URL"))
    with step(f"PostgreSQL {found.major}"):
        server_user.give_to_server(sockets)
        binaries = replace(found, folder=server_user.within_reach(found.folder, data.parent))
        log = logs / "postgres.log"
        services.children.append(postgres.start_server(binaries, data, sockets, log, throwaway=throwaway))
    services.addresses |= {
        "DATABASE_URL": postgres.url("mats_app", "mats", sockets),
        "DATABASE_OWNER_URL": postgres.url("mats_owner", "mats", sockets),
        "DATABASE_ADMIN_URL": postgres.url("postgres", "postgres", sockets),
    }


def _add_broker(services: Services, sockets: Path, logs: Path) -> None:
    server = valkey.find_server()
    if server is None:
        raise Trouble(_unavailable("Valkey, or Redis 7 or newer", "REDIS_URL"))
    with step("Valkey"):
        services.children.append(valkey.start_server(server, sockets, logs / "valkey.log"))
    services.addresses["REDIS_URL"] = valkey.url(sockets)


def _unavailable(what: str, names: str) -> str:
    reason = why_unsupported() or "they are missing from the environment; delete .venv and start again"
    return f"The embedded services do not run here: {reason}.\nInstall {what} on this machine, or set {names}."


def environment(
    mode: str, services: Mapping[str, str], keys: Mapping[str, str], *, mail: Path, origin: str
) -> dict[str, str]:
    """What manage.py, gunicorn, Celery and pytest are started with.

    The caller's own SECRET_KEY and NOTE_KEYS go before ours.
    """
    env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN}
    if "DATABASE_URL" not in given(os.environ):
        env = postgres.environment(env)
    for name in DATABASE_NAMES:
        env.pop(name, None)
    return {
        **keys,
        **env,
        **services,
        "MATS_ENV": mode,
        "DJANGO_SETTINGS_MODULE": "mats.settings",
        "PUBLIC_ORIGIN": origin,
        "MATS_MAIL_FOLDER": str(mail),
    }


def demo_keys() -> dict[str, str]:
    """Keys made once for this checkout's demo."""
    keys = checkout.read_json(checkout.SECRETS)
    if not keys:
        note_key = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
        keys = {"SECRET_KEY": secrets.token_urlsafe(50), "NOTE_KEYS": f"k1:{note_key}"}
        checkout.write_json(checkout.SECRETS, keys)
    return keys


def test_keys() -> dict[str, str]:
    """The same at every run, so that a failure repeats; they guard nothing."""
    note_key = base64.b64encode(hashlib.sha256(b"throwaway").digest()).decode("ascii")
    return {"SECRET_KEY": "throwaway " * 6, "NOTE_KEYS": f"k1:{note_key}"}


def manage(env: Mapping[str, str], log: str, *arguments: str, label: str, failure: str) -> None:
    """Run one manage.py command to its end, with its output in a log."""
    checkout.make_folder(checkout.LOGS)
    with step(label):
        run_quietly(
            [PYTHON, checkout.MANAGE, *arguments],
            env=env,
            log=checkout.LOGS / f"{log}.log",
            failure=failure,
        )


def make_roles(env: Mapping[str, str]) -> None:
    """Both roles and the database; whoever brings a database without an admin has made them."""
    if env.get("DATABASE_ADMIN_URL"):
        manage(env, "db_roles", "db_roles", label="Database roles", failure="The roles could not be made")
