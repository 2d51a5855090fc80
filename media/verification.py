"""What the worker finds out about a file's bytes, and whether the library takes it. No database here, no store."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media import file_types
from media.verdicts import FileWarning, Rejection, Scan

SENTENCES: dict[Rejection, str | Promise] = {
    Rejection.EMPTY: _("This file is empty (0 bytes). Please choose it again."),
    Rejection.SIZE: _("Less or more arrived than was announced. Please upload this file again."),
    Rejection.CHECKSUM: _("What arrived is not what was sent: the checksum differs. Please upload this file again."),
    Rejection.TYPE: _(
        "Files of this kind are not taken, because a computer or a browser could run them, or nobody could open them. "
        "Please offer it in another format, or inside a ZIP file."
    ),
    Rejection.LOST: _("The file store did not keep this upload. Please upload this file again."),
    Rejection.MALWARE: _("A virus or another harmful program was found in this file. Please check your computer, and upload a clean copy."),
    Rejection.LOCKED: _("This file is locked with a password, so readers could not open it. Please upload it without the password."),
    Rejection.TRUNCATED: _(
        "The end of this file is missing: it was cut off when it was saved or copied. Please check that it opens on your computer, "
        "and upload a whole copy."
    ),
    Rejection.DAMAGED: _(
        "This file is damaged and cannot be opened. Please check that it opens on your computer, save it anew and upload that."
    ),
    Rejection.TWO_IN_ONE: _(
        "This file is two things at once: something else is hidden in it, or behind its end. Please open it, save it anew and upload that."
    ),
    Rejection.PIXELS: _("This picture has so many pixels that most computers could not show it. Please make it smaller."),
    Rejection.BOMB: _(
        "Opened or unpacked, this file would take far more space or time than its size lets expect. Please pack it anew, without what is "
        "not needed and without archives inside archives."
    ),
    Rejection.SCRIPT: _(
        "This drawing holds a script, or fetches something from another place. Please save it as a plain SVG, or as a PNG or PDF file."
    ),
    Rejection.MACROS: _(
        "This document, or one inside this archive, holds macros: small programs that can do harm on a reader’s computer. Please save it "
        "without macros, for example as .docx, .xlsx, .pptx or .odt."
    ),
    Rejection.PATHS: _("Unpacked, this archive would write outside of its own folder. Please pack it anew."),
}

WARNINGS: dict[FileWarning, str | Promise] = {
    FileWarning.NAME: _("By its content this is a %(kind)s file, whatever its name says. It is given out as “%(name)s”."),
    FileWarning.PROGRAMS: _("There are programs inside this file, such as .exe or .bat. Please say in the description what they do."),
    FileWarning.LOCKED: _("This file, or something inside it, seems to be locked with a password. Please check that readers can open it."),
    FileWarning.NOT_OPENED: _("This file, or something inside it, could not be opened here. Please check that it opens on your computer."),
    FileWarning.NOT_INSPECTED: _("This file, or something inside it, is too large to be looked into here."),
}

SCANS: dict[Scan, str | Promise] = {
    Scan.CLEAN: _("Scanned for viruses: nothing found."),
    Scan.NOT_SCANNED: _("Not scanned for viruses."),
    Scan.TOO_LARGE: _("Not scanned for viruses: larger than the scanner takes."),
    Scan.WAITING: _(
        "This file waits for the virus scanner, which does not answer at the moment. Nothing was lost; the check goes on by itself."
    ),
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was counted while streaming: bytes, SHA-256 in lower-case hex, media type by content."""

    size: int
    sha256: str
    content_type: str


def measure(blocks: Iterable[bytes], filename: str) -> Measurement:
    """Read the bytes once, however many there are, in the memory of one block."""
    digest, size, head = hashlib.sha256(), 0, b""
    for block in blocks:
        digest.update(block)
        size += len(block)
        if len(head) < file_types.HEAD_BYTES:
            head += block[: file_types.HEAD_BYTES - len(head)]
    return Measurement(size, digest.hexdigest(), file_types.detect(head, filename))


def judge(found: Measurement, *, declared_size: int, declared_sha256: str) -> Rejection | None:
    """Return why the file is not taken, or None if it is."""
    if found.size == 0:
        return Rejection.EMPTY
    if found.size != declared_size:
        return Rejection.SIZE
    if declared_sha256 and found.sha256 != declared_sha256:
        return Rejection.CHECKSUM
    if found.content_type == file_types.VIRUS_TEST:
        return Rejection.MALWARE
    if not file_types.is_allowed(found.content_type):
        return Rejection.TYPE
    return None
