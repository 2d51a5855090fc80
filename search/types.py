"""What a search is asked and what it answers: values without Elasticsearch or HTTP in them, shared by the page and the API."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from catalogue.focal_point import FocalPoint
from catalogue.translations import EditionLink


class Sort(StrEnum):
    """Orders a reader may choose. Relevance without a query falls back to newest."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question: words, selections per facet (any of the values), order and page (from 1).

    `words_only` leaves out what is only close in meaning.
    `since` is a selection, too: editions that were first published on that day or later.
    `language` is the reader's interface language: labels come in it, and the edition shown is chosen by it.
    """

    q: str = ""
    words_only: bool = False
    selections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: dt.date | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 20
    language: str = "en"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice. `depth` is its level in a tree.

    `count` is the number of works that choosing it would leave, given the other facets' selections.
    """

    value: str
    label: str
    count: int
    selected: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FacetResult:
    """A facet with its choices, most frequent first, or in tree order, or newest first, as the facet says."""

    name: str
    label: str
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        return tuple(value for value in self.values if value.selected)


@dataclass(frozen=True, slots=True)
class Hit:
    """A work, shown by the one of its matching editions that suits the reader best.

    `highlight` is safe HTML with <mark>, or None; so is `title_highlight`, the whole title. `matched_by` says why it was found:
    "words", "meaning", both, or nothing without a question; `meaning_language` is the language of the text closest in meaning.
    `editions` are all that are published, the reader's language first; `published_on` is the day on which the one shown first
    was; `newer_source` is what it was translated from, where that has changed since.
    """

    id: UUID
    edition_id: UUID
    title: str
    abstract: str
    language: str
    path: str
    institution: str
    institution_name: str
    country: str
    resource_type: str
    resource_type_label: str
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    editions: tuple[EditionLink, ...]
    licence: str
    licence_label: str
    access: str
    year: int | None
    published_on: dt.date
    newer_source: EditionLink | None = None
    thumbnail_id: UUID | None = None
    focal_point: FocalPoint = field(default_factory=FocalPoint)
    highlight: str | None = None
    title_highlight: str | None = None
    matched_by: tuple[str, ...] = ()
    meaning_language: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """An answer; `count` is works, `pages` the number of pages that can be asked for."""

    count: int
    page: int
    pages: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetResult, ...]
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of all works that match, by their ids; `last` is the one after which the next stretch begins, None at the end."""

    count: int
    hits: tuple[Hit, ...]
    last: UUID | None
