"""Ways on from a search that found nothing: which filter or word to leave out, and how many works there are then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import formats
from django.utils.translation import gettext as _

from search import address
from search.asking import ask_together
from search.queries import bare_body, search_body
from search.services import meanings_of
from search.spelling import proposal
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
    """Ways that find something, the most first: with a filter less, with a word less; where neither helps, with little left."""

    filters: tuple[Way, ...]
    words: tuple[Way, ...]
    little: tuple[Way, ...] = ()


Looser = tuple[str, SearchRequest]


def ways_on(request: SearchRequest, results: SearchResults) -> Ways | None:
    """Return what to leave out of a search that found nothing, all counted together; None where it found something.

    Where one thing less is not enough, single words are asked for without any filter. Raises SearchUnavailableError.
    """
    if results.count:
        return None
    filters, words = _ways([*_with_a_filter_less(request, results.facets)], [*_with_a_word_less(request)])
    if filters or words or results.suggestion:
        return Ways(filters, words)
    (little,) = _ways([*_with_little_left(request)])
    return Ways(filters, words, little)


def _ways(*groups: list[Looser]) -> list[tuple[Way, ...]]:
    """Return of each group the ways that find something."""
    counts = iter(_counts([looser for group in groups for _label, looser in group]))
    counted = [[Way(label, address.write(looser), next(counts)) for label, looser in group] for group in groups]
    return [tuple(sorted((way for way in group if way.count), key=lambda way: -way.count)) for group in counted]


def _counts(requests: list[SearchRequest]) -> list[int]:
    """Count what each search would find, as search.services.search finds it."""
    asked = zip(requests, meanings_of(requests), strict=True)
    answers = ask_together([bare_body(search_body(request, meaning)) for request, meaning in asked])
    return [int(answer["hits"]["total"]["value"]) for answer in answers]


def _with_a_filter_less(request: SearchRequest, facets: tuple[FacetResult, ...]) -> Iterator[Looser]:
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


def _with_a_word_less(request: SearchRequest) -> Iterator[Looser]:
    words = request.q.split()
    if len(words) > 1:
        for place, word in enumerate(words[:MOST_WORDS]):
            left = " ".join([*words[:place], *words[place + 1 :]])
            yield _("Without the word “%(word)s”") % {"word": word}, replace(request, page=1, q=left)


def _with_little_left(request: SearchRequest) -> Iterator[Looser]:
    """Yield, without any filter, the question as it was perhaps meant, and each of its words alone."""
    bare = SearchRequest(language=request.language, page_size=request.page_size)
    meant = proposal(replace(bare, q=request.q), ())
    if meant:
        yield _("“%(words)s”, without any filter") % {"words": meant}, replace(bare, q=meant)
    words = list(dict.fromkeys(request.q.split()))[:MOST_WORDS]
    if len(words) > 1:
        for word in words:
            yield _("“%(words)s”, without any filter") % {"words": word}, replace(bare, q=word)
