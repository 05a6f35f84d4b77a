"""Stand between the launcher and a child: set it up, then become it.

Run as a script of its own rather than in a preexec_fn, because unsharing and
dropping privileges in a forked copy of a larger Python is fragile.

    guard.py PARENT SIGNAL IDENTITY COMMAND…

PARENT    process id of the launcher: if it has already gone, so do we.
SIGNAL    number the kernel sends us when the launcher dies, however it dies.
IDENTITY  self | namespace | nobody: whom to become. PostgreSQL refuses root.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def _libc_call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def enter_namespace() -> None:
    """Be somebody other than root in a user namespace of this one user.

    The user inside must be one the machine knows: initdb looks up its name.
    """
    inside = min((entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall() if entry.pw_uid)
    outside = os.geteuid(), os.getegid()
    _libc_call("unshare", CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{inside[0]} {outside[0]} 1")
    _write("/proc/self/gid_map", f"{inside[1]} {outside[1]} 1")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def become_nobody() -> None:
    entry = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def die_with(parent: int, signum: int) -> None:
    """Ask the kernel for the signal; a change of identity would clear it."""
    if sys.platform == "linux":
        _libc_call("prctl", PR_SET_PDEATHSIG, signum, 0, 0, 0)
    # The launcher may have died before the request was in place.
    if os.getppid() != parent:
        sys.exit(1)


def main(arguments: list[str]) -> None:
    parent, signum, identity, *command = arguments
    if identity == "namespace":
        enter_namespace()
    elif identity == "nobody":
        become_nobody()
    die_with(int(parent), int(signum))
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
