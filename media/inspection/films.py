"""Films and recordings in boxes (ISO 14496-12: MP4, QuickTime; HEIF and AVIF, too): whole by their own account."""

import io
import struct
from pathlib import Path

from media.inspection import endings
from media.inspection.findings import Findings, Limits
from media.verdicts import RefusedError, Rejection

BOXED = frozenset({"video/mp4", "video/quicktime", "video/x-m4v", "audio/mp4", "audio/x-m4a", "image/heif", "image/heic", "image/avif"})
HEADER_BYTES = 8
TO_THE_END, LONG = 0, 1


def look(content_type: str, source: Path, _limits: Limits, _findings: Findings) -> None:
    endings.check(source, content_type)
    if content_type in BOXED:
        check_boxes(source, b"moov")


def check_boxes(source: Path, needed: bytes) -> None:
    """Refuse a file of which a box is cut off, or whose table of contents never came: a recording that was interrupted."""
    names = set()
    with source.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        offset = 0
        while offset + HEADER_BYTES <= size:
            file.seek(offset)
            length, name = struct.unpack(">I4s", file.read(HEADER_BYTES))
            if length == LONG:
                length = int.from_bytes(file.read(8), "big")
            elif length == TO_THE_END:
                length = size - offset
            if length < HEADER_BYTES or not name.isalnum():
                break  # padding, or something of the camera's own
            if offset + length > size:
                raise RefusedError(Rejection.TRUNCATED)
            names.add(name)
            offset += length
    if needed not in names:
        raise RefusedError(Rejection.TRUNCATED)
