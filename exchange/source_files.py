"""Reads a catalogue file into rows: JSON Lines (one object a line) or CSV with a header, both in UTF-8."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInputError

JSON_LINES_SUFFIXES = {".jsonl", ".ndjson", ".json"}
LONGEST_CELL = 10 * 1024 * 1024
LIST_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as the file has it. `line` is where it begins, from 1. `unreadable` is the reason why there are no values."""

    line: int
    values: dict[str, Any]
    unreadable: str = ""


def read_rows(path: Path) -> list[SourceRow]:
    """Return the rows of a file; raise InvalidInputError with one sentence when the file as a whole cannot be read."""
    text = _read_text(path)
    if not text.strip():
        raise InvalidInputError(_("%(file)s holds no rows.") % {"file": path.name})
    is_json_lines = path.suffix.lower() in JSON_LINES_SUFFIXES or text.lstrip().startswith(("{", "["))
    rows = list(_json_rows(text) if is_json_lines else _csv_rows(text))
    if not rows:
        raise InvalidInputError(_("%(file)s holds no rows.") % {"file": path.name})
    return rows


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInputError(_("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": error.strerror}) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = _("%(file)s is not in UTF-8 (line %(line)s). Please save it again as UTF-8; spreadsheets call that “CSV UTF-8”.")
        raise InvalidInputError(message % {"file": path.name, "line": line}) from error


def _json_rows(text: str) -> Iterator[SourceRow]:
    if text.lstrip().startswith("["):
        raise InvalidInputError(_("This is one JSON list. Please write JSON Lines: one object a line, without a comma between them."))
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            where = f" ({error})" if isinstance(error, ValueError) else ""
            yield SourceRow(number, {}, _("This line is not valid JSON%(where)s.") % {"where": where})
            continue
        if isinstance(values, dict):
            yield SourceRow(number, values)
        else:
            yield SourceRow(number, {}, _("This line is JSON, but not an object in { }."))


def _csv_rows(text: str) -> Iterator[SourceRow]:
    csv.field_size_limit(LONGEST_CELL)
    header_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = _header(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield SourceRow(line, {}, _("This row is not valid CSV (%(reason)s); what follows it may be affected.") % {"reason": error})
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            reason = _("This row has %(cells)s cells, but the header has %(columns)s. Is a quotation mark missing?")
            yield SourceRow(line, {}, reason % {"cells": len(cells), "columns": len(header)})
            continue
        yield SourceRow(line, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip().lower() for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise InvalidInputError(_("The file has no readable header row.")) from error
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise InvalidInputError(_("These columns stand in the header twice: %(names)s.") % {"names": ", ".join(twice)})
    if "identifier" not in named:
        raise InvalidInputError(_("The header row names no column “identifier”. Without it a second run could not find the rows again."))
    return header
