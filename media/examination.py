"""The one pass over a file's bytes: counted, scanned, copied to a temporary file, and that one looked into. No database, no store."""

import json
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import structlog
from django.conf import settings

from media import extensions, fence, file_types, scanning
from media.inspection.kinds import kind_of
from media.verdicts import FileWarning, RefusedError, Rejection, Scan
from media.verification import Measurement, judge, measure

CANNOT_LOOK = 3  # exit status of media.inspection
CRASHES: list[int] = [signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE]
STOPPED = dict.fromkeys(CRASHES, Rejection.DAMAGED) | {int(signal.SIGXCPU): Rejection.BOMB}
"""What a file did to the process that opened it, and what that says of it."""

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a file. `rejection` is None for one that is taken."""

    found: Measurement
    rejection: Rejection | None = None
    warnings: tuple[FileWarning, ...] = ()
    scan: Scan = Scan.NOT_SCANNED


def examine(blocks: Iterable[bytes], filename: str, *, declared_size: int | None = None, declared_sha256: str = "") -> Verdict:
    """Read the bytes once, in the memory of one block, and judge them. Raises UnavailableError while the virus scanner is away.

    A declared size of None: whatever arrives is whole.
    """
    with tempfile.TemporaryDirectory(prefix="media-") as folder, scanning.scanning() as scan, _Copy(Path(folder) / "source") as copy:
        sinks = [copy.write, scan.feed] if scan else [copy.write]
        found = measure(_passing(blocks, sinks), filename)
        size = found.size if declared_size is None else declared_size
        rejection = judge(found, declared_size=size, declared_sha256=declared_sha256)
        if rejection:
            return Verdict(found, rejection)
        try:
            scanned = scan.result() if scan else Scan.NOT_SCANNED
            found, warnings = _look(found, copy)
        except RefusedError as refused:
            return Verdict(found, refused.rejection)
    if not file_types.is_allowed(found.content_type):  # the look knows more than the first bytes
        return Verdict(found, Rejection.TYPE)
    if not extensions.fits(filename, found.content_type):
        warnings.add(FileWarning.NAME)
    return Verdict(found, warnings=tuple(sorted(warnings)), scan=scanned)


def _passing(blocks: Iterable[bytes], sinks: Sequence[Callable[[bytes], None]]) -> Iterator[bytes]:
    for block in blocks:
        for sink in sinks:
            sink(block)
        yield block


class _Copy:
    """A temporary file of at most settings.INSPECT_MAX_BYTES; of anything larger nothing is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0

    @property
    def is_whole(self) -> bool:
        return bool(self.size <= settings.INSPECT_MAX_BYTES)

    def __enter__(self) -> Self:
        self._file = self.path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, block: bytes) -> None:
        self.size += len(block)
        if self.is_whole:
            self._file.write(block)
        else:
            self._file.truncate(0)

    def flush(self) -> None:
        self._file.flush()


def _look(found: Measurement, copy: _Copy) -> tuple[Measurement, set[FileWarning]]:
    """Look into the file in the fenced process; raise RefusedError for what is not taken."""
    if kind_of(found.content_type) is None:
        return found, set()
    if not copy.is_whole:
        return found, {FileWarning.NOT_INSPECTED}
    copy.flush()
    limits = {
        "pixels": settings.INSPECT_MAX_PIXELS,
        "entries": settings.INSPECT_MAX_ENTRIES,
        "unpacked_bytes": settings.INSPECT_MAX_UNPACKED_BYTES,
    }
    done = fence.run("media.inspection", found.content_type, json.dumps(limits), str(copy.path))
    if -done.returncode in STOPPED:
        raise RefusedError(STOPPED[-done.returncode])
    if done.returncode == CANNOT_LOOK:
        why = done.stderr.decode(errors="replace").strip()[-500:]
        logger.warning("file_not_looked_into", content_type=found.content_type, sha256=found.sha256, why=why)
        return found, {FileWarning.NOT_OPENED}
    done.check_returncode()  # ended from outside: the job tries again
    answer = json.loads(done.stdout)
    if answer["rejection"]:
        raise RefusedError(Rejection(answer["rejection"]))
    return replace(found, content_type=answer["content_type"]), {FileWarning(code) for code in answer["warnings"]}
