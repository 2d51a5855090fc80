"""A row of a catalogue file, of whatever kind."""

from dataclasses import dataclass
from typing import Any

LIST_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as the file has it. `line` is where it begins, from 1. `unreadable` is the reason why there are no values."""

    line: int
    values: dict[str, Any]
    unreadable: str = ""
