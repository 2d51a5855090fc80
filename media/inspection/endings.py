"""Where a picture ends by its own account, and whether something else begins there: one file that is two things at once."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from media.inspection.findings import MARKUP, is_something_else
from media.verdicts import RefusedError, Rejection

HEAD_BYTES = 4 * 1024
TAIL_BYTES = 64 * 1024
ZIP_END, LENGTH_OF_ZIP_END = b"PK\x05\x06", 22
COMMENT_AS_SIZE = (b"GIF87a/*", b"GIF89a/*")
"""A picture whose width is also the beginning of a comment in JavaScript."""


def check(source: Path, content_type: str) -> None:
    """Refuse a picture or film that can be read as something else, too, and one whose end is missing by its own account."""
    with source.open("rb") as file:
        head, tail = file.read(HEAD_BYTES), tail_of(file)
        if head.startswith(COMMENT_AS_SIZE) or MARKUP.search(head) or MARKUP.search(tail) or holds_zip(source):
            raise RefusedError(Rejection.TWO_IN_ONE)
        if content_type not in ENDS:
            return
        end = ENDS[content_type](file)
        if end is not None:
            file.seek(end)
            if is_something_else(file.read(TAIL_BYTES)):
                raise RefusedError(Rejection.TWO_IN_ONE)


def tail_of(file: IO[bytes]) -> bytes:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - TAIL_BYTES))
    return file.read()


def holds_zip(source: Path, *, to_the_end: bool = False) -> bool:
    """Return whether a program for archives would open the file: their table of contents stands at the end.

    `to_the_end`: only an archive that ends with the file counts, not one that is attached to a document.
    """
    if not zipfile.is_zipfile(source):
        return False
    try:
        with zipfile.ZipFile(source) as archive, source.open("rb") as file:
            if to_the_end:
                file.seek(-len(archive.comment) - LENGTH_OF_ZIP_END, io.SEEK_END)
                if file.read(len(ZIP_END)) != ZIP_END:
                    return False
            return bool(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def _end_of_png(file: IO[bytes]) -> int | None:
    file.seek(8)
    while len(header := file.read(8)) == 8:  # noqa: PLR2004 - length and name of a chunk
        length, name = struct.unpack(">I4s", header)
        if not name.isalpha():
            return None  # the decoder will say what is wrong
        position = file.seek(length + 4, io.SEEK_CUR)
        if name == b"IEND":
            return position
    raise RefusedError(Rejection.TRUNCATED)


def _end_of_jpeg(file: IO[bytes]) -> int | None:
    """Return where the last picture ends; there may be several, and a film behind them, that hides it."""
    tail = tail_of(file)
    last = tail.rfind(b"\xff\xd9")
    return None if last < 0 else file.tell() - len(tail) + last + 2


def _end_of_gif(file: IO[bytes]) -> int | None:
    """Walk through the blocks. None: what stands there is no block; the decoder will say so."""
    file.seek(0)
    file.seek(13 + _colours(_exactly(file, 13)[10]))
    while kind := file.read(1):
        match kind:
            case b"\x3b":
                return file.tell()
            case b"\x21":
                _exactly(file, 1)
            case b"\x2c":
                file.seek(_colours(_exactly(file, 9)[8]), io.SEEK_CUR)
                _exactly(file, 1)
            case _:
                return None
        while length := _exactly(file, 1)[0]:
            _exactly(file, length)
    return file.tell()


def _colours(flags: int) -> int:
    """Return the bytes of the table of colours that the flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _exactly(file: IO[bytes], count: int) -> bytes:
    read = file.read(count)
    if len(read) < count:
        raise RefusedError(Rejection.TRUNCATED)
    return read


ENDS: dict[str, Callable[[IO[bytes]], int | None]] = {
    "image/png": _end_of_png,
    "image/jpeg": _end_of_jpeg,
    "image/gif": _end_of_gif,
}
