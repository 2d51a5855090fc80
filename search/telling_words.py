"""What a text could be tagged with: keywords of the catalogue that it names, and the words that tell most about it.

A word tells much that stands often in the text, above all in its title, and seldom in the catalogue. Elasticsearch takes the text
apart as it does for the index, so that forms of one word count together, and says in how many editions each word stands.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from search import index
from search.analysis import DEFAULT_KEY, key_of
from search.asking import ask
from search.client import client, errors_translated
from search.typed import fold, is_without_spaces

MOST = 12
MOST_NAMED = 6
LONGEST_TEXT = 4000
"""Characters that are looked at; Elasticsearch takes apart no more than 10,000 words at once."""

CANDIDATES = 60
SHORTEST = 3
SHORTEST_WITHOUT_STOP_WORDS = 4
"""In languages whose small words nobody has listed."""

SHORTEST_WITHOUT_SPACES = 2
WEIGHTS = (4, 2, 1)
"""Of a word in the title, in the abstract, in the description."""

FIELDS = ("title", "labels", "abstract", "body")
_APOSTROPHE = re.compile("['’]")
_BEFORE_A_SENTENCE = " \t\r\"'“”«»¿¡("
_ENDS_OF_SENTENCES = ".!?:\n…"


@dataclass(slots=True)
class _Word:
    """A word of the text in all its forms, as they are written."""

    weight: float = 0
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> str:
        return max(self.forms, key=lambda form: (self.forms[form], form == form.lower(), form))


def keywords_for(title: str, abstract: str, body: str, language: str, known: Iterable[str]) -> list[str]:
    """Return at most MOST keywords for a text in a language (BCP 47), those of `known` that it names first.

    Raises SearchUnavailableError.
    """
    parts = (title, abstract, body)
    text = "\n".join(parts)[:LONGEST_TEXT]
    if not text.strip():
        return []
    named = _named(text, known)[:MOST_NAMED]
    taken = {word for name in named for word in fold(name).split()}
    telling = [word for word in _telling(text, parts, key_of(language)) if fold(word) not in taken]
    return [*named, *telling][:MOST]


def _named(text: str, known: Iterable[str]) -> list[str]:
    """Return those of the known keywords that stand in the text, the longest first."""
    folded = f" {fold(text)} "
    found = []
    for name in known:
        wanted = fold(name)
        if len(wanted) >= _shortest(wanted) and (wanted if is_without_spaces(wanted) else f" {wanted} ") in folded:
            found.append(name)
    return sorted(found, key=lambda name: (-len(name), name))


def _telling(text: str, parts: tuple[str, ...], key: str) -> list[str]:
    words = _words(text, parts, key)
    if not words:
        return []
    total, numbers = _editions_with([word.written for word in words], key)
    rarity = [math.log((total + 1) / (number + 1)) for number in numbers]
    order = sorted(range(len(words)), key=lambda place: -words[place].weight * (0.2 + rarity[place]))
    return [words[place].written for place in order]


def _words(text: str, parts: tuple[str, ...], key: str) -> list[_Word]:
    found: dict[str, _Word] = {}
    title_ends, abstract_ends = len(parts[0]), len(parts[0]) + 1 + len(parts[1])
    for term, start, end in _taken_apart(text, key):
        form = _bare(text[start:end], key)
        if not _is_a_word(form) or (key == DEFAULT_KEY and len(form) < SHORTEST_WITHOUT_STOP_WORDS):
            continue
        if key != "de" and form[1:] == form[1:].lower() and _begins_a_sentence(text, start):
            form = form.lower()
        word = found.setdefault(term, _Word())
        word.weight += WEIGHTS[0] if end <= title_ends else WEIGHTS[1] if end <= abstract_ends else WEIGHTS[2]
        word.forms[form] += 1
    return sorted(found.values(), key=lambda word: -word.weight)[:CANDIDATES]


def _begins_a_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(_BEFORE_A_SENTENCE)
    return not before or before[-1] in _ENDS_OF_SENTENCES


def _taken_apart(text: str, key: str) -> list[tuple[str, int, int]]:
    """Return each term with its place in the text. Pairs of Chinese characters are no words; there a dictionary parts them."""
    how: dict[str, Any] = {"analyzer": f"text_{key}"}
    if key == "zh":
        how = {"tokenizer": "icu_tokenizer", "filter": ["icu_normalizer"]}
    with errors_translated():
        tokens = client().indices.analyze(index=index.alias(), text=text, **how)["tokens"]
    units = text.encode("utf-16-le")  # Elasticsearch counts in these

    def place(offset: int) -> int:
        return len(units[: 2 * offset].decode("utf-16-le", "ignore"))

    return [(token["token"], place(token["start_offset"]), place(token["end_offset"])) for token in tokens]


def _editions_with(forms: list[str], key: str) -> tuple[int, list[int]]:
    """Return how many editions there are, and in how many of them each word stands."""
    fields = [f"editions.{name}.{key}" for name in FIELDS]
    filters = [{"multi_match": {"query": form, "type": "phrase", "fields": fields}} for form in forms]
    body = {
        "size": 0,
        "query": {"term": {"visible": True}},
        "aggs": {"editions": {"nested": {"path": "editions"}, "aggs": {"words": {"filters": {"filters": filters}}}}},
    }
    editions = ask(body)["aggregations"]["editions"]
    return editions["doc_count"], [bucket["doc_count"] for bucket in editions["words"]["buckets"]]


def _bare(form: str, key: str) -> str:
    """Return a word without the article before an apostrophe, or the ending after it, as the index takes it."""
    parts = _APOSTROPHE.split(form)
    return parts[-1] if key in {"fr", "it"} else parts[0] if key in {"en", "tr"} else form


def _is_a_word(form: str) -> bool:
    return len(form) >= _shortest(form) and all(unicodedata.category(character)[0] in "LM" or character in "-’'" for character in form)


def _shortest(word: str) -> int:
    return SHORTEST_WITHOUT_SPACES if is_without_spaces(word) else SHORTEST
