"""Reads a spreadsheet that a stranger sent, in a process of its own with limits: `python -m exchange.tables.reading FILE OPTIONS`.

OPTIONS is JSON: encoding, separator, sheet, header_row; what is left out is found. Writes one JSON object to standard output: kind;
encoding, is_sure, telling, separator, or sheets, sheet; header_row, header, rows [[line, cells, problem]]. Or error and values.
Knows nothing of Django, the database or the store, and gets none of their secrets.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from core import limits
from exchange.tables import separated, workbooks
from exchange.tables.headings import is_known
from exchange.tables.table import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Row, TableError

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60
HEADER_WITHIN_ROWS = 20
CANNOT_READ = 3


def limit_resources() -> None:
    """Bind this process to memory and processor time; it writes no file."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # openpyxl imports numpy, whose threads would reserve more memory than there may be
    limits.bind(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, file_bytes=0)


def read(path: Path, options: dict[str, Any]) -> dict[str, Any]:
    """Return what the file holds; raise TableError."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(workbooks.OLE_START):
        raise TableError("old-excel")
    if start.startswith(workbooks.ZIP_START):
        sheets, sheet, rows = workbooks.read_sheet(path, options.get("sheet", ""))
        about: dict[str, Any] = {"kind": "xlsx", "sheets": sheets, "sheet": sheet}
    else:
        about, rows = _read_text(path.read_bytes(), options)
    place = _header_place(rows, options.get("header_row"))
    header = _headings(rows[place].cells, rows[place + 1 :])
    body = [_fitted(row, len(header)) for row in rows[place + 1 :]]
    if not body:
        raise TableError("empty")
    return about | {
        "header_row": rows[place].line,
        "header": header,
        "rows": [[row.line, row.cells, row.problem] for row in body],
    }


def _read_text(data: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], list[Row]]:
    text, encoding, is_sure = separated.decode(data, options.get("encoding", ""))
    if len(text) > MOST_CHARACTERS:
        raise TableError("too-many-rows", most=MOST_ROWS)
    if "\0" in text:
        raise TableError("no-table")
    separator = options.get("separator") or separated.separator_of(text)
    rows = []
    for row in separated.rows(text, separator):
        rows.append(row)
        if len(rows) > MOST_ROWS + HEADER_WITHIN_ROWS:
            raise TableError("too-many-rows", most=MOST_ROWS)
        if len(row.cells) > MOST_COLUMNS:
            raise TableError("too-many-columns", most=MOST_COLUMNS)
    if not rows:
        raise TableError("empty")
    telling = separated.telling_cells(rows)
    about = {"kind": "csv", "encoding": encoding, "is_sure": is_sure or not telling, "telling": telling, "separator": separator}
    return about, rows


def _header_place(rows: list[Row], line: int | None) -> int:
    """Return which row holds the headings: the one with most headings that are known; else the first that is about as wide as the table."""
    if line is not None:
        for place, row in enumerate(rows):
            if row.line == line and row.cells:
                return place
        raise TableError("no-header", row=line)
    known = [sum(map(is_known, row.cells)) for row in rows[:HEADER_WITHIN_ROWS]]
    if max(known):
        return known.index(max(known))
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows[: HEADER_WITHIN_ROWS * 2]]
    return next(place for place, width in enumerate(filled) if 2 * width >= max(filled))


def _headings(cells: list[str], body: list[Row]) -> list[str]:
    """Return the headings; a column that has cells and no heading is called by its number, as in #3."""
    filled = {place for row in body for place, cell in enumerate(row.cells) if cell.strip()}
    bare = [" ".join(cell.split()) for cell in cells]
    return [heading or (f"#{place + 1}" if place in filled else "") for place, heading in enumerate(bare)]


def _fitted(row: Row, width: int) -> Row:
    """Return a row without empty cells beyond the header; with other cells there, something is wrong with it."""
    cells = row.cells
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > width:
        return Row(row.line, [], {"code": "too-many-cells", "cells": len(cells), "columns": width})
    return Row(row.line, cells, row.problem)


def main(arguments: list[str]) -> int:
    path, options = arguments
    limit_resources()
    try:
        found = read(Path(path), json.loads(options))
    except TableError as error:
        found = {"error": error.code, "values": error.values}
    except Exception as error:  # noqa: BLE001 - readers of workbooks raise anything at broken files
        sys.stderr.write(f"{type(error).__name__}: {error}\n"[:1000])
        return CANNOT_READ
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
