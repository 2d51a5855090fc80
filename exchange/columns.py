"""Which column of a spreadsheet is which field, and what its cells say: from a table to the rows that an import reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInputError
from exchange.language_tags import canonical_tag
from exchange.record_fields import FIELDS
from exchange.rows import LIST_SEPARATOR, SourceRow
from exchange.tables.fence import Table, sentence_of
from exchange.tables.headings import fields_of, plain
from exchange.tables.table import Row

TITLE_PREFIX = "alternative_titles."
TARGETS = frozenset({"identifier", "ages", "files", *FIELDS})
CONSTANTS = frozenset(FIELDS) - {"title", "translation_of", "alternative_titles"}
"""Fields of which one value may be given for all rows."""

WITHOUT_COMMAS = r"\n|;|；"
WITH_COMMAS = r"\n|;|；|,|，|、|،"
SEPARATORS_OF_LISTS = {
    "contributors": WITHOUT_COMMAS,  # “Ashby, Rosalind” is one person
    "materials": r"\n",
    "learning_outcomes": r"\n",
    "files": WITHOUT_COMMAS,
    **dict.fromkeys(("subjects", "audience", "keywords", "setting", "accessibility"), WITH_COMMAS),
}
"""How people separate several values in one cell that has no `|`."""


def is_target(name: str) -> bool:
    """Whether a column can be this field: one of an import's, or `alternative_titles.TAG` for a title in one language."""
    if name.startswith(TITLE_PREFIX):
        try:
            canonical_tag(name.removeprefix(TITLE_PREFIX))
        except InvalidInputError:
            return False
        return True
    return name in TARGETS


def guessed(header: Sequence[str]) -> list[str]:
    """Return the field of each column by its heading; empty where nothing is guessed."""
    return [name if is_target(name) else "" for name in fields_of(list(header))]


def corrected(header: Sequence[str], mapping: Sequence[str], corrections: Mapping[str, str]) -> list[str]:
    """Return the mapping with what a person says of columns, named by their headings; an empty field leaves a column out."""
    found = list(mapping)
    for heading, name in corrections.items():
        places = [place for place, each in enumerate(header) if each == heading or plain(each) == plain(heading)]
        if not places:
            message = _("There is no column “%(heading)s”. There are: %(headings)s.")
            raise InvalidInputError(message % {"heading": heading, "headings": ", ".join(filter(None, header))})
        if name and not is_target(name):
            raise InvalidInputError(_("There is no field “%(name)s”. Possible are: %(names)s.") % {"name": name, "names": _names(TARGETS)})
        for place in places:
            found[place] = name
    return found


def check(header: Sequence[str], mapping: Sequence[str]) -> None:
    """Raise InvalidInputError if no column is the identifier, or two are one field."""
    names = [TITLE_PREFIX if name.startswith(TITLE_PREFIX) and "alternative_titles" in mapping else name for name in mapping]
    names = [TITLE_PREFIX if name == "alternative_titles" else name for name in names]
    twice = sorted({header[place] for place, name in enumerate(names) if name and names.count(name) > 1})
    if twice:
        raise InvalidInputError(_("These columns stand for the same field: %(names)s.") % {"names": ", ".join(twice)})
    if "identifier" not in mapping:
        raise InvalidInputError(_("No column is the identifier. Without it a second run could not find the rows again."))


def check_constants(constants: Mapping[str, str]) -> None:
    """Raise InvalidInputError for a value that cannot be the same in all rows."""
    unknown = set(constants) - CONSTANTS
    if unknown:
        message = _("“%(name)s” cannot be the same for all rows. Possible are: %(names)s.")
        raise InvalidInputError(message % {"name": _names(unknown), "names": _names(CONSTANTS)})


def source_rows(table: Table, mapping: Sequence[str], *, keep_empty: bool = True) -> list[SourceRow]:
    """Return the rows with their cells as values of fields. Not `keep_empty`: an empty cell says nothing, rather than "empty this"."""
    return [_source_row(row, mapping, keep_empty=keep_empty) for row in table.rows]


def _source_row(row: Row, mapping: Sequence[str], *, keep_empty: bool) -> SourceRow:
    if row.problem:
        return SourceRow(row.line, {}, sentence_of(row))
    values: dict[str, Any] = {}
    for name, cell in zip(mapping, row.cells, strict=False):
        if not name or not (keep_empty or cell.strip()):
            continue
        if name.startswith(TITLE_PREFIX):
            values.setdefault("alternative_titles", {})[name.removeprefix(TITLE_PREFIX)] = cell
        else:
            values[name] = _value(name, cell)
    return SourceRow(row.line, values)


def _value(name: str, cell: str) -> Any:
    separators = SEPARATORS_OF_LISTS.get(name)
    if separators is None or not cell.strip():
        return cell
    return [part for part in re.split(re.escape(LIST_SEPARATOR) if LIST_SEPARATOR in cell else separators, cell) if part.strip()]


def with_constants(rows: Iterable[SourceRow], constants: Mapping[str, str]) -> list[SourceRow]:
    """Return the rows with these values where a row says nothing of a field."""
    return [row if row.unreadable else SourceRow(row.line, {**constants, **row.values}) for row in rows]


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
