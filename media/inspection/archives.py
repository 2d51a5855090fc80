"""ZIP files and what is made of them (office documents, e-books), gzip and tar: whole, open to all, not growing without end."""

import contextlib
import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from media.inspection import office, packages
from media.inspection.findings import PROGRAMS, Findings, Limits, is_virus_test
from media.inspection.paths import LONGEST_TARGET, Paths
from media.verdicts import FileWarning, RefusedError, Rejection

DEEPEST = 3  # archives in archives
LARGEST_INSIDE = 64 * 1024**2  # bytes of an archive or document inside that is looked into
RATIO, RATIO_FROM = 200, 64 * 1024**2  # so many times its size, from so many bytes
PEEK_BYTES = tarfile.BLOCKSIZE
XML_PEEK_BYTES = 64 * 1024
BLOCK = 1024 * 1024
MOST_OF_GZIP = 2 * 1024**3  # bytes that are unpacked to see whether it is whole
PLAIN = "application/zip"  # an archive that is no document
NAMES_DIFFER = "header differ"  # zipfile: the table of contents has a name in another encoding than the entry
ENTRY, EMPTY, GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08"
ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
MADE_OF_XML = (".xml", ".rels", ".opf", ".ncx", ".xhtml")
INSIDE = {
    Rejection.LOCKED: FileWarning.LOCKED,
    Rejection.DAMAGED: FileWarning.NOT_OPENED,
    Rejection.TRUNCATED: FileWarning.NOT_OPENED,
    Rejection.TYPE: FileWarning.PROGRAMS,
}
"""What would be refused by itself, and is only told where it lies in an archive."""


def look_into_zip(_content_type: str, source: Path, limits: Limits, findings: Findings) -> None:
    with source.open("rb") as file:
        _Look(source, limits, findings).into_zip(file, source.stat().st_size)


def look_into_gzip(_content_type: str, source: Path, limits: Limits, findings: Findings) -> None:
    with source.open("rb") as file:
        _Look(source, limits, findings).into_gzip(file, source.stat().st_size)


def look_into_tar(_content_type: str, source: Path, limits: Limits, findings: Findings) -> None:
    with source.open("rb") as file:
        _Look(source, limits, findings).into_tar(file, source.stat().st_size)


class _Look:
    """One look into an archive and those inside it; what they all unpack to is added up."""

    def __init__(self, source: Path, limits: Limits, findings: Findings) -> None:
        self.size, self.limits, self.findings = source.stat().st_size, limits, findings
        self.entries = self.unpacked = 0

    def into_zip(self, file: IO[bytes], size: int, depth: int = 0) -> None:
        if file.read(len(EMPTY)) == EMPTY:
            return
        try:
            with zipfile.ZipFile(file) as archive:
                paths = self._check_entries(archive.infolist(), size)
                packages.check(archive)
                content_type = packages.type_of(archive)
                if depth == 0:
                    content_type = self.findings.content_type = content_type or self.findings.content_type
                is_document = content_type not in {"", PLAIN}
                for entry in archive.infolist():
                    self._peek_zipped(archive, entry, paths, depth, is_document=is_document)
                paths.check()
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
            raise RefusedError(Rejection.DAMAGED if zipfile.is_zipfile(file) else Rejection.TRUNCATED) from error

    def into_gzip(self, file: IO[bytes], size: int, depth: int = 0) -> None:
        """Unpack all of it, to see whether it is whole; what is a tar is looked into on the way."""
        unpacking = _Unpacking(file, size, self.limits.unpacked_bytes - self.unpacked)
        try:
            if _is_tar(unpacking.head()):
                with _judging_tars(), tarfile.open(fileobj=unpacking, mode="r|", bufsize=BLOCK) as archive:
                    self._look_at_members(archive, size, depth)
                unpacking.rest()
            else:
                self._count(1, unpacking.rest())
        except _TooMuchError:
            self.findings.warnings.add(FileWarning.NOT_INSPECTED)

    def into_tar(self, file: IO[bytes], size: int, depth: int = 0) -> None:
        with _judging_tars(), tarfile.open(fileobj=file, mode="r:") as archive:
            self._look_at_members(archive, size, depth)

    def _look_at_members(self, archive: tarfile.TarFile, size: int, depth: int) -> None:
        paths, unpacked = Paths(), 0
        for entry in archive:
            unpacked += entry.size
            if _grows(unpacked, size):
                raise RefusedError(Rejection.BOMB)
            self._count(1, entry.size)
            self._judge_name(entry.name)
            if entry.issym():
                paths.add_link(entry.name, entry.linkname)
            elif entry.islnk():
                paths.add_hard_link(entry.name, entry.linkname)
            else:
                paths.add(entry.name)
            if entry.isfile() and entry.size and (member := archive.extractfile(entry)):
                self._peek(member, entry.size, depth)
        paths.check()

    def _count(self, entries: int, unpacked: int) -> None:
        """Add up what all archives hold."""
        self.entries += entries
        self.unpacked += unpacked
        if _grows(self.unpacked, self.size) or self.entries > self.limits.entries or self.unpacked > self.limits.unpacked_bytes:
            raise RefusedError(Rejection.BOMB)

    def _judge_name(self, name: str) -> None:
        if PROGRAMS.search(name):
            self.findings.warnings.add(FileWarning.PROGRAMS)

    def _check_entries(self, entries: list[zipfile.ZipInfo], size: int) -> Paths:
        """Judge by the table of contents alone, before anything is unpacked."""
        paths, unpacked = Paths(), sum(entry.file_size for entry in entries)
        if _grows(unpacked, size) or any(_grows(entry.file_size, entry.compress_size) for entry in entries):
            raise RefusedError(Rejection.BOMB)
        self._count(len(entries), unpacked)
        if any(entry.flag_bits & 1 for entry in entries):
            raise RefusedError(Rejection.LOCKED)
        for entry in entries:
            paths.add(entry.filename)
            self._judge_name(entry.filename)
        return paths

    def _peek_zipped(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, paths: Paths, depth: int, *, is_document: bool) -> None:
        if entry.is_dir() or not entry.file_size:
            return
        try:
            member = archive.open(entry)
        except NotImplementedError:  # a way of packing that Python does not know
            self.findings.warnings.add(FileWarning.NOT_OPENED)
            return
        except zipfile.BadZipFile as error:
            if NAMES_DIFFER not in str(error):
                raise
            self.findings.warnings.add(FileWarning.NOT_OPENED)  # other programs are less strict
            return
        with member:
            if stat.S_ISLNK(entry.external_attr >> 16):
                paths.add_link(entry.filename, member.read(LONGEST_TARGET).decode(errors="replace"))
            else:
                is_xml = is_document and entry.filename.lower().endswith(MADE_OF_XML)
                self._peek(member, entry.file_size, depth, is_xml=is_xml)

    def _peek(self, member: IO[bytes], size: int, depth: int, *, is_xml: bool = False) -> None:
        """Unpack the beginning of an entry, and all of it if it is an archive or a document itself."""
        head = member.read(XML_PEEK_BYTES if is_xml else PEEK_BYTES)
        if is_virus_test(head, size):
            raise RefusedError(Rejection.MALWARE)
        if is_xml and any(mark in head for mark in ENTITIES):
            raise RefusedError(Rejection.BOMB)
        look = self._look_for(head)
        if look is None:
            return
        if depth == DEEPEST:
            raise RefusedError(Rejection.BOMB)
        if size > LARGEST_INSIDE:
            self.findings.warnings.add(FileWarning.NOT_INSPECTED)
            return
        try:
            look(io.BytesIO(head + member.read()), size, depth + 1)
        except RefusedError as refused:
            if refused.rejection not in INSIDE:
                raise
            self.findings.warnings.add(INSIDE[refused.rejection])

    def _look_for(self, head: bytes) -> Callable[[IO[bytes], int, int], None] | None:
        """Return how to look into what begins like this; None if there is nothing to look into."""
        if head.startswith(ENTRY):
            return self.into_zip
        if head.startswith(GZIP):
            return self.into_gzip
        if head.startswith(office.SIGNATURE):
            return lambda file, _size, _depth: office.look_into(file, self.findings)
        return self.into_tar if _is_tar(head[: tarfile.BLOCKSIZE]) else None


class _TooMuchError(Exception):
    """More than is unpacked here."""


class _Unpacking(gzip.GzipFile):
    """What a gzip file holds, from front to back. Raises RefusedError if it is broken or a bomb, _TooMuchError if it is too large."""

    def __init__(self, file: IO[bytes], packed: int, most: int) -> None:
        super().__init__(fileobj=file, mode="rb")
        self.packed, self.most, self.unpacked = packed, most, 0

    def head(self) -> bytes:
        """Return the first block of what may be a tar, and begin anew."""
        head = self.read(tarfile.BLOCKSIZE)
        self.seek(0)
        self.unpacked = 0
        return head

    def read(self, size: int | None = -1) -> bytes:
        try:
            block = super().read(size)
        except EOFError as error:
            raise RefusedError(Rejection.TRUNCATED) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise RefusedError(Rejection.DAMAGED) from error
        self.unpacked += len(block)
        if _grows(self.unpacked, self.packed) or self.unpacked > self.most:
            raise RefusedError(Rejection.BOMB)
        if self.unpacked > MOST_OF_GZIP:
            raise _TooMuchError
        return block

    def rest(self) -> int:
        """Unpack what was not read; return of how many bytes all of it is."""
        while self.read(BLOCK):
            pass
        return self.unpacked


@contextlib.contextmanager
def _judging_tars() -> Iterator[None]:
    try:
        yield
    except (RefusedError, MemoryError, _TooMuchError):
        raise
    except tarfile.ReadError as error:
        raise RefusedError(Rejection.TRUNCATED) from error
    except Exception as error:  # tarfile raises anything at broken files
        raise RefusedError(Rejection.DAMAGED) from error


def _is_tar(block: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _grows(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > RATIO * max(packed, 1)
