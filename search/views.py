"""The search page. Its address is its state, it works without JavaScript, and htmx gets only the part that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.listing import news_for
from core.errors import InvalidInputError
from members.models import User
from search import address
from search.encoders import encoder_class
from search.filters import laid_out
from search.loosening import ways_on
from search.models import SavedSearch
from search.saved.services import same_search
from search.services import SearchUnavailableError, search
from search.types import FacetResult, SearchRequest, SearchResults, Sort

RETRY_AFTER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Chip:
    """A selected value, with the address that is the same search without it."""

    name: str
    facet_label: str
    value: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SortOption:
    """An order, with the address that sorts by it from the first page."""

    value: str
    label: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    """A place in the pager; a gap has neither number nor address."""

    number: int | None
    url: str
    current: bool


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show results; 400 for a question that cannot be asked, 503 when search is away, each with the whole page around the sentence."""
    asked = address.read(request.GET, get_language() or "en")
    if asked.typed and not asked.notices:
        return redirect(address.write(asked.request))
    notices = list(asked.notices)
    state, results, ways, unavailable, status = asked.request, None, None, "", 200
    try:
        results, state = _search_or_last_page(state, notices)
        ways = ways_on(state, results)
    except InvalidInputError as error:
        notices.append(str(error))
        status = 400
    except SearchUnavailableError as error:
        unavailable = str(error)
        status = 503
    context = {
        **_context(state, results),
        "ways": ways,
        "notices": notices,
        "unavailable": unavailable,
        "news": news_for(request.user),
        "saved": _saved(request, state),
    }
    return _respond(request, context, status)


def _saved(request: HttpRequest, state: SearchRequest) -> SavedSearch | None:
    """Return this search as the reader has saved it, if they have."""
    return same_search(request.user, state) if isinstance(request.user, User) else None


def _search_or_last_page(state: SearchRequest, notices: list[str]) -> tuple[SearchResults, SearchRequest]:
    """Search; past the end, show the last page and say so."""
    results = search(state)
    if state.page > results.pages > 0:
        notices.append(_("There is no such page; this is the last one, page %(last)d.") % {"last": results.pages})
        state = replace(state, page=results.pages)
        results = search(state)
    elif results.pages == 0:
        state = replace(state, page=1)
    return results, state


def _respond(request: HttpRequest, context: Mapping[str, Any], status: int) -> HttpResponse:
    """Render the whole page, or for htmx the results alone: always with status 200 then, since htmx shows nothing else."""
    is_part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    template = "search/_results.html" if is_part else "search/search.html"
    response = render(request, template, dict(context), status=200 if is_part else status)
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _context(state: SearchRequest, results: SearchResults | None) -> dict[str, Any]:
    facets = results.facets if results else ()
    return {
        "request_state": state,
        "words_switch": bool(state.q and encoder_class()),
        "results": results,
        "filters": laid_out(facets),
        "chips": [*_since_chip(state), *_chips(state, facets)],
        "suggestion_url": address.write(replace(state, q=results.suggestion, page=1)) if results and results.suggestion else "",
        "query": address.query(replace(state, since=None, page=1)),
        "clear_url": address.write(replace(state, selections={}, since=None, page=1)),
        "sort_options": _sort_options(state),
        "pages": _pages(state, results.pages if results else 0),
    }


def _chips(state: SearchRequest, facets: Iterable[FacetResult]) -> list[Chip]:
    return [
        Chip(facet.name, facet.label, value.value, value.label, address.without(state, facet.name, value.value))
        for facet in facets
        for value in facet.selected
    ]


def _since_chip(state: SearchRequest) -> list[Chip]:
    if state.since is None:
        return []
    label = _("New since %(day)s") % {"day": formats.date_format(state.since)}
    return [Chip("since", _("Published"), state.since.isoformat(), label, address.write(replace(state, since=None, page=1)))]


def _sort_options(state: SearchRequest) -> list[SortOption]:
    """Return the orders that make sense; without words nothing is more relevant than another, so the newest come first."""
    options = [(Sort.NEWEST, _("Newest first")), (Sort.TITLE, _("By title"))]
    current = state.sort
    if state.q:
        options.insert(0, (Sort.RELEVANCE, _("Best match first")))
    elif current is Sort.RELEVANCE:
        current = Sort.NEWEST
    return [SortOption(sort.value, label, address.write(replace(state, sort=sort, page=1)), sort is current) for sort, label in options]


def _pages(state: SearchRequest, last: int) -> list[PageLink]:
    """Return the pager: the first and last pages, those around the current one, and gaps; nothing for a single page."""
    if last < 2:  # noqa: PLR2004 - one page needs no pager
        return []
    numbers = Paginator(range(last), 1).get_elided_page_range(state.page, on_each_side=2, on_ends=1)
    return [
        PageLink(number, address.write(replace(state, page=number)), number == state.page)
        if isinstance(number, int)
        else PageLink(None, "", current=False)
        for number in numbers
    ]
