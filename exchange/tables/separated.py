"""Text with separators (CSV, TSV) as rows of cells. Knows nothing of Django: it runs in the fenced process."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from exchange.tables.encodings import guess
from exchange.tables.table import LONGEST_CELL, Row, TableError

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT_ROWS = 50
SHOWN_CELLS = 6
SHOWN_LENGTH = 60

csv.field_size_limit(LONGEST_CELL)  # Python's own limit is 131,072 characters


def decode(data: bytes, encoding: str) -> tuple[str, str, bool]:
    """Return the text, its encoding, and whether that is beyond doubt; with an encoding given, that one."""
    if encoding:
        found, is_sure = encoding, True
    else:
        guessed = guess(data)
        found, is_sure = guessed.encoding.removesuffix("-sig"), guessed.is_sure
    try:
        is_utf8 = codecs.lookup(found).name == "utf-8"
        return data.decode("utf-8-sig" if is_utf8 else found), found, is_sure
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(found, errors="replace")
        raise TableError("wrong-encoding", encoding=found, line=before.count("\n") + 1) from error
    except LookupError as error:
        raise TableError("unknown-encoding", encoding=found) from error


def separator_of(text: str) -> str:
    """Return the separator by which most rows have the same number of cells, and more than one; of equals, that of most cells."""
    if said := re.match(r"sep=(.)\r?\n", text):  # how Excel says it
        return said[1]

    def regularity(separator: str) -> tuple[int, int]:
        counts = Counter(width for width in _widths(text, separator) if width > 1)
        width, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return rows, width

    best = max(SEPARATORS, key=regularity)
    return best if regularity(best)[0] else SEPARATORS[0]


def _widths(text: str, separator: str) -> Iterator[int]:
    """Yield how many cells each of the first rows has; one that is no valid CSV counts for nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for _place in range(LOOKED_AT_ROWS):
        try:
            yield len(next(reader))
        except StopIteration:
            return
        except csv.Error:
            continue


def rows(text: str, separator: str) -> Iterator[Row]:
    """Yield the rows that are not empty, each with the line on which it begins. One that is no valid CSV has a problem and no cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, [], {"code": "not-csv", "reason": str(error)})
            continue
        if any(cell.strip() for cell in cells) and not (line == 1 and re.fullmatch(r"sep=.?", separator.join(cells).strip())):
            yield Row(line, cells)


def telling_cells(found: list[Row]) -> list[str]:
    """Return a few cells by whose letters a person sees whether the encoding is right."""
    telling = (cell.strip() for row in found for cell in row.cells if not cell.isascii() and any(map(str.isalpha, cell)))
    return [cell[:SHOWN_LENGTH] for cell, _place in zip(dict.fromkeys(telling), range(SHOWN_CELLS), strict=False)]
