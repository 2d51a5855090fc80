"""Documents of old office programs (OLE: .doc, .xls, .ppt), and new ones that were locked: those are OLE, too."""

import struct
from pathlib import Path
from typing import IO

import olefile

from media.inspection.findings import Findings, Limits
from media.verdicts import FileWarning, RefusedError, Rejection

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD_LOCKED = 0x0100  # [MS-DOC] FibBase.fEncrypted
SHEET_LOCKED = 0x002F  # [MS-XLS] FilePass
SLIDES_LOCKED = b"\xdf\xc4\xd1\xf3"  # [MS-PPT] CurrentUserAtom.headerToken
SLIDES_VBA = struct.pack("<HHI", 2, 0x0400, 12)  # [MS-PPT] VBAInfoAtom, its header
FIRST_RECORDS = 20


def look(_content_type: str, source: Path, _limits: Limits, findings: Findings) -> None:
    with source.open("rb") as file:
        look_into(file, findings)


def look_into(file: IO[bytes], findings: Findings) -> None:
    try:
        with olefile.OleFileIO(file) as document:
            _judge(document, findings)
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # olefile raises anything at broken files
        raise RefusedError(Rejection.DAMAGED) from error


def _judge(document: olefile.OleFileIO, findings: Findings) -> None:
    if _is_locked(document):
        raise RefusedError(Rejection.LOCKED)
    if _has_macros(document):
        raise RefusedError(Rejection.MACROS)
    if _sheet_is_locked(document):
        findings.warnings.add(FileWarning.LOCKED)


def _is_locked(document: olefile.OleFileIO) -> bool:
    if document.exists("EncryptedPackage"):
        return True
    if document.exists("WordDocument"):
        flags = document.openstream("WordDocument").read(12)[10:]
        return bool(int.from_bytes(flags, "little") & WORD_LOCKED)
    if document.exists("Current User"):
        return bool(document.openstream("Current User").read(16)[12:] == SLIDES_LOCKED)
    return False


def _sheet_is_locked(document: olefile.OleFileIO) -> bool:
    """Many old sheets are locked with a password that every program knows; so this is a warning only."""
    name = next((name for name in ("Workbook", "Book") if document.exists(name)), None)
    if name is None:
        return False
    stream = document.openstream(name)
    for _record in range(FIRST_RECORDS):
        header = stream.read(4)
        if len(header) < 4:  # noqa: PLR2004 - kind and length of a record
            return False
        kind, length = struct.unpack("<HH", header)
        if kind == SHEET_LOCKED:
            return True
        stream.read(length)
    return False


def _has_macros(document: olefile.OleFileIO) -> bool:
    if any(path[-1].upper() == "_VBA_PROJECT" for path in document.listdir()):
        return True
    if not document.exists("PowerPoint Document"):
        return False
    slides = document.openstream("PowerPoint Document").read()
    at = slides.find(SLIDES_VBA)
    return at >= 0 and slides[at + 12 : at + 16] == b"\x01\0\0\0"  # fHasMacros
