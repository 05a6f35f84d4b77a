"""bin/lock: the hash-pinned requirements, made again or checked.

requirements/locks.sha256 holds the digest of every .in and .lock file as they
were when last made together, so the check needs neither network nor uv.
"""

import os
import re
import shutil
from argparse import Namespace
from pathlib import Path

from . import checkout, venv
from .checkout import REQUIREMENTS
from .folders import locked
from .processes import run_quietly
from .words import Trouble, complain, say, step

ORDER = ("app", "demo", "test", "quality")  # each is constrained by those before it
SUMS = REQUIREMENTS / "locks.sha256"
TOOLS = checkout.ROOT / ".venv.lock-tools"
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
    *("--no-annotate", "--no-emit-index-url", "--only-binary", ":all:"),
)
UV_PIN = re.compile(r"^uv==(?:.*\\\n)+.*$", re.MULTILINE)


def main(arguments: Namespace) -> int:
    if arguments.check:
        return _check()
    checkout.make_folder(checkout.LOGS)
    uv = _find_uv()
    for name in ORDER:
        with step(f"{name}.lock"):
            _compile(uv, name, upgrade=arguments.upgrade)
    SUMS.write_text(sums(), encoding="ascii")
    return _check()


def _check() -> int:
    problems = list(faults())
    for problem in problems:
        complain(problem)
    if not problems:
        say("The locks are in step.")
    return 1 if problems else 0


def faults() -> list[str]:
    """What is wrong with the locks, a sentence each."""
    found = []
    if not SUMS.exists() or SUMS.read_text(encoding="ascii") != sums():
        found.append("requirements/*.in or *.lock changed since bin/lock last made them: run bin/lock.")
    for name in ORDER:
        text = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")
        found += [f"requirements/{name}.lock: {fault}" for fault in faults_of(text)]
    return found


def faults_of(lock: str) -> list[str]:
    """Addresses in a lock, and packages without exact version or hash."""
    found = ["it holds an address (://)."] if "://" in lock else []
    entries = lock.replace("\\\n", " ").splitlines()
    for entry in entries:
        if entry.strip() and not re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:", entry):
            found.append(f"{entry.split()[0]} has no exact version with a hash.")
    return found


def sums() -> str:
    """A line per file, as sha256sum writes them."""
    files = [REQUIREMENTS / f"{name}.{end}" for name in ORDER for end in ("in", "lock")]
    return "".join(f"{checkout.digest(file)}  {file.name}\n" for file in files)


def _compile(uv: Path, name: str, *, upgrade: bool) -> None:
    command: list[str | Path] = [uv, "pip", "compile", *OPTIONS, f"{name}.in", "-o", f"{name}.lock"]
    run_quietly(
        [*command, *(["--upgrade"] if upgrade else [])],
        env=os.environ,
        log=checkout.LOGS / "lock.log",
        failure=f"requirements/{name}.lock could not be made",
        cwd=REQUIREMENTS,
    )


def _find_uv() -> Path:
    """The uv that quality.lock pins, in an environment of its own."""
    pin = UV_PIN.search((REQUIREMENTS / "quality.lock").read_text(encoding="utf-8"))
    if pin is None:
        raise Trouble("requirements/quality.lock does not pin uv.")
    with locked(checkout.DEMO / "venv.lock", "Another command is installing packages; waiting."):
        stamp = TOOLS / "uv.txt"
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != pin[0]:
            _make_tools(pin[0])
    return TOOLS / "bin" / "uv"


def _make_tools(pin: str) -> None:
    shutil.rmtree(TOOLS, ignore_errors=True)
    venv.make(TOOLS)
    wanted = TOOLS / "uv.in"
    wanted.write_text(pin, encoding="utf-8")
    command: list[str | Path] = [TOOLS / "bin" / "python", "-m", "pip", "install", "--no-input"]
    venv.pip([*command, "--require-hashes", "--only-binary", ":all:", "-r", wanted], "Installing uv", 1)
    wanted.rename(TOOLS / "uv.txt")
