"""Locks between launchers, and temporary folders that are swept up after a crash.

A lock is the kernel's (flock), so it goes with the process that held it; a
folder whose lock nobody holds is a leftover.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .words import Trouble, say

PREFIX = "mats-launch-"
# A socket path may have 107 bytes, on macOS 103, and "/.s.PGSQL.5432" takes 14.
SOCKET_FOLDER_LIMIT = 80
SETTLING = 60  # seconds a folder may be without its lock file, while being made
PAUSE = 0.2  # seconds between two attempts at a lock


def try_lock(path: Path) -> IO[str] | None:
    """The open file that holds the lock, or None if another process has it."""
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def holder(path: Path) -> int | None:
    """Process id that the lock's last owner wrote."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


@contextmanager
def locked(path: Path, waiting: str, give_up: Callable[[], bool] = lambda: False) -> Iterator[bool]:
    """Hold the lock; False if give_up said so while another process had it."""
    file = try_lock(path)
    told = False
    while file is None:
        if give_up():
            yield False
            return
        if not told:
            say(waiting)
            told = True
        time.sleep(PAUSE)
        file = try_lock(path)
    with file:
        yield True


def in_memory(needed: int) -> Path | None:
    """/dev/shm if it is there, writable, and has so many bytes free."""
    shm = Path("/dev/shm")
    try:
        roomy = shutil.disk_usage(shm).free >= needed
    except OSError:
        return None
    return shm if roomy and os.access(shm, os.W_OK) else None


def for_sockets() -> Path:
    """The temporary folder, or /tmp if its path is long or needs quoting in a URL."""
    usual = Path(tempfile.gettempdir())
    plain = str(usual).replace("/", "").replace("_", "").replace("-", "")
    short = len(os.fsencode(usual)) + len(PREFIX) + 9 <= SOCKET_FOLDER_LIMIT
    if short and (plain.isascii() and plain.isalnum()):
        return usual
    return Path("/tmp")


@contextmanager
def temporary(parent: Path) -> Iterator[Path]:
    """A folder that is gone afterwards, or at the next start after a crash."""
    sweep(parent)
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    except OSError as error:
        raise Trouble(f"Cannot make a temporary folder in {parent}: {error.strerror}.") from error
    lock = try_lock(folder / "lock")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            lock.close()


def sweep(parent: Path) -> None:
    """Remove this user's leftovers of launchers that were killed."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            found = folder.lstat()
            if found.st_uid == os.geteuid() and _is_left_over(folder, found.st_mtime):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def _is_left_over(folder: Path, changed_at: float) -> bool:
    if not (folder / "lock").exists():
        return time.time() - changed_at > SETTLING
    lock = try_lock(folder / "lock")
    if lock is None:
        return False
    lock.close()
    return True
