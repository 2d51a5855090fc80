"""Asking Elasticsearch for what is new to somebody who follows a search: matched as on the search page, in any language."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from search.answers import hits_of
from search.asking import ask, ask_together
from search.queries import bare_body, news_body, search_body
from search.services import check_request, meaning_of, meanings_of
from search.types import Hit, SearchRequest


@dataclass(frozen=True, slots=True)
class Followed:
    """A search, from when on its works are news, and the ids of those that were told."""

    request: SearchRequest
    since: dt.datetime
    told: Collection[str]


@dataclass(frozen=True, slots=True)
class News:
    """Works that are new: how many, the newest of them, and the ids of all (of search.queries.MAX_NEWS at most)."""

    count: int
    hits: tuple[Hit, ...]
    work_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many works a search finds now, and how many of them are news."""

    works: int
    news: int


def news(followed: Followed) -> News:
    """Return what is new, the newest shown, one page of them. Raises as search.services.search does."""
    check_request(followed.request)
    response = ask(news_body(followed.request, meaning_of(followed.request), since=followed.since, told=followed.told))
    return News(
        count=int(response["hits"]["total"]["value"]),
        hits=hits_of(response, followed.request),
        work_ids=tuple(bucket["key"] for bucket in response["aggregations"]["works"]["buckets"]),
    )


def numbers(searches: Sequence[Followed]) -> list[Numbers]:
    """Count for each search, all together. Raises SearchUnavailableError."""
    bodies = []
    for followed, meaning in zip(searches, meanings_of([followed.request for followed in searches]), strict=True):
        new = news_body(followed.request, meaning, since=followed.since, told=followed.told)
        bodies += [bare_body(search_body(followed.request, meaning)), bare_body(new)]
    counts = [int(answer["hits"]["total"]["value"]) for answer in ask_together(bodies)]
    return [Numbers(*counts[place : place + 2]) for place in range(0, len(counts), 2)]
