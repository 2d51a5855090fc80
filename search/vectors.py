"""Vectors of editions, as the encoder makes them of title and abstract, and the table that remembers them.

The worker encodes behind the index: a document is written with the vectors that are known, so words are found at once, and
again when the others are there (`encode_lacking`). Each text is encoded once, in whatever work it stands.
"""

import hashlib
from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
import structlog
from django.db import transaction
from django.db.models import F

from catalogue.models import ResourcePage
from catalogue.selectors import published_editions
from core import clock
from search.encoders import Embedder, Vectors, encoder, encoder_class
from search.models import TextVector, WorkSync

logger = structlog.stdlib.get_logger(__name__)

Text = tuple[str, str]
"""Title and abstract of an edition."""

WORKS_AT_A_TIME = 16
KEYS_IN_ONE_QUERY = 400
CANNOT_BE_ENCODED = b""
RECIPE = 2
"""Raise it, and mapping.DOCUMENT_VERSION, when `edition_vector` makes another vector of the same text."""
DIGITS = 5
"""Decimals of a vector in a request: finer than what the index keeps."""


def text_of(edition: ResourcePage) -> Text | None:
    """Return what of an edition is encoded; None where the encoder does not know its language: the vector would be noise."""
    model = encoder_class()
    if model is None or not model.knows(edition.language):
        return None
    return edition.title, edition.abstract


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
    work_ids = list(WorkSync.objects.filter(lacks_meaning=True).order_by("changed_at").values_list("work_id", flat=True)[:WORKS_AT_A_TIME])
    if not work_ids:
        return False
    model = encoder()
    if model is None:
        return False
    editions = published_editions().filter(work_id__in=work_ids)
    texts = {text for edition in editions if (text := text_of(edition))}
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
