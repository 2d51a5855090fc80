"""How people head their columns, in the languages of the network's larger houses. Knows nothing of Django: the fenced process uses it.

A heading is compared whole, without case, accents, punctuation and what stands in brackets. What is not here is not guessed.
"""

import itertools
import json
import re
import unicodedata
from pathlib import Path

TABLE: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("headings.json").read_text(encoding="utf-8"))
"""Field of an import: language: headings that mean it. One heading may mean two: the first field that is still free gets it."""

BRACKETED = re.compile(r"[(\[（【].*?[)\]）】]")
NOT_WORDS = re.compile(r"[\W_]+")
TITLE_IN = re.compile(r"(.+) ([a-z]{2,3}(?:-[a-z]{4})?)")


def plain(heading: str) -> str:
    """Return a heading as it is compared."""
    bare = BRACKETED.sub(" ", heading) if BRACKETED.sub("", heading).strip() else heading
    letters = (character for character in unicodedata.normalize("NFKD", bare.casefold()) if not unicodedata.combining(character))
    return " ".join(NOT_WORDS.sub(" ", "".join(letters)).split())


def _by_heading(table: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, by_language in table.items():
        for heading in [field, *itertools.chain.from_iterable(by_language.values())]:
            fields = found.setdefault(plain(heading), [])
            if field not in fields:
                fields.append(field)
    return found


MEANINGS = _by_heading(TABLE)


def is_known(heading: str) -> bool:
    return plain(heading) in MEANINGS


def fields_of(headings: list[str]) -> list[str]:
    """Return the field that each column is taken for, empty where nothing is guessed. The same heading twice is the same field twice."""
    exact = {heading.strip().lower() for heading in headings} & TABLE.keys()
    taken: dict[str, str] = {}
    found = []
    for heading in headings:
        name = heading.strip().lower()
        if name not in exact:
            name = _guessed(heading, {*exact, *(field for field, whose in taken.items() if whose != plain(heading))})
        if name:
            taken.setdefault(name, plain(heading))
        found.append(name)
    return found


def _guessed(heading: str, taken: set[str]) -> str:
    """Return a field that nobody else has for a heading: by the table, or a title with the tag of its language behind it (“titre_fr”)."""
    free = [field for field in MEANINGS.get(plain(heading), []) if field not in taken]
    if free:
        return free[0]
    titled = TITLE_IN.fullmatch(NOT_WORDS.sub(" ", heading.casefold()).strip())
    return f"alternative_titles.{titled[2]}" if titled and "title" in MEANINGS.get(plain(titled[1]), []) else ""
