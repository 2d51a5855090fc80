"""Answers to the questions that everybody asks: without words, with at most one choice, first pages.

Kept is what Elasticsearch said; labels, editions and what depends on the date are worked out anew for each reader.
docs/adr/0008-cached-pages.md says why no answer outlives a change.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import caches
from django.db.models import Exists

from core import clock
from search.models import IndexTarget
from search.sync import MOST_ATTEMPTS, behind
from search.types import SearchRequest

LAST_PAGE_KEPT = 5

Answer = Mapping[str, Any]


def answer(request: SearchRequest, body: dict[str, Any], ask: Callable[[dict[str, Any]], Answer]) -> Answer:
    """Return what is kept for this body, else ask, and keep the answer if the index was known to be up to date before."""
    state = _state_of_index() if is_kept(request) else None
    if state is None:
        return ask(body)
    cache = caches["search"]
    key = _key(state, body)
    kept: Answer | None = cache.get(key)
    if kept is None:
        kept = ask(body)
        cache.set(key, kept)
    return kept


def is_kept(request: SearchRequest) -> bool:
    """Whether many readers ask this: no words, no day of their own, at most one value chosen, one of the first pages."""
    chosen = sum(len(values) for values in request.selections.values())
    return not request.q and request.since is None and chosen <= 1 and request.page <= LAST_PAGE_KEPT


def _state_of_index() -> str | None:
    """Return a name for what the live index holds, or None while it is behind the database.

    One reading, so that both parts are of one moment: what is crossed off (search.sync.remember) raises the generation in the
    same transaction. A work that failed and waits for its next attempt, or is set aside, changes nothing until then.
    """
    changes = behind().exclude(attempts__gt=0, next_attempt_at__gt=clock.now()).exclude(attempts__gte=MOST_ATTEMPTS)
    live = IndexTarget.objects.filter(is_live=True).annotate(is_behind=Exists(changes)).first()
    if live is None or live.is_behind:
        return None
    return f"{live.name}:{live.generation}"


def _key(state: str, body: dict[str, Any]) -> str:
    content = json.dumps([state, body], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
