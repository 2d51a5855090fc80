"""What a facet is: how its values lie in the index, how a selection filters and how its choices are counted.

Two kinds: values (a language, a licence), and ranges of whole numbers (ages, minutes). search/facets.py has the facets themselves.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.utils import translation
from django.utils.functional import Promise

from catalogue.models import ResourcePage

MAX_CHOICES_PER_FACET = 1000
MAX_TYPED_RANGES = 10
"""So many ranges of a reader's own may be selected in one facet; each is counted by itself, which costs time."""


class Order(StrEnum):
    """In which order a facet offers its choices."""

    FREQUENT = "frequent"
    VOCABULARY = "vocabulary"
    NEWEST = "newest"


Rows = Sequence[Any]
"""What the labels of a facet are made of: all rows of its table, a vocabulary or the institutions; nothing where no table has them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a value is shown; `position` orders a vocabulary, `depth` is the level in its tree."""

    label: str
    position: int = 0
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class Facet:
    """One way to narrow a search.

    `values_of` takes an edition's values for the index; `rows` reads what labels are made of, `choices` shows values with it in an
    interface language (a value that it leaves out is shown as it is, one that it adds, as the terms above in a tree, is offered,
    too); `known` returns those of the given values that exist, in use or not.
    """

    name: str
    label: Promise
    order: Order
    values_of: Callable[[ResourcePage], list[str]]
    rows: Callable[[], Rows] = tuple
    choices: Callable[[Rows, Collection[str], str], dict[str, Choice]]
    known: Callable[[Collection[str]], set[str]]

    def choices_now(self, values: Collection[str], language: str) -> dict[str, Choice]:
        """Return `choices` of what the table has now."""
        return self.choices(self.rows(), values, language)

    @property
    def field(self) -> str:
        """The field of the edition that holds its values."""
        return f"editions.{self.name}"

    @property
    def work_field(self) -> str:
        """The field of the work that holds the values of all its editions."""
        return f"of_work.{self.name}"

    def properties(self) -> dict[str, Any]:
        """Return the fields of the edition in the index's mapping."""
        return {self.name: {"type": "keyword", "copy_to": self.work_field}}

    def stored(self, edition: ResourcePage) -> dict[str, Any]:
        """Return what these fields hold for an edition."""
        return {self.name: self.values_of(edition)}

    def condition(self, values: Sequence[str]) -> dict[str, Any]:
        """Return the query for editions that have one of the values."""
        return {"terms": {self.field: list(values)}}

    def counting(self, selected: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002 - only ranges need to know
        """Return the aggregations that count works by value, by their names; within `editions`."""
        return {self.name: {"terms": {"field": self.field, "size": MAX_CHOICES_PER_FACET}, "aggs": {"works": {"reverse_nested": {}}}}}

    def counting_whole_works(self, selected: Sequence[str]) -> dict[str, Any] | None:  # noqa: ARG002 - likewise
        """Return the aggregation for when nothing else is selected, beside `editions`: three times as fast. None where it cannot be."""
        return {self.name: {"terms": {"field": self.work_field, "size": MAX_CHOICES_PER_FACET}}}

    def counted(self, answered: Mapping[str, Any]) -> dict[str, int]:
        """Read works by value from the answer to either."""
        return {str(bucket["key"]): int(bucket.get("works", bucket)["doc_count"]) for bucket in answered[self.name]["buckets"]}

    def holds(self, edition: Mapping[str, Any], values: Sequence[str]) -> bool:
        """Whether an edition, as stored, has one of the values: what `condition` asks Elasticsearch."""
        return any(value in edition.get(self.name, ()) for value in values)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from `low` to `high`, both included; without `high`, all from `low`. Written “8-11” or “18-”."""

    low: int
    high: int | None = None

    @classmethod
    def read(cls, value: str, limit: int) -> Self | None:
        """Read a range as it is written in addresses; None for anything else, and beyond the limit."""
        match = re.fullmatch(r"(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,8})?", value)
        if match is None:
            return None
        low, high = int(match[1]), int(match[2]) if match[2] else None
        return cls(low, high) if low <= (limit if high is None else high) <= limit else None

    def __str__(self) -> str:
        return f"{self.low}-{'' if self.high is None else self.high}"

    def overlaps(self, other: "Span") -> bool:
        return (other.high is None or self.low <= other.high) and (self.high is None or other.low <= self.high)

    def limits(self) -> dict[str, int]:
        """Return it as Elasticsearch takes it, in a document or a query."""
        return {"gte": self.low} if self.high is None else {"gte": self.low, "lte": self.high}


@dataclass(frozen=True, kw_only=True)
class RangeFacet(Facet):
    """A facet of ranges: an edition has some (ages 8 to 11), and is found by all that overlap one of them.

    It offers `bands`, which are values in the index like any other facet's; beside them a reader may type a range of their own,
    up to `limit`, which is compared with the ranges themselves. Of both a selection may have several.
    """

    limit: int
    unit: Promise
    bands: tuple[Span, ...]
    spans_of: Callable[[ResourcePage], list[Span]]

    @property
    def range_name(self) -> str:
        """The field of the edition that holds its ranges."""
        return f"{self.name}_range"

    def typed(self, values: Sequence[str]) -> dict[str, Span]:
        """Return those of the values that are ranges and none of the bands."""
        spans = {value: Span.read(value, self.limit) for value in values}
        return {value: span for value, span in spans.items() if span is not None and span not in self.bands}

    def properties(self) -> dict[str, Any]:
        return {**super().properties(), self.range_name: {"type": "integer_range"}}

    def stored(self, edition: ResourcePage) -> dict[str, Any]:
        return {self.name: self.values_of(edition), self.range_name: [span.limits() for span in self.spans_of(edition)]}

    def condition(self, values: Sequence[str]) -> dict[str, Any]:
        typed = self.typed(values)
        bands = [value for value in values if value not in typed]
        return {"bool": {"should": [{"terms": {self.field: bands}}, *(self._overlapping(span) for span in typed.values())]}}

    def counting(self, selected: Sequence[str]) -> dict[str, Any]:
        aggregations = super().counting(selected)
        if typed := self.typed(selected):
            filters = {value: self._overlapping(span) for value, span in typed.items()}
            aggregations[self.range_name] = {"filters": {"filters": filters}, "aggs": {"works": {"reverse_nested": {}}}}
        return aggregations

    def counting_whole_works(self, selected: Sequence[str]) -> dict[str, Any] | None:
        return None if self.typed(selected) else super().counting_whole_works(selected)

    def counted(self, answered: Mapping[str, Any]) -> dict[str, int]:
        typed = answered.get(self.range_name, {}).get("buckets", {})
        return super().counted(answered) | {value: int(bucket["works"]["doc_count"]) for value, bucket in typed.items()}

    def holds(self, edition: Mapping[str, Any], values: Sequence[str]) -> bool:
        spans = [Span(stored["gte"], stored.get("lte")) for stored in edition.get(self.range_name, ())]
        return super().holds(edition, values) or any(span.overlaps(own) for span in self.typed(values).values() for own in spans)

    def _overlapping(self, span: Span) -> dict[str, Any]:
        return {"range": {f"editions.{self.range_name}": {**span.limits(), "relation": "intersects"}}}


def range_facet(
    *,
    name: str,
    label: Promise,
    limit: int,
    unit: Promise,
    bands: Sequence[str],
    spans_of: Callable[[ResourcePage], list[Span]],
    in_words: Callable[[Span], str],
) -> RangeFacet:
    """Return a facet of ranges; `bands` are those offered, in their order, `in_words` says a range in the active language."""
    offered = tuple(span for value in bands if (span := Span.read(value, limit)))

    def values_of(edition: ResourcePage) -> list[str]:
        spans = spans_of(edition)
        return [str(band) for band in offered if any(band.overlaps(span) for span in spans)]

    def choices(_rows: Rows, values: Collection[str], language: str) -> dict[str, Choice]:
        spans = sorted((span for value in values if (span := Span.read(value, limit))), key=lambda span: (span.low, span.high or math.inf))
        with translation.override(language):
            return {str(span): Choice(in_words(span), position) for position, span in enumerate(spans)}

    def known(values: Collection[str]) -> set[str]:
        return {value for value in values if Span.read(value, limit)}

    return RangeFacet(
        name=name,
        label=label,
        order=Order.VOCABULARY,
        values_of=values_of,
        choices=choices,
        known=known,
        limit=limit,
        unit=unit,
        bands=offered,
        spans_of=spans_of,
    )
