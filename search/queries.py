"""What is asked of Elasticsearch. Words and meaning decide which works match; selections only narrow what is shown of them.

So selections stand in `post_filter` and in the aggregation of every facet but their own, never in the query: each facet's
counts obey all other facets' selections, and choosing a value gives as many works as its count promised. A selection is one
nested filter, so language and licence are those of one edition; counts are `reverse_nested`, so they are works. Where nothing
else is selected, they are counted by fields of the work that hold the values of all its editions: the same numbers, sooner.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core import clock
from search.analysis import keys_for_words, number_of_words
from search.facets import FACETS, FACETS_BY_NAME
from search.mapping import EVERYTHING, HIGHLIGHTED, IS_SUMMARY, PASSAGES, VECTOR, WHOLE
from search.types import SearchRequest, Sort

MAX_EDITIONS_PER_HIT = 100
"""As many editions of a hit are asked for where the words were found; 100 is Elasticsearch's own limit for inner hits."""

ALL_OF_FEW_WORDS = "2<75%"
"""Of one or two words all must be there, of more three quarters: a long question still finds something."""

WEIGHTS = {"title": 6, "labels": 4, "names": 2, "abstract": 2, "body": 1}
"""How much a word counts by where it stands; whole numbers from 1, as combined_fields wants them."""

FILES_WEIGHT = 0.25
"""What words count that are found only together with those of files."""

MOST_WORDS_IN_FILES = 20
"""Longer questions are not looked for in files: Elasticsearch takes so many terms and no more, and the record's texts come first."""

TITLE_PHRASE_WEIGHT = 2
FRAGMENT_CHARACTERS = 180

COLON_IN_A_WORD = re.compile(r"(?<=\w):(?=\w)")

MEANING_WEIGHT = 120
"""What likeness of meaning can add to a score, half of it for no likeness at all; docs/relevance.md has what other weights give."""

TIER = 1000
"""What a work gets that holds all the words, or a rare one: more than any likeness."""

FILES_TIER = 500
"""What a work gets that holds all the words of a short question only with its files: more than any likeness, too, less than the others."""

RARE_WORD = 3.0
"""From which inverse document frequency on a word is rare: at most one edition in twenty holds it."""

NAMING_WORDS = 3
"""A question of so many words names what it is for, and a rare one of them counts as all; in a longer one the rarest is there by chance."""

NEIGHBOURS = 300
CANDIDATES = 600
"""How many works of a shard may be close in meaning, and of how many passages they are taken; the floor decides, this only caps."""

CANDIDATES_FOR_CLOSEST = 50

ONLY_SUMMARIES = {"filter": {"term": {IS_SUMMARY: True}}}
"""Part of a `knn` query: compare titles with abstracts alone."""

MARK_BEFORE, MARK_AFTER = "<mark>", "</mark>"

MAX_NEWS = 10_000
"""Works of one answer about news whose ids are given."""

CARD_FIELDS = ["work_id", "editions.card", "editions.published", *(f"editions.{name}" for facet in FACETS for name in facet.properties())]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vector of a question, the cosine from which on a text is close to it, and whether only titles with abstracts are compared."""

    vector: Sequence[float]
    floor: float
    summaries_only: bool


def search_body(request: SearchRequest, meaning: Meaning | None = None) -> dict[str, Any]:
    """Return the body of the search request; selections must name facets that exist. Without `meaning`, words alone count."""
    body: dict[str, Any] = {
        "query": _matching(_as_words(request.q), meaning),
        "aggs": _facet_aggregations(request),
        "sort": _sort(request),
        "from": (request.page - 1) * request.page_size,
        "size": request.page_size,
        "track_total_hits": True,
        "_source": CARD_FIELDS,
    }
    if _selected(request):
        body["post_filter"] = nested(_selection_filter(request))
    return body


def bare_body(body: dict[str, Any], size: int = 0) -> dict[str, Any]:
    """Return of a search body what is needed to count its works, and to read the cards of the first ones."""
    bare: dict[str, Any] = {"size": size, "track_total_hits": True, "_source": ["editions.card"]}
    return bare | {name: body[name] for name in ("query", "post_filter") if name in body}


def news_body(request: SearchRequest, meaning: Meaning | None, *, since: dt.datetime, told: Collection[str]) -> dict[str, Any]:
    """Return the body that finds the works of a search with a selected edition published at `since` or later, save those told already."""
    body = search_body(replace(request, sort=Sort.NEWEST), meaning)
    published = {"range": {"editions.published": {"gte": since.isoformat()}}}
    fresh = nested({"bool": {"filter": [*_selected(request), published]}})
    return {
        **{part: body[part] for part in ("sort", "from", "size", "track_total_hits", "_source")},
        "query": {"bool": {"filter": [body["query"], fresh], "must_not": [{"terms": {"work_id": list(told)}}]}},
        "aggs": {"works": {"terms": {"field": "work_id", "size": MAX_NEWS}}},
    }


def walking_body(request: SearchRequest, meaning: Meaning | None, after: UUID | None) -> dict[str, Any]:
    """Return the body that asks for works by the order of their ids, which never changes, from that after one on; no counts of facets."""
    body = search_body(request, meaning)
    del body["aggs"], body["from"]
    body["sort"] = [{"work_id": {"order": "asc"}}]
    if after is not None:
        body["search_after"] = [str(after)]
    return body


def _as_words(question: str) -> str:
    """Set words apart that a colon holds together for the analysis: nobody who types `title:volcano` looks for that one word."""
    return COLON_IN_A_WORD.sub(" ", question)


def _matching(words: str, meaning: Meaning | None) -> dict[str, Any]:
    """Find works by their words or by their meaning; those with all the words, or a rare one, stand in a tier above the others.

    In each tier the order is by likeness and by the words that a work holds, be they too few to find it by.
    """
    visible: dict[str, Any] = {"bool": {"filter": [{"term": {"visible": True}}]}}
    if not words:
        return visible
    by_words = nested(_words_query(words), score_mode="max", inner_hits=_where_found(words))
    if meaning is None:
        visible["bool"]["must"] = [by_words]
    else:
        visible["bool"]["must"] = [{"bool": {"should": [by_words, _close_in_meaning(meaning)], "minimum_should_match": 1}}]
        visible["bool"]["should"] = [_tiers(words), nested(_some_words(words), score_mode="max")]
    return visible


def _tiers(words: str) -> dict[str, Any]:
    """Lift works that hold what is asked for above what is merely close. Of a longer question a long file has all words by chance."""
    tiers = [{"constant_score": {"filter": nested(_all_words_or_a_rare_one(words)), "boost": TIER}}]
    if number_of_words(words) <= NAMING_WORDS:
        with_files = {"dis_max": {"queries": [_with_files(words, key, "100%") for key in keys_for_words(words)]}}
        tiers.append({"constant_score": {"filter": nested(with_files), "boost": FILES_TIER}})
    return {"dis_max": {"queries": tiers}}


def closest_body(meaning: Meaning) -> dict[str, Any]:
    """Ask for the work that is closest in meaning, if any reaches the floor."""
    nearest = {"knn": _neighbours(meaning, k=1, candidates=CANDIDATES_FOR_CLOSEST)}
    return {"query": nested(nearest, path=PASSAGES, score_mode="max"), "size": 1, "_source": False, "track_total_hits": False}


def cosine_of(score: float) -> float:
    """Return the cosine that Elasticsearch's score of a vector stands for (its documentation of `dense_vector`, dot_product)."""
    return 2 * score - 1


def _close_in_meaning(meaning: Meaning) -> dict[str, Any]:
    """Find works with a passage close to the question; no selection may stand in here, or counts would promise wrong numbers."""
    neighbours = {**_neighbours(meaning, k=NEIGHBOURS, candidates=CANDIDATES), "boost": MEANING_WEIGHT}
    return nested({"knn": neighbours}, path=PASSAGES, score_mode="max", inner_hits={"name": "meaning", "size": 1, "_source": False})


def _neighbours(meaning: Meaning, *, k: int, candidates: int) -> dict[str, Any]:
    return {
        "field": VECTOR,
        "query_vector": list(meaning.vector),
        "k": k,
        "num_candidates": candidates,
        "similarity": meaning.floor,
        **(ONLY_SUMMARIES if meaning.summaries_only else {}),
    }


def _all_words_or_a_rare_one(words: str) -> dict[str, Any]:
    """Find editions that hold every word, or of a few words the rarest, if that is rare (its score is its inverse document frequency)."""
    all_words: list[dict[str, Any]] = [_combined(words, key, "100%") for key in keys_for_words(words)]
    all_words.append({"match": {EVERYTHING: {"query": words, "operator": "and"}}})
    if number_of_words(words) > NAMING_WORDS:
        return {"dis_max": {"queries": all_words}}
    rarest = {"fields": [EVERYTHING], "like": words, "max_query_terms": 1, "min_term_freq": 1, "min_doc_freq": 1}
    rare = {"function_score": {"query": {"more_like_this": rarest}, "min_score": RARE_WORD}}
    return {"dis_max": {"queries": [*all_words, rare]}}


def _some_words(words: str) -> dict[str, Any]:
    by_language = [_combined(words, key, "1") for key in keys_for_words(words)]
    return {"dis_max": {"queries": [*by_language, {"match": {EVERYTHING: words}}]}}


def _combined(words: str, key: str, share: str) -> dict[str, Any]:
    fields = [f"editions.{name}.{key}^{weight}" for name, weight in WEIGHTS.items()]
    return {"combined_fields": {"query": words, "fields": fields, "minimum_should_match": share}}


def _with_files(words: str, key: str, share: str) -> dict[str, Any]:
    return {"match": {f"editions.{WHOLE}.{key}": {"query": words, "minimum_should_match": share, "boost": FILES_WEIGHT}}}


def _words_query(words: str) -> dict[str, Any]:
    """Find editions by words, taken as they are: nothing in them is syntax.

    They are looked for in each language that they may be of, over all texts of an edition together, and unstemmed in all
    languages at once; lowest of all, over its texts and files. A title that holds them in a row stands higher.
    """
    keys = keys_for_words(words)
    by_language = [_combined(words, key, ALL_OF_FEW_WORDS) for key in keys]
    anywhere = {"match": {EVERYTHING: {"query": words, "minimum_should_match": ALL_OF_FEW_WORDS}}}
    with_files = [_with_files(words, key, ALL_OF_FEW_WORDS) for key in keys if number_of_words(words) <= MOST_WORDS_IN_FILES]
    in_title = {
        "multi_match": {
            "query": words,
            "type": "phrase",
            "fields": [f"editions.title.{key}" for key in keys],
            "boost": TITLE_PHRASE_WEIGHT,
        }
    }
    return {"bool": {"must": [{"dis_max": {"queries": [*by_language, anywhere, *with_files], "tie_breaker": 0.2}}], "should": [in_title]}}


def _where_found(words: str) -> dict[str, Any]:
    """Ask which editions hold the words, with passages as safe HTML.

    Each field is marked by its own plain match: to take the whole query apart for each field costs several times as much.
    """
    fields = [f"editions.{name}.{key}" for name in HIGHLIGHTED for key in keys_for_words(words)]
    titles = [f"editions.title.{key}" for key in keys_for_words(words)]
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
            "fields": {
                **{field: {"highlight_query": {"match": {field: words}}} for field in fields},
                **{field: {"highlight_query": {"match": {field: words}}, "number_of_fragments": 0} for field in titles},
            },
        },
    }


def _facet_aggregations(request: SearchRequest) -> dict[str, Any]:
    """Return an aggregation for each facet: over whole works where no other facet narrows it, else within `editions`."""
    whole: dict[str, Any] = {}
    unselected: dict[str, Any] = {}
    narrowed: dict[str, Any] = {}
    for facet in FACETS:
        values = request.selections.get(facet.name, ())
        counting = None if _selected(request, but=facet.name) else facet.counting_whole_works(values)
        if counting:
            whole |= counting
        elif values:
            narrowed[facet.name] = {"filter": _selection_filter(request, but=facet.name), "aggs": facet.counting(values)}
        else:
            unselected |= facet.counting(())
    if unselected:  # one filter for all, since theirs is the same
        narrowed["unselected"] = {"filter": _selection_filter(request), "aggs": unselected}
    return {**whole, **({"editions": {"nested": {"path": "editions"}, "aggs": narrowed}} if narrowed else {})}


def _selected(request: SearchRequest, *, but: str = "") -> list[dict[str, Any]]:
    """Return what an edition must satisfy to be among those selected; `but` names a facet whose selection does not count."""
    clauses = [FACETS_BY_NAME[name].condition(values) for name, values in sorted(request.selections.items()) if values and name != but]
    if request.since:
        clauses.append({"range": {"editions.published": {"gte": clock.start_of(request.since).isoformat()}}})
    return clauses


def _selection_filter(request: SearchRequest, *, but: str = "") -> dict[str, Any]:
    clauses = _selected(request, but=but)
    return {"bool": {"filter": clauses}} if clauses else {"match_all": {}}


def nested(query: dict[str, Any], *, path: str = "editions", **options: Any) -> dict[str, Any]:
    """Ask of a work what its editions, or their passages, are to fit."""
    return {"nested": {"path": path, "query": query, **options}}


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
