"""From a row of a file to the record that the catalogue takes, with a problem for everything that could not be used."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalogue.fields import ALLOWED_TAGS
from catalogue.records import EditionData, EditionOutcome
from core.errors import InvalidInputError
from exchange.language_tags import canonical_tag
from exchange.record_fields import DECISIVE, FIELDS, LISTS, TAG, WITHOUT_EMPTY_VALUE, ages, name_in_file, shortened, text, texts
from exchange.report import Effect, Problem
from exchange.rows import SourceRow


@dataclass(slots=True)
class Record:
    """What a row says; identifier and title as far as they can be read.

    `data` is None where the row was refused; `files` is None where it does not speak of files.
    """

    line: int
    identifier: str = ""
    title: str = ""
    data: EditionData | None = None
    files: tuple[str, ...] | None = None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, name: str, reason: Any, effect: Effect = Effect.LEFT_OUT) -> None:
        self.problems.append(Problem(self.line, name, str(reason), effect))

    def note(self, outcome: EditionOutcome, *, but_missing: str = "") -> None:
        """Add the catalogue's remarks, in the names that rows use; but not that this one field is missing."""
        for problem in outcome.problems:
            self.problem(name_in_file(problem.field), problem.reason)
        for problem in outcome.missing:
            if problem.field != but_missing:
                self.problem(name_in_file(problem.field), problem.reason, Effect.MISSING)


def read_record(row: SourceRow) -> Record:
    """Return the record of a row. Values that cannot be used are left out and reported; nothing is invented."""
    record = Record(row.line)
    if row.unreadable:
        record.problem("", row.unreadable, Effect.REFUSED)
        return record
    record.identifier = _identifier(row, record)
    values: dict[str, Any] = {}
    cleared: list[str] = []
    for name, value in row.values.items():
        if name in {"identifier", "files"}:
            continue
        if name == "ages":
            _read_ages(value, values, cleared, record)
        elif name not in FIELDS:
            record.problem(shortened(name), _("There is no field of this name."))
        elif is_empty(value):
            _clear_field(name, values, cleared)
        else:
            _read_field(name, value, values, record)
    _order_ages(values, record)
    _tidy_titles(values, record)
    _report_tags(values, record)
    record.files = _files(row, record)
    record.title = values.get("title", "")
    if not any(problem.effect is Effect.REFUSED for problem in record.problems):
        empty = tuple(name for name in cleared if name not in values)  # ages are said in two ways
        record.data = EditionData(identifier=record.identifier, cleared=empty, **values)
    return record


def is_empty(value: Any) -> bool:
    """Whether a row says that a field is empty: null, nothing but spaces, an empty list or object."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _clear_field(name: str, values: dict[str, Any], cleared: list[str]) -> None:
    """An empty value empties the field; only who gets the files is never left open: there it says nothing."""
    if name in WITHOUT_EMPTY_VALUE:
        cleared.append(name)
    elif name == "alternative_titles":
        values[name] = {}
    elif name != "access":
        values[FIELDS[name][0]] = () if name in LISTS else ""


def _identifier(row: SourceRow, record: Record) -> str:
    try:
        identifier: str = text(100, one_line=True)(row.values.get("identifier") or "")
    except InvalidInputError as error:
        record.problem("identifier", error, Effect.REFUSED)
        return ""
    if not identifier:
        record.problem("identifier", _("Every row needs an identifier of its own, so that a second run finds it again."), Effect.REFUSED)
    return identifier


def _read_field(name: str, value: Any, values: dict[str, Any], record: Record) -> None:
    attribute, reader = FIELDS[name]
    try:
        values[attribute] = reader(value)
    except InvalidInputError as error:
        record.problem(name, error, Effect.REFUSED if name in DECISIVE else Effect.LEFT_OUT)


def _read_ages(value: Any, values: dict[str, Any], cleared: list[str], record: Record) -> None:
    """Both ages in one value; “12+” says that there is no highest one."""
    if is_empty(value):
        return
    try:
        lowest, highest = ages(value)
    except InvalidInputError as error:
        record.problem("ages", error)
        return
    values["age_min"] = lowest
    if highest is None:
        values.pop("age_max", None)
        cleared.append("age_max")
    else:
        values["age_max"] = highest


def _order_ages(values: dict[str, Any], record: Record) -> None:
    if values.get("age_min") is not None and values.get("age_max") is not None and values["age_min"] > values["age_max"]:
        record.problem("age_min", _("The lowest age is above the highest; both were left out."))
        del values["age_min"], values["age_max"]


def _tidy_titles(values: dict[str, Any], record: Record) -> None:
    """Write the tags of alternative titles canonically; report those that are none, and those that name one language twice."""
    titles: dict[str, str] = {}
    for tag, title in values.get("alternative_titles", {}).items():
        try:
            canonical = canonical_tag(tag)
        except InvalidInputError as error:
            record.problem("alternative_titles", error)
            continue
        if titles.setdefault(canonical, title) != title:
            message = _("Two titles for “%(tag)s”: the first was kept, “%(title)s” was left out.")
            record.problem("alternative_titles", message % {"tag": canonical, "title": shortened(title)})
    if "alternative_titles" in values:
        values["alternative_titles"] = titles


def _report_tags(values: dict[str, Any], record: Record) -> None:
    """Say which HTML elements the catalogue will take out."""
    used = {tag.strip("</>").split()[0].rstrip("/").lower() for tag in TAG.findall(values.get("body", ""))}
    taken_out = sorted(used - ALLOWED_TAGS)
    if taken_out:
        message = _("These HTML elements are not kept, only their text: %(names)s.")
        record.problem("body", message % {"names": ", ".join(shortened(name) for name in taken_out)})


def _files(row: SourceRow, record: Record) -> tuple[str, ...] | None:
    value = row.values.get("files")
    if "files" not in row.values:
        return None
    if is_empty(value):
        return ()
    try:
        names: tuple[str, ...] = texts(1000, one_line=False)(value)
    except InvalidInputError as error:
        record.problem("files", error)
        return None
    return names
