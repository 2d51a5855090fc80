"""The address of the search page is its state: read into a request, and written back with something changed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from search.facet_kinds import RangeFacet, Span
from search.facets import FACETS, FACETS_BY_NAME, RANGE_FACETS
from search.services import check_selections, last_page_within_reach
from search.types import SearchRequest, Sort

PAGE_SIZE = 20
LONGEST_VALUE_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and sentences about what in it was left out.

    `typed`: a range came as two numbers, as a form sends it, and not as `write` writes it.
    """

    request: SearchRequest
    notices: tuple[str, ...]
    typed: bool = False


def read(query: QueryDict, language: str) -> Asked:
    """Read the parameters of an address; nothing in them is an error, what cannot be used is left out with a notice."""
    asked = read_unchecked(query, language)
    known, unknown = check_selections(asked.request.selections)
    notices = [_left_out(name, values) for name, values in unknown.items()]
    return Asked(replace(asked.request, selections=known), (*notices, *asked.notices), asked.typed)


def read_unchecked(query: QueryDict, language: str) -> Asked:
    """Read the parameters, selections of values that do not exist included: such a search finds nothing, rather than everything.

    For whoever follows a search and is not there to read a notice.
    """
    notices: list[str] = []
    selections = {facet.name: tuple(value for value in query.getlist(facet.name) if value) for facet in FACETS}
    typed = {facet.name: span for facet in RANGE_FACETS if (span := _typed_range(query, facet, notices))}
    for name, span in typed.items():
        selections[name] += (str(span),)
    request = SearchRequest(
        q=" ".join(query.get("q", "").split()),
        words_only=query.get("words_only") == "1",
        selections={name: values for name, values in selections.items() if values},
        since=_since(query.get("since", ""), notices),
        sort=_sort(query.get("sort", ""), notices),
        page=_page(query.get("page", ""), notices),
        page_size=PAGE_SIZE,
        language=language,
    )
    return Asked(request, tuple(notices), bool(typed))


def write(request: SearchRequest) -> str:
    """Return the address of a search."""
    asked = query(request)
    return f"{reverse('search')}?{asked}" if asked else reverse("search")


def query(request: SearchRequest) -> str:
    """Return what stands behind the question mark of a search's address."""
    return urlencode(parameters(request))


def parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """Return the parameters of a search's address in their usual order; what is as usual is not among them."""
    pairs: list[tuple[str, str]] = [("q", request.q)] if request.q else []
    if request.q and request.words_only:
        pairs.append(("words_only", "1"))
    pairs += [(facet.name, value) for facet in FACETS for value in request.selections.get(facet.name, ())]
    if request.since:
        pairs.append(("since", request.since.isoformat()))
    if request.sort is not Sort.RELEVANCE:
        pairs.append(("sort", request.sort.value))
    if request.page > 1:
        pairs.append(("page", str(request.page)))
    return pairs


def without(request: SearchRequest, name: str, value: str) -> str:
    """Return the address of the same search, first page, with one value unselected."""
    left = tuple(other for other in request.selections.get(name, ()) if other != value)
    return write(replace(request, selections={**request.selections, name: left}, page=1))


def _typed_range(query: QueryDict, facet: RangeFacet, notices: list[str]) -> Span | None:
    """Read the two numbers that a reader typed, in digits of any script and in either order; each may be left out."""
    typed = [query.get(f"{facet.name}_{end}", "").strip() for end in ("min", "max")]
    if not any(typed):
        return None
    if any(text and not (text.isdecimal() and len(text) <= len(str(facet.limit)) and int(text) <= facet.limit) for text in typed):
        notices.append(
            _("Left out: for “%(filter)s”, please give whole numbers from 0 to %(limit)d.") % {"filter": facet.label, "limit": facet.limit}
        )
        return None
    low, high = (int(text) if text else None for text in typed)
    if low is None or high is None:
        return Span(low or 0, high)
    return Span(min(low, high), max(low, high))


def _left_out(name: str, values: Iterable[str]) -> str:
    shown = ", ".join(f"“{value[:LONGEST_VALUE_SHOWN]}”" for value in values)
    return _("Left out, since “%(filter)s” has no such choice: %(values)s.") % {"filter": FACETS_BY_NAME[name].label, "values": shown}


def _sort(text: str, notices: list[str]) -> Sort:
    if not text:
        return Sort.RELEVANCE
    try:
        return Sort(text)
    except ValueError:
        notices.append(_("There is no such order as “%(order)s”; this is the usual one.") % {"order": text[:LONGEST_VALUE_SHOWN]})
        return Sort.RELEVANCE


def _since(text: str, notices: list[str]) -> dt.date | None:
    since = clock.parse_day(text)
    if text and since is None:
        notices.append(_("“%(day)s” is not a date like 2026-11-03; it was left out.") % {"day": text[:LONGEST_VALUE_SHOWN]})
    return since


def _page(text: str, notices: list[str]) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and int(text[:10]) > 0):
        notices.append(_("“%(page)s” is not a page number; this is the first page.") % {"page": text[:LONGEST_VALUE_SHOWN]})
        return 1
    return min(int(text[:10]), last_page_within_reach(PAGE_SIZE))
