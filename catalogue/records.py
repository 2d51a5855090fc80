"""A resource as a record: the values that imports and the demo hand to the catalogue, without pages or HTTP in them."""

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from core.errors import InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionData:
    """One edition. None means that the record says nothing of the field, so what is there stays; "" and () mean it is empty.

    Vocabulary values are slugs. `translation_of` and `adapted_from` are an identifier of the same institution, or
    `institution-slug/identifier`, or the UUID of an edition or work.
    """

    identifier: str
    title: str | None = None
    abstract: str | None = None
    body: str | None = None
    language: str | None = None
    resource_type: str | None = None
    subjects: tuple[str, ...] | None = None
    audience: tuple[str, ...] | None = None
    age_min: int | None = None
    age_max: int | None = None
    keywords: tuple[str, ...] | None = None
    licence: str | None = None
    access: str | None = None
    embargo_until: date | None = None
    credit_line: str | None = None
    contributors: tuple[str, ...] | None = None
    year: int | None = None
    duration_minutes: int | None = None
    group_size: str | None = None
    setting: tuple[str, ...] | None = None
    cost: str | None = None
    materials: tuple[str, ...] | None = None
    learning_outcomes: tuple[str, ...] | None = None
    accessibility: tuple[str, ...] | None = None
    safety_note: str | None = None
    external_url: str | None = None
    alternative_titles: dict[str, str] | None = None
    translation_of: str | None = None
    adapted_from: str | None = None
    cleared: tuple[str, ...] = ()
    """Names of the numbers and dates that the record says are empty: they have no empty value of their own."""

    def said(self) -> dict[str, object]:
        """Return the fields that the record speaks of, without the identifier."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"identifier", "cleared"}}
        return {name: value for name, value in values.items() if value is not None} | dict.fromkeys(self.cleared)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a record, in the user's words."""

    field: str
    reason: str


class EditionInvalidError(InvalidInputError):
    """The record cannot become an edition; `problems` says which fields and why. Nothing was changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{problem.field}: {problem.reason}" for problem in problems))
        self.problems = problems


class Status(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class EditionOutcome:
    """The edition, what happened to it, what it lacks for being published, and values that were left out because nobody knows them."""

    status: Status
    edition_id: str
    page_id: int
    published: bool = False
    missing: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
