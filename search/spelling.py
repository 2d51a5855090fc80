"""“Did you mean”: asked only where the words find little, offered only where the proposal finds more.

Proposals are words of the index, so of published works. A word of a withdrawn work may linger there for a while; since each
proposal is tried before it is shown, it cannot come of that alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.asking import ask_together
from search.mapping import EVERYTHING
from search.queries import bare_body, search_body
from search.typed import LETTERS_FOR_A_TYPO, fold, within_one_edit, words_of
from search.types import Hit, SearchRequest, Sort

FEW = 3
"""Fewer works than this on the first page by their words: perhaps a word is misspelt."""

SO_MANY_MORE = 10
"""Where the words find something, a proposal must find so many times as much: “coat” is no better spelling of “boat”."""

LONGEST_SPELT = 100
"""Of longer questions no other spelling is looked for: each long word that nobody has written takes the index a hundredth of a second."""

LETTERS_FOR_TWO_TYPOS = 8
PROPOSALS = 4
HITS_READ = 5


@dataclass(frozen=True, slots=True)
class _Other:
    """Another word for a part of the question, folded as in the index."""

    start: int
    end: int
    word: str


def proposal(request: SearchRequest, hits: Sequence[Hit]) -> str | None:
    """Return the question with other words in it, which finds more under the same selections; None where there is none.

    Words alone are compared: what is close in meaning says nothing of spelling. `hits` are those that the question found.
    Raises SearchUnavailableError.
    """
    if not request.q or request.page > 1 or sum("words" in hit.matched_by for hit in hits) >= FEW:
        return None
    if len(fold(request.q)) > LONGEST_SPELT:
        return None
    if any(character > "\uffff" for character in request.q):  # Elasticsearch counts places in another way there
        return None
    request = replace(request, sort=Sort.RELEVANCE)
    spelt, found = ask_together([_spelling_body(request.q), bare_body(search_body(request))])
    proposals = _proposals(spelt["suggest"])
    answers = ask_together([bare_body(search_body(replace(request, q=_with(request.q, others))), size=HITS_READ) for others in proposals])
    needed = max(1, _total(found) * SO_MANY_MORE)
    tried = [(_total(answer), -place) for place, answer in enumerate(answers)]
    count, place = max(tried, default=(0, 0))
    if count < needed:
        return None
    return _with(request.q, _as_written(proposals[-place], answers[-place]))


def _spelling_body(words: str) -> dict[str, Any]:
    alike = {"field": EVERYTHING, "prefix_length": 1, "min_word_length": LETTERS_FOR_A_TYPO, "size": 3}
    return {
        "size": 0,
        "suggest": {
            "text": words,
            "missing": {"term": {**alike, "suggest_mode": "missing"}},
            "popular": {"term": {**alike, "suggest_mode": "popular"}},
        },
    }


def _proposals(suggested: Mapping[str, Any]) -> list[tuple[_Other, ...]]:
    """Return which words to exchange: those that the index does not know, else one that is rarer than one like it."""
    missing = [others for entry in suggested["missing"] if (others := _others(entry))]
    if missing:
        best = tuple(others[0] for others in missing)
        again: list[tuple[_Other, ...]] = [
            (*best[:place], other, *best[place + 1 :]) for place, others in enumerate(missing) for other in others[1:]
        ]
        return [best, *again][:PROPOSALS]
    popular = [_others(entry) for entry in suggested["popular"]]
    return [tuple(others[:1]) for others in popular if others][:PROPOSALS]


def _others(entry: Mapping[str, Any]) -> list[_Other]:
    word = entry["text"]
    return [
        _Other(entry["offset"], entry["offset"] + entry["length"], option["text"])
        for option in entry["options"]
        if len(word) >= LETTERS_FOR_TWO_TYPOS or within_one_edit(word, option["text"])
    ]


def _with(words: str, others: Sequence[_Other]) -> str:
    for other in sorted(others, key=lambda other: other.start, reverse=True):
        words = words[: other.start] + other.word + words[other.end :]
    return words


def _as_written(others: Sequence[_Other], answer: Mapping[str, Any]) -> tuple[_Other, ...]:
    """Give the words the accents and capitals that they have in what was found."""
    cards = [edition["card"] for hit in answer["hits"]["hits"] for edition in hit["_source"]["editions"]]
    written: dict[str, Counter[str]] = {}
    for text in (text for card in cards for text in (card["abstract"], card["title"])):
        for word in words_of(text):
            written.setdefault(word.text, Counter())[text[word.places[0] : word.places[-1] + 1]] += 1
    return tuple(
        replace(other, word=written[fold(other.word)].most_common(1)[0][0]) if fold(other.word) in written else other for other in others
    )


def _total(answer: Mapping[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"])
