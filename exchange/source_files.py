"""Reads a catalogue file into rows: JSON Lines (one object a line, UTF-8), or a table (CSV in any usual encoding, XLSX)."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import InvalidInputError
from exchange import columns
from exchange.report import Effect, Problem
from exchange.rows import SourceRow
from exchange.tables.fence import TableOptions, described, read_table
from exchange.tables.headings import plain

JSON_LINES_SUFFIXES = {".jsonl", ".ndjson", ".json"}
JSON_STARTS = (b"{", b"[")
TABLE_SUFFIXES = {".csv", ".tsv", ".xlsx"}


@dataclass(slots=True)
class SourceFile:
    """What a file holds. `notes`: sentences on how it was read. `problems`: columns that were left out."""

    rows: list[SourceRow]
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_rows(path: Path) -> list[SourceRow]:
    """Return the rows of a file; raise InvalidInputError with one sentence when the file as a whole cannot be read."""
    return read_source(path).rows


def read_source(path: Path, options: TableOptions | None = None, corrections: Mapping[str, str] | None = None) -> SourceFile:
    """Return the rows and how they were read. Options and corrections (heading: field) are for tables.

    Raises InvalidInputError with one sentence when the file as a whole cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise InvalidInputError(_("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": error.strerror}) from error
    try:
        suffix = path.suffix.lower()
        if suffix in JSON_LINES_SUFFIXES or (suffix not in TABLE_SUFFIXES and start.startswith(JSON_STARTS)):
            return SourceFile(list(_json_rows(_json_text(path))))
        return _table_rows(path, options or TableOptions(), corrections or {})
    except InvalidInputError as error:
        raise InvalidInputError(f"{path.name}: {error}", code=error.code) from error


def _table_rows(path: Path, options: TableOptions, corrections: Mapping[str, str]) -> SourceFile:
    table = read_table(path, options)
    mapping = columns.corrected(table.header, columns.guessed(table.header), corrections)
    columns.check(table.header, mapping)
    named = [(heading, name) for heading, name in zip(table.header, mapping, strict=True) if heading]
    shown = ", ".join(f"{heading} → {name}" for heading, name in named if name and name != heading.lower())
    notes = described(table) + ([_("Columns: %(columns)s.") % {"columns": shown}] if shown else [])
    dropped = {plain(heading) for heading, name in corrections.items() if not name}
    reason = _("No field was found for this column. Please name one with --map “%(heading)s=field”, or none.")
    problems = [
        Problem(table.header_row, heading, reason % {"heading": heading}, Effect.LEFT_OUT)
        for heading, name in named
        if not name and plain(heading) not in dropped
    ]
    return SourceFile(columns.source_rows(table, mapping), notes, problems)


def _json_text(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInputError(_("It is not in UTF-8 (line %(line)s), as JSON always is.") % {"line": line}) from error
    if not text.strip():
        raise InvalidInputError(_("It holds no rows."))
    return text


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
