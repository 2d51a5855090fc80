"""Beside a resource: others like it, in whatever language, and more of its institution.

A work is like another by the meaning of title and abstract, by the words of texts in the same language, and by its subjects;
the more of these, the nearer. The reader came for the resource, not for these: where search does not answer soon, they are not waited for.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import structlog
from django.core.cache import cache

from catalogue.models import ResourcePage
from catalogue.selectors import work_editions
from search.analysis import key_of
from search.answers import hits_of
from search.asking import ask
from search.client import RequestRefusedError, SearchUnavailableError
from search.mapping import PASSAGES, VECTOR
from search.queries import CARD_FIELDS, ONLY_SUMMARIES, nested
from search.types import Hit, SearchRequest
from search.vectors import remembered, summary_of

logger = structlog.stdlib.get_logger(__name__)

MOST_SIMILAR = 6
MOST_FROM_INSTITUTION = 4

TIMEOUT_SECONDS = 1.0
REST_SECONDS = 10
"""So long after search did not answer nobody asks it here again, or each of many readers would wait for the time-out."""

AWAY = "search.similar.away"

NEIGHBOURS = 50
"""The nearest in meaning, before words and subjects have their say; there is no floor: the likest are likest, however far."""

CANDIDATES = 200
MEANING_WEIGHT = 60
"""Between texts that have nothing to do with each other and translations lie 15 points: as much as three or four rare subjects."""

WORDS_WEIGHT = 0.3
"""Words in common by themselves say little: an abstract shares some with any other of its language."""

WORDS_COMPARED = 20
"""Of each language's texts the words that tell most: title, abstract."""


def similar(work_id: UUID, language: str) -> tuple[Hit, ...]:
    """Return published works like this one, the likest first, each shown in the language of the interface where it can be.

    None for a work that is not published. Raises SearchUnavailableError.
    """
    editions = list(work_editions(work_id))
    if not editions:
        return ()
    alike = [*_by_words(editions), *_by_subjects(editions)]
    try:
        return _likest([*_by_meaning(editions), *alike], work_id, language)
    except RequestRefusedError as error:  # the index has no such vectors yet, as after a change of the encoder
        logger.warning("compared_by_words_alone", error=str(error))
        return _likest(alike, work_id, language)


def _likest(alike: list[dict[str, Any]], work_id: UUID, language: str) -> tuple[Hit, ...]:
    return _found(alike, {"_score": {"order": "desc"}}, SearchRequest(language=language), without={work_id}, size=MOST_SIMILAR)


def more_from(institution: str, language: str, *, without: Collection[UUID]) -> tuple[Hit, ...]:
    """Return the newest works of an institution, named by its slug, but for some. Raises SearchUnavailableError."""
    own = {"term": {"editions.institution": institution}}
    newest = {"editions.published": {"order": "desc", "mode": "max", "nested": {"path": "editions", "filter": own}}}
    request = SearchRequest(selections={"institution": (institution,)}, language=language)
    return _found([nested(own)], newest, request, without=without, size=MOST_FROM_INSTITUTION)


def _by_meaning(editions: Iterable[ResourcePage]) -> list[dict[str, Any]]:
    """Compare with the first edition whose meaning is known, of the original if it is: translations mean the same."""
    texts = [text for edition in editions if (text := summary_of(edition))]
    known = remembered(texts)
    vector = next((found for text in texts if (found := known.get(text))), None)
    if vector is None:
        return []
    neighbours = {"field": VECTOR, "query_vector": vector, "k": NEIGHBOURS, "num_candidates": CANDIDATES, **ONLY_SUMMARIES}
    return [nested({"knn": {**neighbours, "boost": MEANING_WEIGHT}}, path=PASSAGES, score_mode="max")]


def _by_words(editions: Iterable[ResourcePage]) -> list[dict[str, Any]]:
    texts: dict[str, list[str]] = {}
    for edition in editions:
        texts.setdefault(key_of(edition.language), []).extend(filter(None, (edition.title, edition.abstract)))
    return [nested(_words_in_common(key, like), score_mode="max") for key, like in texts.items()]


def _words_in_common(key: str, texts: list[str]) -> dict[str, Any]:
    return {
        "more_like_this": {
            "fields": [f"editions.title.{key}", f"editions.abstract.{key}"],
            "like": texts,
            "min_term_freq": 1,
            "min_doc_freq": 2,  # a word of this work alone leads to no other
            "max_query_terms": WORDS_COMPARED,
            "boost": WORDS_WEIGHT,
        }
    }


def _by_subjects(editions: Iterable[ResourcePage]) -> list[dict[str, Any]]:
    """Compare subjects, each by itself: a rare one in common says more than one that half the catalogue has."""
    slugs = {subject.slug for edition in editions for subject in edition.subjects.all()}
    return [nested({"term": {"editions.subject": slug}}, score_mode="max") for slug in sorted(slugs)]


def _found(
    alike: Iterable[dict[str, Any]], order: dict[str, Any], request: SearchRequest, *, without: Collection[UUID], size: int
) -> tuple[Hit, ...]:
    """Return the visible works that fit one of these queries, as hits for this reader."""
    body = {
        "query": {
            "bool": {
                "filter": [{"term": {"visible": True}}],
                "must_not": [{"terms": {"work_id": [str(work_id) for work_id in without]}}],
                "should": list(alike),
                "minimum_should_match": 1,
            }
        },
        "sort": [order, {"work_id": {"order": "asc"}}],
        "size": size,
        "track_total_hits": False,
        "_source": CARD_FIELDS,
    }
    return hits_of(_answer(body), request)


def _answer(body: dict[str, Any]) -> Mapping[str, Any]:
    """Ask, unless search did not answer a moment ago."""
    if reason := cache.get(AWAY):
        raise SearchUnavailableError(reason)
    try:
        return ask(body, timeout=TIMEOUT_SECONDS)
    except SearchUnavailableError as error:
        cache.set(AWAY, error.reason, REST_SECONDS)
        raise
