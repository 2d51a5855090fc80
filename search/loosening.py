"""Ways on from a search that found nothing: which filter or word to leave out, and how many works there are then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import formats
from django.utils.translation import gettext as _

from search import address
from search.asking import ask_together
from search.client import RequestRefusedError
from search.queries import bare_body, search_body
from search.services import meaning_of
from search.types import FacetResult, SearchRequest, SearchResults

MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A search with something left out, and how many works it finds."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways that find something, the most first: with a filter less, and with a word less."""

    filters: tuple[Way, ...]
    words: tuple[Way, ...]


def ways_on(request: SearchRequest, results: SearchResults) -> Ways | None:
    """Return what to leave out of a search that found nothing, counted in one request; None where it found something."""
    if results.count:
        return None
    filters = list(_with_a_filter_less(request, results.facets))
    words = list(_with_a_word_less(request))
    counts = _counts([looser for _label, looser in filters + words])
    ways = [Way(label, address.write(looser), count) for (label, looser), count in zip(filters + words, counts, strict=True)]
    return Ways(_found(ways[: len(filters)]), _found(ways[len(filters) :]))


def _counts(requests: list[SearchRequest]) -> list[int]:
    """Count what each search would find, by words and meaning where search.services.search can do that, too."""
    try:
        answers = ask_together([bare_body(search_body(request, meaning_of(request))) for request in requests])
    except RequestRefusedError:  # the index has no vectors of this encoder yet
        answers = ask_together([bare_body(search_body(request)) for request in requests])
    return [int(answer["hits"]["total"]["value"]) for answer in answers]


def _with_a_filter_less(request: SearchRequest, facets: tuple[FacetResult, ...]) -> Iterator[tuple[str, SearchRequest]]:
    """Yield the search without each facet's selection, without any, and not by words only."""
    chosen = [facet for facet in facets if facet.selected]
    for facet in chosen:
        values = ", ".join(value.label for value in facet.selected)
        label = _("Without “%(filter)s: %(values)s”") % {"filter": facet.label, "values": values}
        yield label, replace(request, page=1, selections={**request.selections, facet.name: ()})
    if request.since:
        label = _("Without “New since %(day)s”") % {"day": formats.date_format(request.since)}
        yield label, replace(request, page=1, since=None)
    if request.q and request.words_only:
        yield _("With what is close in meaning"), replace(request, page=1, words_only=False)
    if len(chosen) + bool(request.since) > 1:
        yield _("Without any filter"), replace(request, page=1, selections={}, since=None)


def _with_a_word_less(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    words = request.q.split()
    if len(words) > 1:
        for place, word in enumerate(words[:MOST_WORDS]):
            left = " ".join([*words[:place], *words[place + 1 :]])
            yield _("Without the word “%(word)s”") % {"word": word}, replace(request, page=1, q=left)


def _found(ways: list[Way]) -> tuple[Way, ...]:
    return tuple(sorted((way for way in ways if way.count), key=lambda way: -way.count))
