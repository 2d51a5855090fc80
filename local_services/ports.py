"""Ports on loopback: found free once, kept from start to start while they are free."""

import errno
import secrets
import socket
from collections.abc import Mapping

from local_services.console import TroubleError

LOWEST, HIGHEST = 20000, 32000  # below the range from which systems take ports for outgoing connections


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    try:
        _try(port, host)
    except OSError:
        return False
    return True


def require_free(port: int, host: str) -> None:
    """Raises TroubleError, in one sentence, when the site cannot listen there."""
    try:
        _try(port, host)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise TroubleError(f"Port {port} is already in use; stop what uses it or choose another with PORT.") from error
        if error.errno == errno.EACCES:
            raise TroubleError(f"Port {port} needs root; choose one above 1023 with PORT.") from error
        raise TroubleError(f"{host}:{port} cannot be listened on ({error.strerror}); HOST and PORT say where.") from error


def remembered_ports(names: tuple[str, ...], memory: Mapping[str, str], host: str = "127.0.0.1") -> dict[str, int]:
    """A port for each name: the remembered one if it is still free, else a new one; all different."""
    chosen: dict[str, int] = {}
    for name in names:
        old = memory.get(name, "")
        port = int(old) if old.isdecimal() else 0
        if not port or port in chosen.values() or not is_free(port, host):
            port = _new_port(host, set(chosen.values()))
        chosen[name] = port
    return chosen


def _new_port(host: str, taken: set[int]) -> int:
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if port not in taken and is_free(port, host):
            return port


def _try(port: int, host: str) -> None:
    with _socket(host) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _socket(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
