"""The sockets to listen on."""

from __future__ import annotations

import errno
import socket
import sys

__all__ = ["DEFAULT_PORT", "CannotListen", "listen"]

DEFAULT_PORT = 6006
_PORTS_TRIED = 100
_LOOPBACK = ("127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::")


class CannotListen(Exception):
    """No socket could be opened as asked; the text is the sentence for the user."""


def listen(host: str | None, port: int | None, bind_all: bool = False) -> list[socket.socket]:
    """Listening sockets, all on one port.

    host   None: this machine only, by IPv4 and IPv6
    port   None: 6006 or the next one that is free; 0: any free one; else this one or none

    Raises CannotListen.
    """
    addresses = _EVERYWHERE if bind_all else (_LOOPBACK if host in (None, "localhost") else (str(host).strip("[]"),))
    first = DEFAULT_PORT if port is None else port
    for candidate in range(first, first + (_PORTS_TRIED if port is None else 1)):
        try:
            return _listen_on(addresses, candidate)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEADDRINUSE", None)):
                raise CannotListen(
                    f"cannot listen on {addresses[0]} port {candidate}: {error.strerror or error}"
                ) from None
            if port is not None:
                why = "is taken by another program" if error.errno != errno.EACCES else "may not be used by this user"
                raise CannotListen(f"port {port} {why}; choose another one with --port, or leave --port out") from None
    raise CannotListen(f"ports {first} to {first + _PORTS_TRIED - 1} are all taken; choose one with --port")


def _listen_on(addresses: tuple[str, ...], port: int) -> list[socket.socket]:
    """One socket per address. A family this machine does not have is left out, if another address is left."""
    opened: list[socket.socket] = []
    failure: OSError | None = None
    for address in addresses:
        try:
            found = _bind(address, port or (opened[0].getsockname()[1] if opened else 0))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES) or len(addresses) == 1:
                _close(opened)
                raise
            failure = error
            continue
        opened.append(found)
    if not opened:
        raise failure or OSError(errno.EADDRNOTAVAIL, "no address to listen on")
    return opened


def _bind(address: str, port: int) -> socket.socket:
    family, kind, protocol, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":
            # Without this, Windows lets two programs listen on one port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free again
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(where)
        bound.listen(1024)
    except OSError:
        bound.close()
        raise
    return bound


def _close(opened: list[socket.socket]) -> None:
    for one in opened:
        one.close()
