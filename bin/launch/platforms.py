"""Whether the embedded services exist for this machine."""

import os
import platform
import sys

MACHINES = {"x86_64", "amd64", "aarch64", "arm64"}
OLDEST_GLIBC = (2, 28)


def why_unsupported() -> str:
    """Why the wheels of PostgreSQL and Valkey do not run here; empty if they do."""
    return judge(sys.platform, platform.machine().lower(), glibc())


def judge(system: str, machine: str, libc: tuple[int, ...] | None) -> str:
    if system not in {"linux", "darwin"}:
        return f"there are none for {system}, only for Linux and macOS"
    if machine not in MACHINES:
        return f"there are none for {machine}, only for x86_64 and aarch64"
    if system == "linux" and libc is None:
        return "there are none for Linux without glibc (such as Alpine)"
    if libc is not None and libc < OLDEST_GLIBC:
        return f"they need glibc 2.28 and this machine has {'.'.join(map(str, libc))}"
    return ""


def glibc() -> tuple[int, ...] | None:
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (ValueError, OSError):
        return None
    return tuple(int(part) for part in version.split(".")) if name == "glibc" else None
