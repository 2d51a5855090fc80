"""Searching: what other rooms may ask of this one."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from core.errors import InvalidInputError
from search import documents, index, page_cache
from search.analysis import number_of_words
from search.answers import facets_of, hits_of
from search.asking import ask, ask_together, meanwhile
from search.client import RequestRefusedError, SearchUnavailableError, client, errors_translated
from search.encoders import encoder
from search.facet_kinds import MAX_TYPED_RANGES, Rows
from search.facets import FACETS_BY_NAME, RANGE_FACETS, rows_of_facets
from search.queries import Meaning, closest_body, cosine_of, search_body, walking_body
from search.spelling import proposal
from search.types import SearchRequest, SearchResults, Stretch
from search.vectors import question_vector

__all__ = [
    "SearchUnavailableError",
    "check_request",
    "check_selections",
    "last_page_within_reach",
    "meaning_of",
    "meanings_of",
    "search",
    "search_ready",
    "walk",
    "warm_up",
]

logger = structlog.stdlib.get_logger(__name__)

MAX_QUESTION_CHARACTERS = 500
MAX_QUESTION_WORDS = 60
MAX_PAGE_SIZE = 100
MAX_HITS_WITHIN_REACH = 10_000
"""Elasticsearch's index.max_result_window: a person turns no further, and a machine walks."""

TOO_MUCH_FOR_ELASTICSEARCH = "maxClauseCount"
"""What it says of a question with more terms than its memory allows; with little, on many cores, fewer than ours."""

SHARE_OF_CLOSEST = 0.5
"""How close a work must be, measured by the closest one; on public test sets this loses no answer and two thirds of what is none."""

WORDS_FOR_DETAILS = 3
"""A shorter question asks for a subject, not for a detail of a text, and would be near to one of so many pieces by chance."""

READY_TIMEOUT_SECONDS = 2.0


def search(request: SearchRequest) -> SearchResults:
    """Answer a question. A page past the last one has no hits.

    Selections of values that do not exist find nothing (check_selections tells them apart). Raises InvalidInputError for a
    question that is too long, a page out of reach or an unknown facet, SearchUnavailableError where Elasticsearch is away.
    """
    request = replace(request, q=" ".join(request.q.split()))
    check_request(request)
    body = search_body(request, meaning_of(request))
    rows: dict[str, Rows] = {}

    def ask_and_read(body: dict[str, Any]) -> Mapping[str, Any]:
        answer, read = meanwhile(partial(ask, body), rows_of_facets)
        rows.update(read)
        return answer

    with _too_much_in_words():
        response = page_cache.answer(request, body, ask_and_read)
    rows = rows or rows_of_facets()
    count = int(response["hits"]["total"]["value"])
    facets = facets_of(response, request, rows)
    hits = hits_of(response, request, rows)
    return SearchResults(
        count=count,
        page=request.page,
        pages=min(math.ceil(count / request.page_size), last_page_within_reach(request.page_size)),
        hits=hits,
        facets=facets,
        suggestion=proposal(request, hits),
    )


def walk(request: SearchRequest, after: UUID | None) -> Stretch:
    """Return the next `page_size` works that match, by their ids: all of them in the end, however many, and none twice.

    `after` is the last work of the stretch before, None to begin with. Sort and page of the request do not count. A work that
    begins or ceases to match meanwhile may be met or not. Raises what `search` raises.
    """
    request = replace(request, q=" ".join(request.q.split()), page=1)
    check_request(request)
    body = walking_body(request, meaning_of(request), after)
    with _too_much_in_words():
        response = ask(body)
    hits = hits_of(response, request)
    last = hits[-1].id if len(hits) == request.page_size else None
    return Stretch(count=int(response["hits"]["total"]["value"]), hits=hits, last=last)


@contextmanager
def _too_much_in_words() -> Iterator[None]:
    """Say in a sentence that a question has more terms than Elasticsearch takes."""
    try:
        yield
    except RequestRefusedError as error:
        if TOO_MUCH_FOR_ELASTICSEARCH in str(error.body):
            raise InvalidInputError(_("This question has too many words. Please use fewer."), code="question-too-long") from error
        raise


def meaning_of(request: SearchRequest) -> Meaning | None:
    """Return the meaning of one question, as `meanings_of` does."""
    return meanings_of([request])[0]


def meanings_of(requests: Sequence[SearchRequest]) -> list[Meaning | None]:
    """Return the meaning of each question; None where it has none, none is wanted, nothing is near it, or it cannot be had just now.

    What is much further from a question than the closest work has nothing to say beside it, so the closest ones are asked for
    first, all in one request: they depend on the questions and the catalogue alone. An index whose vectors are another
    encoder's, as after a change of it, refuses this, and words find alone. Raises SearchUnavailableError.
    """
    meanings = [_encoded(request) for request in requests]
    try:
        closest = iter(ask_together([closest_body(meaning) for meaning in meanings if meaning]))
    except RequestRefusedError as error:
        logger.warning("searched_by_words_alone", error=str(error))
        return [None for _request in requests]
    return [_beside_closest(meaning, next(closest)) if meaning else None for meaning in meanings]


def _encoded(request: SearchRequest) -> Meaning | None:
    model = encoder()
    if model is None or request.words_only or not request.q:
        return None
    vector = question_vector(request.q)
    return Meaning(vector, model.floor.of(request.q), number_of_words(request.q) < WORDS_FOR_DETAILS) if vector else None


def _beside_closest(meaning: Meaning, answer: Mapping[str, Any]) -> Meaning | None:
    """Raise the floor by the closest work; None where there is none."""
    closest = answer["hits"]["hits"]
    if not closest:
        return None
    return replace(meaning, floor=max(meaning.floor, SHARE_OF_CLOSEST * cosine_of(closest[0]["_score"])))


def check_selections(selections: Mapping[str, Sequence[str]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return (known, unknown) values by facet, each value once; an unknown facet has only unknown values."""
    known: dict[str, tuple[str, ...]] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for name, asked in selections.items():
        values = tuple(dict.fromkeys(asked))
        facet = FACETS_BY_NAME.get(name)
        exist = facet.known(values) if facet and values else set()
        good = tuple(value for value in values if value in exist)
        bad = tuple(value for value in values if value not in exist)
        if good:
            known[name] = good
        if bad:
            unknown[name] = bad
    return known, unknown


def last_page_within_reach(page_size: int) -> int:
    """Return the number of the last page that can be asked for at this page size."""
    return MAX_HITS_WITHIN_REACH // page_size


def search_ready() -> str | None:
    """Return None where a search would be answered, else the reason in a few words."""
    try:
        with errors_translated():
            there = client(timeout=READY_TIMEOUT_SECONDS).indices.exists_alias(name=index.alias())
    except SearchUnavailableError as error:
        return f"Elasticsearch does not answer: {error.reason}"
    return None if there else "the index is being built"


def warm_up() -> None:
    """Load what takes seconds the first time, the encoder and the names of countries, so that no reader waits for it."""
    documents.warm_up()
    encoder()


def check_request(request: SearchRequest) -> None:
    """Raise InvalidInputError for a question that cannot be asked."""
    if len(request.q) > MAX_QUESTION_CHARACTERS or len(request.q.split()) > MAX_QUESTION_WORDS:
        raise InvalidInputError(
            _("This question is too long. Please use at most %(characters)d characters and %(words)d words.")
            % {"characters": MAX_QUESTION_CHARACTERS, "words": MAX_QUESTION_WORDS},
            code="question-too-long",
        )
    if not 1 <= request.page_size <= MAX_PAGE_SIZE:
        raise InvalidInputError(_("A page has 1 to %(size)d results.") % {"size": MAX_PAGE_SIZE}, code="page-size")
    if not 1 <= request.page <= last_page_within_reach(request.page_size):
        raise InvalidInputError(
            _("Only pages 1 to %(last)d can be shown. Please narrow the search instead.")
            % {"last": last_page_within_reach(request.page_size)},
            code="page-out-of-reach",
        )
    for name in request.selections:
        if name not in FACETS_BY_NAME:
            raise InvalidInputError(_("There is no filter “%(name)s”.") % {"name": name}, code="unknown-facet")
    for facet in RANGE_FACETS:
        if len(facet.typed(request.selections.get(facet.name, ()))) > MAX_TYPED_RANGES:
            raise InvalidInputError(
                _("Please choose at most %(number)d ranges of your own for “%(filter)s”.")
                % {"number": MAX_TYPED_RANGES, "filter": facet.label},
                code="too-many-ranges",
            )
