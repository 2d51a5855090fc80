"""What somebody has typed so far, held against a label: by prefix of its words, in any order, and with one typo.

The index follows the same rules for titles (`title_start` in search/mapping.py); here they serve what is compared outside of it,
and say which part of a label to mark.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

LETTERS_FOR_A_TYPO = 4
"""From this length on a typed word may have one typo; the first letter must be right."""

_FOLDED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "COMBINING")
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": ""}
_ASCII_WORD = re.compile("[A-Za-z0-9]+")
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Han and kana: words are not set apart, so any character may begin one."""


class Closeness(IntEnum):
    """How well a label fits, the best first."""

    BEGINS = 0
    WORDS_BEGIN = 1
    WITH_A_TYPO = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word of a label, and for each of its characters the place in the label that it came from."""

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """`spans` are the parts of the label to mark, (from, to), in order and apart from each other."""

    closeness: Closeness
    spans: tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return text without case, width and the accents that are spelling, its words set apart by single spaces."""
    return " ".join(word.text for word in words_of(text))


def match(typed: str, label: str) -> Match | None:
    """Return how a label fits what was typed: each typed word begins a word of the label; None where it does not fit."""
    wanted, there = words_of(typed), words_of(label)
    if not wanted:
        return None
    spans: list[tuple[int, int]] = []
    has_typo = False
    for word in wanted:
        found = _exact(word.text, there)
        if found is None:
            found = _with_a_typo(word.text, there)
            has_typo = True
        if found is None:
            return None
        spans.append(found)
    closeness = Closeness.BEGINS if fold(label).startswith(fold(typed)) else Closeness.WORDS_BEGIN
    return Match(Closeness.WITH_A_TYPO if has_typo else closeness, _merged(spans))


def within_one_edit(one: str, other: str) -> bool:
    """Whether two words differ by at most one letter: put in, left out, another one, or two neighbours exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


@lru_cache(maxsize=8192)
def is_without_spaces(text: str) -> bool:
    """Whether there are Han or kana characters in a text."""
    return bool(_WITHOUT_SPACES.search(text))


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[Word, ...]:
    """Take a text apart into folded words; letters, marks and numbers are of words, all else is between them."""
    if text.isascii():
        return tuple(Word(found[0].lower(), tuple(range(*found.span()))) for found in _ASCII_WORD.finditer(text))
    words: list[Word] = []
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate([*text, " "]):
        folded = _folded(character)
        if folded is not None:
            letters.append(folded)
            places += [place] * len(folded)
        elif places:
            words.append(Word("".join(letters), tuple(places)))
            letters, places = [], []
    return tuple(words)


@lru_cache(maxsize=8192)
def _folded(character: str) -> str | None:
    """Return what a character counts as in a word, it may be nothing; None where it stands between words."""
    if unicodedata.category(character)[0] not in "LMN":
        return None
    plain = unicodedata.normalize("NFKC", character).casefold()
    if plain in _ARABIC:
        return _ARABIC[plain]
    if "\u064b" <= plain <= "\u0652":  # Arabic vowel signs
        return ""
    if not unicodedata.name(character, "").startswith(_FOLDED_SCRIPTS):
        return plain
    return "".join(part for part in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(part))


def _exact(typed: str, words: tuple[Word, ...]) -> tuple[int, int] | None:
    anywhere = is_without_spaces(typed)
    for word in words:
        at = word.text.find(typed) if anywhere else 0 if word.text.startswith(typed) else -1
        if at >= 0:
            return word.places[at], word.places[at + len(typed) - 1] + 1
    return None


def _with_a_typo(typed: str, words: tuple[Word, ...]) -> tuple[int, int] | None:
    if len(typed) < LETTERS_FOR_A_TYPO or is_without_spaces(typed):
        return None
    for word in (word for word in words if word.text[0] == typed[0]):
        for length in (len(typed), len(typed) + 1, len(typed) - 1):
            beginning = word.text[:length]
            if within_one_edit(typed, beginning):
                return word.places[0], word.places[len(beginning) - 1] + 1
    return None


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
