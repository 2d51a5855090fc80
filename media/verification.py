"""What the worker finds out about a file's bytes, and whether the library takes it. No database here, no store."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media import file_types

NOT_SCANNED = "not-scanned"


class Rejection(StrEnum):
    """Why a file is not taken; the codes are kept in StoredObject.rejection."""

    EMPTY = "empty"
    SIZE = "size-differs"
    CHECKSUM = "checksum-differs"
    TYPE = "type-not-allowed"
    LOST = "lost"


SENTENCES: dict[Rejection, str | Promise] = {
    Rejection.EMPTY: _("This file is empty (0 bytes). Please choose it again."),
    Rejection.SIZE: _("Less or more arrived than was announced. Please upload this file again."),
    Rejection.CHECKSUM: _("What arrived is not what was sent: the checksum differs. Please upload this file again."),
    Rejection.TYPE: _(
        "Files of this kind are not taken, because a computer or a browser could run them, or nobody could open them. "
        "Please offer it in another format, or inside a ZIP file."
    ),
    Rejection.LOST: _("The file store did not keep this upload. Please upload this file again."),
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
    if not file_types.is_allowed(found.content_type):
        return Rejection.TYPE
    return None
