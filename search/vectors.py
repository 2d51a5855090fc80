"""Vectors of editions, as the encoder makes them of title, abstract, body and files, and the table that remembers them.

The worker encodes behind the index: a document is written with the vectors that are known, so words are found at once, and
again when the others are there (`encode_lacking`). Each text is encoded once, in whatever work it stands.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from wagtail.rich_text import get_text_for_indexing

from catalogue.models import ResourcePage
from catalogue.selectors import published_editions
from core import clock
from search.encoders import Embedder, Vectors, encoder, encoder_class
from search.file_words import file_words
from search.models import TextVector, WorkSync

logger = structlog.stdlib.get_logger(__name__)

Text = tuple[str, str]
"""What becomes one vector: title and abstract of an edition, or a piece of a longer text and nothing."""

LENGTH_OF_A_PIECE = 250
"""In characters, a Chinese, Japanese or Korean one as three: longer pieces blur what they say, shorter ones lie near to anything."""

WIDE = 3

BEGINNING_OF_A_FILE = 10_000
"""Characters; with the usual SEARCH_PIECES, more would not fit into the pieces of an edition."""

SENTENCE_END = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])|\n+")

WORKS_AT_A_TIME = 16
KEYS_IN_ONE_QUERY = 400
CANNOT_BE_ENCODED = b""
RECIPE = 2
"""Raise it, and mapping.DOCUMENT_VERSION, when `edition_vector` makes another vector of the same text."""
DIGITS = 5
"""Decimals of a vector in a request: finer than what the index keeps."""


def texts_of_all(editions: "QuerySet[ResourcePage]") -> set[Text]:
    """Return all that is encoded of published editions."""
    words = file_words(editions)
    return {text for edition in editions for text in texts_of(edition, words.get(edition.pk, ()))}


def texts_of(edition: ResourcePage, words_of_files: Iterable[str] = ()) -> list[Text]:
    """Return what of an edition is encoded, the summary first; nothing where the encoder does not know its language."""
    summary = summary_of(edition)
    if summary is None:
        return []
    return [summary, *details(edition.abstract, get_text_for_indexing(edition.body), words_of_files)]


def details(abstract: str, body: str, words_of_files: Iterable[str] = ()) -> list[Text]:
    """Return what is encoded beside the summary: the pieces of the abstract where it is more than one itself, of the body, of the files.

    No more than SEARCH_PIECES of them, from the beginning.
    """
    of_abstract = pieces(abstract)
    of_files = (piece for words in words_of_files for piece in pieces(words[:BEGINNING_OF_A_FILE]))
    found = chain(of_abstract if len(of_abstract) > 1 else [], pieces(body), of_files)
    return [(piece, "") for piece in islice(found, settings.SEARCH_PIECES)]


def summary_of(edition: ResourcePage) -> Text | None:
    """Return title and abstract; None where the encoder does not know the language: the vector would be noise."""
    model = encoder_class()
    if model is None or not model.knows(edition.language):
        return None
    return edition.title, edition.abstract


def pieces(text: str) -> list[str]:
    """Return a text in pieces of whole sentences; a sentence that is too long for one is cut between words, or where it must be."""
    found: list[str] = []
    room = 0
    for part in (part for sentence in SENTENCE_END.split(text) for part in _cut(sentence.strip()) if part):
        if 1 + _length(part) > room:
            found.append(part)
            room = LENGTH_OF_A_PIECE - _length(part)
        else:
            found[-1] += f" {part}"
            room -= _length(part) + 1
    return found


def _cut(sentence: str) -> Iterator[str]:
    """Yield a sentence whole, or in parts that fit in a piece."""
    while _length(sentence) > LENGTH_OF_A_PIECE:
        fits = LENGTH_OF_A_PIECE // WIDE if _length(sentence) > len(sentence) else LENGTH_OF_A_PIECE
        end = sentence.rfind(" ", 1, fits) if " " in sentence[1:fits] else fits
        yield sentence[:end]
        sentence = sentence[end:].strip()
    yield sentence


def _length(text: str) -> int:
    return len(text) + (WIDE - 1) * sum(unicodedata.east_asian_width(character) == "W" for character in text)


def remembered(texts: Collection[Text]) -> dict[Text, list[float] | None]:
    """Return the vectors of those texts that were encoded before; None for what cannot be encoded."""
    model = encoder_class()
    if model is None:
        return {}
    by_key = {_key(model, text): text for text in texts}
    keys = sorted(by_key)
    found: dict[Text, list[float] | None] = {}
    for start in range(0, len(keys), KEYS_IN_ONE_QUERY):
        rows = TextVector.objects.filter(key__in=keys[start : start + KEYS_IN_ONE_QUERY]).values_list("key", "vector")
        found |= {by_key[key]: _rounded(np.frombuffer(vector, dtype="<f4")) if vector else None for key, vector in rows}
    return found


def encode_lacking() -> bool:
    """Encode for some of the works that are in the index without their meaning, and make them due; return whether there were any.

    The worker's step. Where the encoder does not load, they wait until a worker starts in which it does.
    """
    work_ids = list(
        WorkSync.objects.filter(lacks_meaning=True, attempts=0).order_by("changed_at").values_list("work_id", flat=True)[:WORKS_AT_A_TIME]
    )
    if not work_ids:
        return False
    model = encoder()
    if model is None:
        return False
    texts = texts_of_all(published_editions().filter(work_id__in=work_ids))
    encode(model, texts - remembered(texts).keys())
    with transaction.atomic():
        now = clock.now()
        WorkSync.objects.filter(work_id__in=work_ids).update(version=F("version") + 1, lacks_meaning=False, next_attempt_at=now)
    return True


def encode(model: Embedder, texts: Iterable[Text]) -> None:
    """Make and remember the vectors of these texts, each written down as soon as it is there."""
    for title, abstract in texts:
        try:
            vector = edition_vector(model, title, abstract).astype("<f4").tobytes()
        except Exception as error:
            logger.error("text_not_encoded", encoder=model.name, title=title, exc_info=error)  # noqa: TRY400 - with the reason
            vector = CANNOT_BE_ENCODED
        TextVector.objects.update_or_create(key=_key(model, (title, abstract)), defaults={"vector": vector})


def edition_vector(model: Embedder, title: str, abstract: str) -> Vectors:
    """Return a direction between that of the title and that of title with abstract, nearer to this one.

    Questions that are like titles lie close to the one, questions for what a text says to the other; docs/relevance.md has
    what was measured.
    """
    if not abstract:
        return model.encode_passages([title])[0]
    of_title, of_both = model.encode_passages([title, f"{title}. {abstract}"])
    middle = of_title + 2 * of_both
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)


def question_vector(text: str) -> tuple[float, ...] | None:
    """Return the vector of a question; None where it is no language, there is no encoder, or it fails: words still find then."""
    model = encoder()
    if model is None or not text:
        return None
    try:
        return _remembered_question(model.name, text)
    except Exception as error:
        logger.error("question_not_encoded", encoder=model.name, exc_info=error)  # noqa: TRY400 - with the reason
        return None


@lru_cache(maxsize=1024)
def _remembered_question(_name: str, text: str) -> tuple[float, ...] | None:
    model = encoder()
    vector = model.encode_question(text) if model else None
    return None if vector is None else tuple(_rounded(vector))


def _key(model: type[Embedder] | Embedder, text: Text) -> str:
    return hashlib.sha256("\n".join((model.name, str(RECIPE), *text)).encode()).hexdigest()


def _rounded(vector: Vectors) -> list[float]:
    return [round(float(number), DIGITS) for number in vector]
