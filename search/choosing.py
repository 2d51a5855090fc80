"""Which edition of a work a reader is shown: their language first, then English, then the original."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from core import clock
from search.facets import FACETS_BY_NAME
from search.types import SearchRequest


class _LikeCard(Protocol):
    def __getitem__(self, key: str, /) -> Any: ...


_OTHER_LANGUAGE = 3

AnyCard = TypeVar("AnyCard", bound=_LikeCard)


def order_for_reader(cards: Iterable[AnyCard], language: str) -> list[AnyCard]:
    """Return cards of one work's editions, the one for a reader of this interface language first."""
    return sorted(cards, key=lambda card: _rank(card, language))


def satisfies(edition: Mapping[str, Any], request: SearchRequest) -> bool:
    """Whether an edition, as the index has it, is among those selected: one of the values for every facet, and new enough."""
    if request.since and dt.datetime.fromisoformat(edition["published"]) < clock.start_of(request.since):
        return False
    return all(FACETS_BY_NAME[name].holds(edition, values) for name, values in request.selections.items() if values)


def _rank(card: _LikeCard, language: str) -> tuple[int, bool, str, str]:
    """Return 0 to 2 for the reader's language, 3 to 5 for English, 6 for others; the original comes first among equals."""
    tag = str(card["language"])
    distance = _distance(tag, language)
    rank = distance if distance < _OTHER_LANGUAGE else _OTHER_LANGUAGE + _distance(tag, "en")
    return (rank, not card["original"], tag, str(card["edition_id"]))


def _distance(tag: str, wanted: str) -> int:
    """Return 0 for the same tag, 1 for the same language in the same or an unsaid script, 2 in another script, 3 for another language."""
    tag, wanted = tag.lower(), wanted.lower()
    if tag == wanted:
        return 0
    primary, *rest = tag.split("-")
    wanted_primary, *wanted_rest = wanted.split("-")
    if primary != wanted_primary:
        return _OTHER_LANGUAGE
    scripts, wanted_scripts = ({part for part in parts if len(part) == 4} for parts in (rest, wanted_rest))  # noqa: PLR2004 - ISO 15924
    return 1 if not scripts or not wanted_scripts or scripts == wanted_scripts else 2
