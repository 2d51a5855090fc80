"""Has a spreadsheet read by the other process (exchange.tables.reading), and says in words how it was read or why it was not."""

import json
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import structlog
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInputError
from exchange.tables.table import Row
from media import fence

logger = structlog.stdlib.get_logger(__name__)

SENTENCES: dict[str, Promise] = {
    "empty": gettext_lazy("It holds no rows."),
    "no-table": gettext_lazy("This is not a table of text."),
    "damaged": gettext_lazy("This file is damaged. Please save it again in your spreadsheet program."),
    "old-excel": gettext_lazy(
        "This workbook is in Excel’s old format (.xls), or protected by a password. Please save it as .xlsx without a password."
    ),
    "another-office-file": gettext_lazy("This is no workbook of Excel. Please save the table as .xlsx or as CSV."),
    "unpacks-to-too-much": gettext_lazy("Unpacked, this workbook is too large. Please save the table as CSV."),
    "too-many-rows": gettext_lazy("The table is too long: at most %(most)s rows are possible. Please divide it."),
    "too-many-columns": gettext_lazy("The table is too wide: at most %(most)s columns are possible."),
    "no-such-sheet": gettext_lazy("There is no sheet “%(sheet)s”. There are: %(sheets)s."),
    "no-header": gettext_lazy("Row %(row)s is empty, so it holds no headings."),
    "wrong-encoding": gettext_lazy("This is not in the encoding %(encoding)s: line %(line)s cannot be read so."),
    "unknown-encoding": gettext_lazy("There is no encoding “%(encoding)s”."),
}
ROW_SENTENCES: dict[str, Promise] = {
    "not-csv": gettext_lazy("This row is not valid CSV (%(reason)s); what follows it may be affected."),
    "too-many-cells": gettext_lazy("This row has %(cells)s cells, but the header has %(columns)s. Is a quotation mark missing?"),
}

ENCODING_LABELS: dict[str, str | Promise] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": gettext_lazy("Windows-1252 (Western Europe)"),
    "cp1250": gettext_lazy("Windows-1250 (Central Europe)"),
    "cp1251": gettext_lazy("Windows-1251 (Cyrillic)"),
    "cp1253": gettext_lazy("Windows-1253 (Greek)"),
    "cp1254": gettext_lazy("Windows-1254 (Turkish)"),
    "cp1255": gettext_lazy("Windows-1255 (Hebrew)"),
    "cp1256": gettext_lazy("Windows-1256 (Arabic)"),
    "cp1257": gettext_lazy("Windows-1257 (Baltic)"),
    "mac_roman": gettext_lazy("Mac Roman (Western Europe, older Macs)"),
    "cp850": gettext_lazy("Code page 850 (Western Europe, DOS)"),
    "cp932": gettext_lazy("Shift JIS (Japanese)"),
    "euc_jp": gettext_lazy("EUC-JP (Japanese)"),
    "cp949": gettext_lazy("Korean (CP949, EUC-KR)"),
    "gb18030": gettext_lazy("GB 18030 (Chinese, simplified)"),
    "big5": gettext_lazy("Big5 (Chinese, traditional)"),
}
SEPARATOR_LABELS: dict[str, str | Promise] = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
}


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a person says about a file; what is empty is found out."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int | None = None


@dataclass(slots=True)
class Table:
    """A spreadsheet as it was read. Of text: encoding, whether it is beyond doubt, cells that show it, separator. Of workbooks: sheets."""

    kind: str
    header_row: int
    header: list[str]
    rows: list[Row]
    encoding: str = ""
    is_sure: bool = True
    telling: list[str] = field(default_factory=list)
    separator: str = ""
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""


def read_table(path: Path, options: TableOptions) -> Table:
    """Return the table in a file; raise InvalidInputError with one sentence if there is none that can be read."""
    found = _asked(path, options)
    if "error" in found:
        values = found["values"] | {"encoding": encoding_label(found["values"].get("encoding", ""))}
        raise InvalidInputError(SENTENCES[found["error"]] % values, code=found["error"])
    rows = [Row(line, cells, problem) for line, cells, problem in found.pop("rows")]
    return Table(rows=rows, **found)


def _asked(path: Path, options: TableOptions) -> dict[str, Any]:
    said = {name: value for name, value in asdict(options).items() if value}
    try:
        done = fence.run("exchange.tables.reading", str(path.resolve()), json.dumps(said))
        return dict(json.loads(done.stdout))
    except subprocess.TimeoutExpired as error:
        why = repr(error)
    except ValueError:  # killed by its limits, or ended by what openpyxl raised
        why = done.stderr.decode(errors="replace").strip()[-500:] or f"exit status {done.returncode}"
    logger.info("table_not_read", name=path.name, why=why)
    return {"error": "damaged", "values": {}}


def encoding_label(encoding: str) -> str:
    """Return what the choice of encodings calls this one; one that is not among them, as it was said."""
    return str(ENCODING_LABELS.get(encoding, encoding))


def sentence_of(row: Row) -> str:
    """Return why a row has no cells; empty where it has."""
    return str(ROW_SENTENCES[row.problem["code"]] % row.problem) if row.problem else ""


def described(table: Table) -> list[str]:
    """Return in words how a table was read, and what should be looked at because it was guessed."""
    if table.kind == "xlsx":
        said = [_("Read from the sheet “%(sheet)s”; the headings are in row %(row)s.") % {"sheet": table.sheet, "row": table.header_row}]
        others = [sheet for sheet in table.sheets if sheet != table.sheet]
        return said + ([_("Other sheets, which were not read: %(sheets)s.") % {"sheets": ", ".join(others)}] if others else [])
    facts = {
        "encoding": encoding_label(table.encoding),
        "separator": SEPARATOR_LABELS.get(table.separator, table.separator),
        "row": table.header_row,
    }
    said = [_("Read as %(encoding)s, separator: %(separator)s; the headings are in row %(row)s.") % facts]
    if not table.is_sure:
        shown = " · ".join(table.telling)
        said.append(_("The encoding is a guess. Please see whether all letters are right here: %(cells)s") % {"cells": shown})
    return said
