"""The values that tables are made of, and the limits they keep. Knows nothing of Django: the fenced process uses it."""

from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 60_000_000
LONGEST_CELL = 10 * 1024 * 1024


class TableError(Exception):
    """The file cannot be read as a table; `code` says why, `values` are for the sentence (exchange.tables.fence has it)."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(slots=True)
class Row:
    """A row of cells as text. `line` is where it begins, from 1; `problem` says by its code why there are no cells."""

    line: int
    cells: list[str]
    problem: dict[str, Any] = field(default_factory=dict)
