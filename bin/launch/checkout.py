"""Where things are, and the small files the launcher keeps."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .words import Trouble

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
MANAGE = ROOT / "manage.py"
VENV = ROOT / ".venv"

DEMO = ROOT / ".demo"
LOGS = DEMO / "logs"
MAIL = DEMO / "mail"
SECRETS = DEMO / "secrets.json"
STATE = DEMO / "state.json"
RUN = DEMO / "run.json"
BEAT_SCHEDULE = DEMO / "beat-schedule"


def make_folder(folder: Path) -> Path:
    """A folder for this user alone; says so if the checkout is not writable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"Cannot make {folder}: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Trouble(
            f"Cannot write in {folder}. It belongs to another user: run this as "
            "that user, or make a checkout of your own."
        )
    return folder


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty if there is none or it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace the file in one piece, readable by this user alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
    os.replace(name, path)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def schema_files() -> dict[str, str]:
    """Digest of every file that decides what db_roles and migrate do.

    The grants are made in mats/identity, the tables of others come from the lock.
    """
    patterns = ("*/migrations/*.py", "*/*/migrations/*.py", "mats/identity/**/*.py", "requirements/app.lock")
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    names = {path.relative_to(ROOT).as_posix(): path for path in found}
    return {name: digest(names[name]) for name in sorted(names) if not name.startswith(".")}


def is_rewritten(before: dict[str, str], now: dict[str, str]) -> bool:
    """Whether a migration that has run since changed or vanished.

    New migrations are the everyday case and simply run.
    """
    return any(now.get(name) != was for name, was in before.items() if "/migrations/" in name)
