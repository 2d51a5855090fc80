"""ZIP files and what is made of them (office documents, e-books), gzip and tar: whole, open to all, not growing without end."""

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from media.inspection import office, packages
from media.inspection.findings import EICAR, PROGRAMS, Findings, Limits, is_virus_test
from media.verdicts import FileWarning, RefusedError, Rejection

DEEPEST = 3  # archives in archives
LARGEST_INSIDE = 64 * 1024**2  # bytes of an archive or document inside that is looked into
RATIO, RATIO_FROM = 200, 64 * 1024**2  # so many times its size, from so many bytes
PEEK_BYTES = len(EICAR)
XML_PEEK_BYTES = 64 * 1024
BLOCK = 1024 * 1024
MOST_OF_GZIP = 2 * 1024**3  # bytes that are unpacked to see whether it is whole
PLAIN = "application/zip"  # an archive that is no document
NAMES_DIFFER = "header differ"  # zipfile: the table of contents has a name in another encoding than the entry
ENTRY, EMPTY = b"PK\x03\x04", b"PK\x05\x06"
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
        _Zip(limits, findings).look(file, source.stat().st_size)


class _Zip:
    """One look into an archive and those inside it; what they all unpack to is added up."""

    def __init__(self, limits: Limits, findings: Findings) -> None:
        self.limits, self.findings = limits, findings
        self.entries = self.unpacked = 0

    def look(self, file: IO[bytes], size: int, depth: int = 0) -> None:
        if file.read(len(EMPTY)) == EMPTY:
            return
        try:
            with zipfile.ZipFile(file) as archive:
                self._check_entries(archive.infolist(), size)
                packages.check(archive)
                content_type = packages.type_of(archive)
                if depth == 0:
                    content_type = self.findings.content_type = content_type or self.findings.content_type
                is_document = content_type not in {"", PLAIN}
                for entry in archive.infolist():
                    self._peek(archive, entry, depth, is_document=is_document)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
            raise RefusedError(Rejection.DAMAGED if zipfile.is_zipfile(file) else Rejection.TRUNCATED) from error

    def _check_entries(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        """Judge by the table of contents alone, before anything is unpacked."""
        self.entries += len(entries)
        self.unpacked += sum(entry.file_size for entry in entries)
        grows = any(_grows(entry.file_size, entry.compress_size) for entry in entries)
        if grows or _grows(self.unpacked, size) or self.entries > self.limits.entries or self.unpacked > self.limits.unpacked_bytes:
            raise RefusedError(Rejection.BOMB)
        if any(entry.flag_bits & 1 for entry in entries):
            raise RefusedError(Rejection.LOCKED)
        if any(_leaves(entry.filename) for entry in entries):
            raise RefusedError(Rejection.PATHS)
        if any(PROGRAMS.search(entry.filename) for entry in entries):
            self.findings.warnings.add(FileWarning.PROGRAMS)

    def _peek(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int, *, is_document: bool) -> None:
        """Unpack the beginning of an entry, and all of it if it is an archive or a document itself."""
        if entry.is_dir() or not entry.file_size:
            return
        is_xml = is_document and entry.filename.lower().endswith(MADE_OF_XML)
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
            head = member.read(XML_PEEK_BYTES if is_xml else PEEK_BYTES)
            if is_virus_test(head, entry.file_size):
                raise RefusedError(Rejection.MALWARE)
            if stat.S_ISLNK(entry.external_attr >> 16) and _leaves(head.decode(errors="replace")):
                raise RefusedError(Rejection.PATHS)
            if is_xml and any(mark in head for mark in ENTITIES):
                raise RefusedError(Rejection.BOMB)
            if head.startswith((ENTRY, office.SIGNATURE)):
                self._look_inside(head, member, entry.file_size, depth + 1)

    def _look_inside(self, head: bytes, member: IO[bytes], size: int, depth: int) -> None:
        if depth > DEEPEST:
            raise RefusedError(Rejection.BOMB)
        if size > LARGEST_INSIDE:
            self.findings.warnings.add(FileWarning.NOT_INSPECTED)
            return
        inside = io.BytesIO(head + member.read())
        try:
            if head.startswith(ENTRY):
                self.look(inside, size, depth)
            else:
                office.look_into(inside, self.findings)
        except RefusedError as refused:
            if refused.rejection not in INSIDE:
                raise
            self.findings.warnings.add(INSIDE[refused.rejection])


def look_into_gzip(_content_type: str, source: Path, limits: Limits, findings: Findings) -> None:
    size, unpacked = source.stat().st_size, 0
    try:
        with gzip.open(source) as file:
            while block := file.read(BLOCK):
                unpacked += len(block)
                if _grows(unpacked, size) or unpacked > limits.unpacked_bytes:
                    raise RefusedError(Rejection.BOMB)
                if unpacked > MOST_OF_GZIP:
                    findings.warnings.add(FileWarning.NOT_INSPECTED)
                    return
    except EOFError as error:
        raise RefusedError(Rejection.TRUNCATED) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise RefusedError(Rejection.DAMAGED) from error


def look_into_tar(_content_type: str, source: Path, limits: Limits, findings: Findings) -> None:
    try:
        with tarfile.open(source, "r:") as archive:
            for number, entry in enumerate(archive, 1):
                if number > limits.entries:
                    raise RefusedError(Rejection.BOMB)
                if _leaves(entry.name) or ((entry.issym() or entry.islnk()) and _leaves(entry.linkname)):
                    raise RefusedError(Rejection.PATHS)
                if PROGRAMS.search(entry.name):
                    findings.warnings.add(FileWarning.PROGRAMS)
    except tarfile.ReadError as error:
        raise RefusedError(Rejection.TRUNCATED) from error


def _grows(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > RATIO * max(packed, 1)


def _leaves(path: str) -> bool:
    """Return whether a path leads out of the folder in which an archive is unpacked."""
    parts = path.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or parts[0].endswith(":")
