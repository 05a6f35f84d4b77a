"""The virtual environment, made from the hash-pinned locks by plain pip."""

import importlib.machinery
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import checkout
from .checkout import REQUIREMENTS, ROOT, VENV
from .folders import locked
from .platforms import why_unsupported
from .processes import guarded, start, stop
from .running import running
from .words import Trouble, is_terminal, last_lines, say

BUILDING = ROOT / ".venv.building"
RETIRED = ROOT / ".venv.retired"
STAMP = "made-from.json"
PYTHON = VENV / "bin" / "python"
PINNED = re.compile(r"^[A-Za-z0-9._-]+==", re.MULTILINE)


def locks_for(*, tests: bool) -> list[str]:
    """Names of the locks; without the embedded services where they cannot run."""
    demo = [] if why_unsupported() else ["demo"]
    return ["app", *demo, *(["test"] if tests else [])]


def ensure(*, tests: bool = False) -> None:
    """Make the environment, or bring it into step with the locks."""
    checkout.make_folder(checkout.LOGS)
    wanted = {name: checkout.digest(REQUIREMENTS / f"{name}.lock") for name in locks_for(tests=tests)}
    if not missing(wanted):
        return
    with locked(checkout.DEMO / "venv.lock", "Another command is installing the packages; waiting."):
        names = missing(wanted)
        if names:
            _bring_into_step(names, wanted)


def _bring_into_step(names: list[str], wanted: dict[str, str]) -> None:
    stamp = checkout.read_json(VENV / STAMP)
    grows = stamp and not any(name in stamp["locks"] for name in names) and _runs(stamp)
    if grows:
        _install(VENV, names)
        checkout.write_json(VENV / STAMP, stamp | {"locks": stamp["locks"] | wanted})
    else:
        _rebuild(wanted)


def missing(wanted: dict[str, str]) -> list[str]:
    """The locks that the environment is not yet in step with."""
    stamp = checkout.read_json(VENV / STAMP)
    if not stamp or not _runs(stamp):
        return list(wanted)
    return [name for name, digest in wanted.items() if stamp["locks"].get(name) != digest]


def _runs(stamp: dict[str, str]) -> bool:
    """Whether its Python is still there, and the one it was made with."""
    command = [str(PYTHON), "-I", "-S", "-c", "import platform; print(platform.python_version())"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True)
    except OSError:
        return False
    return done.stdout.strip() == stamp["python"]


def _rebuild(wanted: dict[str, str]) -> None:
    """Build beside the old one and swap, so that a killed build leaves no half."""
    if VENV.exists() and not (VENV / STAMP).exists():
        raise Trouble(f"{VENV} was not made by this launcher. Move it away or delete it, then start again.")
    if running():
        raise Trouble("The requirements have changed while a demo runs on the old ones. Stop the demo first.")
    if importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            f"This Python ({sys.executable}) cannot make virtual environments: its venv module is "
            "incomplete.\nOn Debian and Ubuntu: apt install python3-venv"
        )
    for folder in (BUILDING, RETIRED):
        shutil.rmtree(folder, ignore_errors=True)
    make(BUILDING)
    _install(BUILDING, list(wanted))
    _rename_inside(BUILDING)
    checkout.write_json(BUILDING / STAMP, {"python": platform.python_version(), "locks": wanted})
    if VENV.exists():
        VENV.rename(RETIRED)
    BUILDING.rename(VENV)
    shutil.rmtree(RETIRED, ignore_errors=True)


def make(folder: Path) -> None:
    log = checkout.LOGS / "venv.log"
    child = start("venv", [sys.executable, "-m", "venv", folder], env=pip_environment(), log=log)
    try:
        code = child.process.wait()
    finally:
        stop([child])
    if code:
        raise Trouble(
            f"The virtual environment could not be made:\n{last_lines(log)}\n"
            "On Debian and Ubuntu this helps: apt install python3-venv"
        )


def pip_environment() -> dict[str, str]:
    """The caller's own, so that PIP_… and pip.conf (private mirrors) keep working.

    Only what would install elsewhere than into our environment is left out.
    """
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
    return kept | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _install(folder: Path, names: list[str]) -> None:
    files = [REQUIREMENTS / f"{name}.lock" for name in names]
    count = sum(len(PINNED.findall(file.read_text(encoding="utf-8"))) for file in files)
    command: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--no-input"]
    command += ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--progress-bar", "off"]
    for file in files:
        command += ["-r", file]
    pip(command, f"Installing {count} packages ({', '.join(names)})", count)


def pip(command: list[str | Path], label: str, count: int) -> None:
    """Run pip, counting the packages it has fetched on one line."""
    started = time.monotonic()
    progress = Progress(label, count)
    log = checkout.LOGS / "pip.log"
    with log.open("wb") as record:
        process = subprocess.Popen(
            guarded(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=pip_environment(),
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                record.write(line)
                progress.read(line)
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
    if code:
        say()
        raise Trouble(
            f"pip could not install the packages:\n{last_lines(log)}\n"
            "It used your own pip settings, if any (PIP_INDEX_URL, pip.conf)."
        )
    progress.finish(time.monotonic() - started)


class Progress:
    """One line that counts on a terminal, and a mark every tenth elsewhere."""

    def __init__(self, label: str, count: int) -> None:
        self.label, self.count, self.seen = label, count, 0
        say(f"  {label} … ", end="")

    def read(self, line: bytes) -> None:
        if line.startswith((b"Collecting ", b"Requirement already satisfied")):
            self.seen += 1
            self._show(f"{self.seen}")
        elif line.startswith(b"Installing collected"):
            self._show("unpacking")

    def _show(self, text: str) -> None:
        if is_terminal():
            say(f"\r\033[K  {self.label} … {text}", end="")
        elif text == "unpacking" or self.seen % 10 == 0:
            say(f"{text} … ", end="")

    def finish(self, seconds: float) -> None:
        clear = f"\r\033[K  {self.label} … " if is_terminal() else ""
        say(f"{clear}{seconds:.1f} s")


def _rename_inside(folder: Path) -> None:
    """Scripts name the Python they were made with: let it be the final one."""
    old, new = os.fsencode(folder), os.fsencode(VENV)
    for script in (folder / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        if old in content and b"\0" not in content:
            script.write_bytes(content.replace(old, new))


def package_folder(name: str) -> Path | None:
    """Where a package lies in the environment; it is looked up, not imported."""
    places = [str(place) for place in VENV.glob("lib/python*/site-packages")]
    spec = importlib.machinery.PathFinder.find_spec(name, places)
    return Path(spec.origin).parent if spec and spec.origin else None
