"""Sheets of an XLSX file as rows of text. Knows nothing of Django: it runs in the fenced process.

XLSX is XML in a ZIP, so its size says nothing about what it unpacks to: that is looked at before anything is unpacked.
"""

import contextlib
import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from exchange.tables.table import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Row, TableError

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_PARTS = 2_000
UNPACKED_BYTES = 200 * 1024**2
SUSPICIOUS_BYTES = 5 * 1024**2
SUSPICIOUS_RATIO = 200
"""A sheet of a thousand like rows is packed some thirty times; Deflate can do a thousand times."""

EXACT = 2**53
"""Up to here a floating-point number tells whole numbers apart."""


def check_package(path: Path) -> None:
    """Refuse a ZIP that unpacks to too much, or is no workbook."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise TableError("damaged") from error
    swollen = any(part.file_size > SUSPICIOUS_BYTES and part.file_size > SUSPICIOUS_RATIO * part.compress_size for part in parts)
    if swollen or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise TableError("unpacks-to-too-much")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise TableError("another-office-file")


def read_sheet(path: Path, name: str) -> tuple[list[str], str, list[Row]]:
    """Return the names of the sheets, which one was read, and its rows that are not empty. Unnamed: the first visible one with any."""
    check_package(path)
    with path.open("rb") as file, contextlib.closing(_opened(file)) as book:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if name and name not in sheets:
            raise TableError("no-such-sheet", sheet=name, sheets=", ".join(sheets))
        visible = [title for title, sheet in sheets.items() if sheet.sheet_state == "visible"]
        for title in [name] if name else visible or list(sheets):
            found = list(_rows(sheets[title]))
            if found:
                return list(sheets), title, found
    raise TableError("empty")


def _opened(file: IO[bytes]) -> Any:
    """Return the workbook in an open file: of a path, openpyxl would go by its name."""
    import openpyxl  # noqa: PLC0415 - text files do without

    return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size need not be so
    count, characters = 0, 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [as_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        count, characters = count + 1, characters + sum(map(len, cells))
        if count > MOST_ROWS or characters > MOST_CHARACTERS:
            raise TableError("too-many-rows", most=MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            raise TableError("too-many-columns", most=MOST_COLUMNS)
        yield Row(line, cells)


def as_text(value: Any) -> str:
    """Return a cell's value as a person would write it: dates as ISO 8601 has them, numbers without an empty fraction."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return format(value, ".15g") if not value.is_integer() or abs(value) >= EXACT else str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="minutes")
        case _:
            return str(value).replace("\0", "\ufffd")  # of a date and a time of day: ISO 8601, too
