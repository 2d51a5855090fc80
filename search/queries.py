"""What is asked of Elasticsearch. Words decide which works match; selections only narrow what is shown of them.

So selections stand in `post_filter` and in the aggregation of every facet but their own, never in the query: each facet's
counts obey all other facets' selections, and choosing a value gives as many works as its count promised. A selection is one
nested filter, so language and licence are those of one edition; counts are `reverse_nested`, so they are works.
"""

from typing import Any

from core import clock
from search.analysis import keys_for_words
from search.facets import FACETS
from search.mapping import EVERYTHING, HIGHLIGHTED
from search.types import SearchRequest, Sort

MAX_CHOICES_PER_FACET = 1000
MAX_EDITIONS_PER_HIT = 100
"""As many editions of a hit are asked for where the words were found; 100 is Elasticsearch's own limit for inner hits."""

ALL_OF_FEW_WORDS = "2<75%"
"""Of one or two words all must be there, of more three quarters: a long question still finds something."""

WEIGHTS = {"title": 6, "labels": 4, "names": 2, "abstract": 2, "body": 1}
"""How much a word counts by where it stands; whole numbers from 1, as combined_fields wants them."""

TITLE_PHRASE_WEIGHT = 2
FRAGMENT_CHARACTERS = 180
MARK_BEFORE, MARK_AFTER = "<mark>", "</mark>"

CARD_FIELDS = ["work_id", "editions.card", "editions.published", *(facet.field for facet in FACETS)]


def search_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body of the search request; selections must name facets that exist."""
    body: dict[str, Any] = {
        "query": _matching(request.q),
        "aggs": {"editions": {"nested": {"path": "editions"}, "aggs": _facet_aggregations(request)}},
        "sort": _sort(request),
        "from": (request.page - 1) * request.page_size,
        "size": request.page_size,
        "track_total_hits": True,
        "_source": CARD_FIELDS,
    }
    if _selected(request):
        body["post_filter"] = _nested(_selection_filter(request))
    return body


def _matching(words: str) -> dict[str, Any]:
    visible: dict[str, Any] = {"bool": {"filter": [{"term": {"visible": True}}]}}
    if words:
        visible["bool"]["must"] = [
            {
                "nested": {
                    "path": "editions",
                    "score_mode": "max",
                    "query": _words_query(words),
                    "inner_hits": _where_found(words),
                }
            }
        ]
    return visible


def _words_query(words: str) -> dict[str, Any]:
    """Find editions by words, taken as they are: nothing in them is syntax.

    They are looked for in each language that they may be of, over all texts of an edition together, and unstemmed in all
    languages at once. A title that holds them in a row stands higher.
    """
    keys = keys_for_words(words)
    by_language = [
        {
            "combined_fields": {
                "query": words,
                "fields": [f"editions.{name}.{key}^{weight}" for name, weight in WEIGHTS.items()],
                "minimum_should_match": ALL_OF_FEW_WORDS,
            }
        }
        for key in keys
    ]
    anywhere = {"match": {EVERYTHING: {"query": words, "minimum_should_match": ALL_OF_FEW_WORDS}}}
    in_title = {
        "multi_match": {
            "query": words,
            "type": "phrase",
            "fields": [f"editions.title.{key}" for key in keys],
            "boost": TITLE_PHRASE_WEIGHT,
        }
    }
    return {"bool": {"must": [{"dis_max": {"queries": [*by_language, anywhere], "tie_breaker": 0.2}}], "should": [in_title]}}


def _where_found(words: str) -> dict[str, Any]:
    """Ask which editions hold the words, with passages as safe HTML.

    Each field is marked by its own plain match: to take the whole query apart for each field costs several times as much.
    """
    fields = [f"editions.{name}.{key}" for name in HIGHLIGHTED for key in keys_for_words(words)]
    return {
        "name": "words",
        "size": MAX_EDITIONS_PER_HIT,
        "_source": False,
        "highlight": {
            "encoder": "html",
            "pre_tags": [MARK_BEFORE],
            "post_tags": [MARK_AFTER],
            "order": "score",
            "number_of_fragments": 2,
            "fragment_size": FRAGMENT_CHARACTERS,
            "max_analyzed_offset": 100_000,
            "fields": {field: {"highlight_query": {"match": {field: words}}} for field in fields},
        },
    }


def _facet_aggregations(request: SearchRequest) -> dict[str, Any]:
    """Return the aggregations within `editions`; facets without a selection share one filter, since theirs is the same."""
    unselected = {facet.name: _counts(facet.field) for facet in FACETS if not request.selections.get(facet.name)}
    aggregations: dict[str, Any] = {}
    if unselected:
        aggregations["unselected"] = {"filter": _selection_filter(request), "aggs": unselected}
    for facet in FACETS:
        if facet.name not in unselected:
            aggregations[facet.name] = {"filter": _selection_filter(request, but=facet.name), "aggs": {facet.name: _counts(facet.field)}}
    return aggregations


def _counts(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": MAX_CHOICES_PER_FACET}, "aggs": {"works": {"reverse_nested": {}}}}


def _selected(request: SearchRequest, *, but: str = "") -> list[dict[str, Any]]:
    """Return what an edition must satisfy to be among those selected; `but` names a facet whose selection does not count."""
    clauses: list[dict[str, Any]] = [
        {"terms": {f"editions.{name}": list(values)}} for name, values in sorted(request.selections.items()) if values and name != but
    ]
    if request.since:
        clauses.append({"range": {"editions.published": {"gte": clock.start_of(request.since).isoformat()}}})
    return clauses


def _selection_filter(request: SearchRequest, *, but: str = "") -> dict[str, Any]:
    clauses = _selected(request, but=but)
    return {"bool": {"filter": clauses}} if clauses else {"match_all": {}}


def _nested(query: dict[str, Any]) -> dict[str, Any]:
    return {"nested": {"path": "editions", "query": query}}


def _sort(request: SearchRequest) -> list[dict[str, Any]]:
    """Return the order; among equals the newest first, then by id, so that pages never overlap."""
    within = {"path": "editions", "filter": _selection_filter(request)}
    newest = {"editions.published": {"order": "desc", "mode": "max", "nested": within}}
    last = {"work_id": {"order": "asc"}}
    if request.sort is Sort.TITLE and request.selections.get("language"):
        return [{"editions.sort_title": {"order": "asc", "mode": "min", "nested": within}}, last]
    if request.sort is Sort.TITLE:
        return [{f"sort_title.{request.language}": {"order": "asc", "unmapped_type": "keyword"}}, last]
    if request.sort is Sort.RELEVANCE and request.q:
        return [{"_score": {"order": "desc"}}, newest, last]
    return [newest, last]
