"""What an import reports: which row and field, and why, as text and as CSV."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Effect(StrEnum):
    """What a problem means for its row."""

    REFUSED = "refused"
    LEFT_OUT = "left-out"
    MISSING = "missing"


EFFECT_LABELS = {
    Effect.REFUSED: gettext_lazy("row not taken in"),
    Effect.LEFT_OUT: gettext_lazy("value left out"),
    Effect.MISSING: gettext_lazy("still missing, so it is a draft"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the sender may want to put right. `line` counts from 1; `field` is empty where the whole row is meant."""

    line: int
    field: str
    reason: str | Promise
    effect: Effect


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What became of one row: a Status of the catalogue, or Effect.REFUSED. `page_id` is None where there is no page (yet)."""

    line: int
    identifier: str
    title: str
    outcome: str
    problems: tuple[Problem, ...]
    page_id: int | None = None


@dataclass(slots=True)
class Report:
    """How many rows had which outcome, and all problems in the order in which they were met."""

    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: TakenRow) -> None:
        self.outcomes[row.outcome] += 1
        self.problems.extend(row.problems)

    @property
    def rows(self) -> int:
        return self.outcomes.total()

    def has(self, *effects: Effect) -> bool:
        return any(problem.effect in effects for problem in self.problems)

    def lines(self) -> list[str]:
        """Return the problems as sentences, one a line."""
        return [_line(problem) for problem in self.problems]


def _line(problem: Problem) -> str:
    where = _("Line %(line)s, %(field)s") if problem.field else _("Line %(line)s")
    place = where % {"line": problem.line, "field": problem.field}
    return f"{place}: {problem.reason} [{EFFECT_LABELS[problem.effect]}]"


def write_csv(report: Report, path: Path) -> None:
    """Write the problems as CSV in UTF-8 with a byte order mark, so that spreadsheets read it; no cell can start a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "field", "reason", "effect"])
        for problem in report.problems:
            writer.writerow([problem.line, guarded(problem.field), guarded(str(problem.reason)), problem.effect])


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
