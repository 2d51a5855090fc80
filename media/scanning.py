"""The virus scanner, where the site has one: ClamAV's daemon, which is handed the bytes as they pass (its command INSTREAM)."""

import contextlib
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.errors import UnavailableError
from media.verdicts import RefusedError, Rejection, Scan
from media.verification import SCANS

logger = structlog.stdlib.get_logger(__name__)

LONGEST_ANSWER = 4096
CLEAN_ANSWER = "stream: OK"


class ScannerAwayError(UnavailableError):
    """The scanner does not answer, or not in time, or cannot work: the file is looked at again later."""

    def __init__(self) -> None:
        super().__init__(SCANS[Scan.WAITING], code="scanner-away")


@contextlib.contextmanager
def _or_away() -> Iterator[None]:
    """Turn what a broken, silent or refused line raises into ScannerAwayError."""
    try:
        yield
    except OSError as error:
        logger.warning("scanner_away", error=repr(error))
        raise ScannerAwayError from error


class Scanning:
    """One file on its way through the scanner: `feed` it block by block, then ask for the `result`. Both raise ScannerAwayError."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._fed = 0
        with _or_away():
            self._connection.sendall(b"zINSTREAM\0")

    def feed(self, block: bytes) -> None:
        """Pass bytes on; past settings.CLAMAV_MAX_BYTES they are let go."""
        self._fed += len(block)
        if self._fed <= settings.CLAMAV_MAX_BYTES:
            with _or_away():
                self._connection.sendall(len(block).to_bytes(4, "big") + block)

    def result(self) -> Scan:
        """Return CLEAN or TOO_LARGE; raise RefusedError if something was found."""
        if self._fed > settings.CLAMAV_MAX_BYTES:
            return Scan.TOO_LARGE
        with _or_away():
            self._connection.sendall(bytes(4))
            answer = self._answer()
        if answer.endswith(" FOUND"):
            logger.warning("malware_found", answer=answer)
            raise RefusedError(Rejection.MALWARE)
        if answer != CLEAN_ANSWER:
            logger.error("scanner_could_not_scan", answer=answer)
            raise ScannerAwayError
        return Scan.CLEAN

    def _answer(self) -> str:
        answer = b""
        while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0"):
            more = self._connection.recv(LONGEST_ANSWER)
            if not more:
                break
            answer += more
        return answer.rstrip(b"\0").decode(errors="replace")


@contextlib.contextmanager
def scanning() -> Iterator[Scanning | None]:
    """Open a line to the site's scanner; None where there is none. Raises ScannerAwayError."""
    if not settings.CLAMAV_URL:
        yield None
        return
    with _or_away():
        connection = _connect()
    with connection:
        yield Scanning(connection)


def _connect() -> socket.socket:
    address = urlsplit(settings.CLAMAV_URL)
    if address.scheme == "tcp" and address.hostname and address.port:
        return socket.create_connection((address.hostname, address.port), timeout=settings.CLAMAV_TIMEOUT_SECONDS)
    if address.scheme == "unix" and address.path:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(settings.CLAMAV_TIMEOUT_SECONDS)
        connection.connect(address.path)
        return connection
    raise ImproperlyConfigured(f"CLAMAV_URL is {settings.CLAMAV_URL}; it must be tcp://host:port or unix:/path.")
