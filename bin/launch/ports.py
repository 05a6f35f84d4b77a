"""The port of the demo."""

import errno
import socket

from .words import Trouble

HOST = "127.0.0.1"
FIRST = 8000
BEYOND = 32768  # from here the system gives ports to outgoing connections


def listen(wanted: int | None = None) -> socket.socket:
    """A listening socket on the wanted port, else on the first free one.

    The socket itself is handed to the web server, so that no other program
    can take the port in between.
    """
    if wanted is not None:
        return _listen_on(wanted)
    for port in range(FIRST, BEYOND):
        try:
            return _bind(port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Trouble(f"Cannot listen on {HOST}: {error.strerror}.") from error
    raise Trouble(f"Every port from {FIRST} to {BEYOND - 1} is taken.")


def _listen_on(port: int) -> socket.socket:
    try:
        return _bind(port)
    except OSError as error:
        raise Trouble(f"Cannot listen on port {port}: {error.strerror}.") from error


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"
