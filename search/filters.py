"""How the facets of an answer are laid out beside it: what is open, what lies behind “show more”, which subjects are folded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.facet_kinds import RangeFacet
from search.facets import FACETS_BY_NAME
from search.types import FacetResult, FacetValue

OPEN_AT_FIRST = 3
MOST_SHOWN_WHOLE = 10
"""A facet with more choices shows the first MOST_SHOWN_AT_FIRST, and those selected; never is just one or two left to show."""

MOST_SHOWN_AT_FIRST = 8
SEARCHABLE_FROM = 13


@dataclass(slots=True)
class Branch:
    """A choice with those below it in a tree; `is_open` where something is selected here or below."""

    value: FacetValue
    below: list["Branch"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.value.selected or any(branch.is_open for branch in self.below)


@dataclass(frozen=True, slots=True)
class TypedRange:
    """The two fields for a range of the reader's own, and the numbers in them."""

    unit: str
    low: int | None
    high: int | None
    longest: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A facet as it is shown. A tree has all its choices in `branches`, which fold by themselves."""

    name: str
    label: str
    number_selected: int
    is_open: bool
    is_searchable: bool
    branches: tuple[Branch, ...]
    more: tuple[Branch, ...]
    typed: TypedRange | None


def laid_out(facets: Iterable[FacetResult]) -> tuple[Filter, ...]:
    """Return the facets that offer anything, as they are shown."""
    offered = [facet for facet in facets if facet.values or isinstance(FACETS_BY_NAME[facet.name], RangeFacet)]
    return tuple(_filter(facet, place) for place, facet in enumerate(offered))


def _filter(facet: FacetResult, place: int) -> Filter:
    values, typed = _without_typed(facet)
    branches = _branches(values)
    at_first, more = branches, []
    if len(branches) == len(values) > MOST_SHOWN_WHOLE:
        at_first = [branch for i, branch in enumerate(branches) if i < MOST_SHOWN_AT_FIRST or branch.value.selected]
        more = [branch for i, branch in enumerate(branches) if i >= MOST_SHOWN_AT_FIRST and not branch.value.selected]
    return Filter(
        name=facet.name,
        label=facet.label,
        number_selected=len(facet.selected),
        is_open=place < OPEN_AT_FIRST or bool(facet.selected),
        is_searchable=len(values) >= SEARCHABLE_FROM,
        branches=tuple(at_first),
        more=tuple(more),
        typed=typed,
    )


def _branches(values: Sequence[FacetValue]) -> list[Branch]:
    """Fold choices in the order of a tree, each with its depth, into their branches."""
    top: list[Branch] = []
    way: list[Branch] = []
    for value in values:
        branch = Branch(value)
        del way[value.depth :]
        (way[-1].below if way else top).append(branch)
        way.append(branch)
    return top


def _without_typed(facet: FacetResult) -> tuple[tuple[FacetValue, ...], TypedRange | None]:
    """Take out of the choices the one range of the reader's own that stands in the fields: the last."""
    by_range = FACETS_BY_NAME[facet.name]
    if not isinstance(by_range, RangeFacet):
        return facet.values, None
    selected = by_range.typed([value.value for value in facet.selected])
    value, span = list(selected.items())[-1] if selected else ("", None)
    in_fields = TypedRange(str(by_range.unit), span.low if span else None, span.high if span else None, len(str(by_range.limit)))
    return tuple(other for other in facet.values if other.value != value), in_fields
