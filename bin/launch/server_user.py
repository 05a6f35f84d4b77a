"""Whom PostgreSQL runs as, since it refuses root, and what that user must own."""

import functools
import os
import pwd
import shutil
import subprocess
import zlib
from pathlib import Path

from . import checkout
from .processes import guarded
from .words import Trouble


@functools.cache
def identity() -> str:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return "self"
    for name in ("namespace", "nobody"):
        if subprocess.run(guarded(["/bin/true"], identity=name), capture_output=True, check=False).returncode == 0:
            return name
    raise Trouble(
        "PostgreSQL does not run as root, and this machine allows neither user namespaces nor "
        "the user nobody.\nRun this as a normal user, or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def data_folder_for_demo() -> Path:
    """In the checkout, unless nobody must own it: then under /var/tmp."""
    if identity() != "nobody":
        return checkout.DEMO / "data"
    return _folder_of_nobody() / "data"


def _folder_of_nobody() -> Path:
    """A folder that root made and no other user could have put there."""
    folder = Path("/var/tmp") / f"mats-demo-{zlib.crc32(os.fsencode(checkout.ROOT)):x}"
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.lstat().st_uid not in {0, _nobody()}:
        raise Trouble(f"{folder} belongs to another user. Delete it, then start again.")
    give_to_server(folder)
    return folder


def _nobody() -> int:
    return pwd.getpwnam("nobody").pw_uid


def give_to_server(folder: Path) -> None:
    """Let the server's user own the folder, where that is another user."""
    if identity() == "nobody":
        os.chown(folder, _nobody(), -1)


def within_reach(binaries: Path, place: Path) -> Path:
    """Where to run them from: a copy at the place if nobody cannot read them where they are."""
    if identity() != "nobody":
        return binaries
    test = guarded([binaries / "postgres", "--version"], identity="nobody")
    if subprocess.run(test, capture_output=True, check=False, cwd="/").returncode == 0:
        return binaries
    package = binaries.parents[1]
    copy = place / "binaries"
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, copy / source.name, dirs_exist_ok=True)
    copy.chmod(0o755)
    return copy / package.name / "pginstall" / "bin"
