"""Teach the Universal Sentence Encoder to tell gibberish from language: writes search/gibberish.npy.

Random letters and mashed keys lie in a part of the encoder's space of their own, and still near some short titles. A plane through
the space (logistic regression on the vectors) parts them from real words, so that no meaning is looked for where there is none.

Learnt from 4,000 random strings in the scripts of the encoder's languages, and from words and phrases of the demo's texts and
names of countries and languages. Tried on questions/demo.tsv and questions/nonsense.txt, which it has not seen.
Run: .venv/bin/python benchmarks/learn_gibberish.py
"""

import random
import re
from collections.abc import Iterator

import numpy as np
from common import CHECKOUT, prepare, print_table

FILE = CHECKOUT / "search" / "gibberish.npy"
STRINGS = 4000
WORDS_OF_A_TEXT = 30
SHRINKAGE = 2e-4
WRONGLY_CALLED_GIBBERISH = 0.01
"""How much of what it learnt as language may lie on the wrong side."""

LATIN, CYRILLIC = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщыьэюя"
ARABIC, THAI = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวสหอฮะาิีุเแโไ"
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんアイウエオカキクケコサシスセソ"
HAN, HANGUL = "".join(map(chr, range(0x4E00, 0x9FA0, 7))), "".join(map(chr, range(0xAC00, 0xD7A0, 7)))
ALPHABETS = [*[LATIN] * 6, *[CYRILLIC] * 2, *[ARABIC] * 2, THAI, KANA, HAN, HANGUL, "0123456789.,-/", "!?.,;:-_()*#"]
KEYBOARDS = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "йцукенгшщз", "фывапролдж", "ячсмитьбю"]
SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnpqrstvwxz" for vowel in "aeiou"]
WITHOUT_SPACES = {"ja", "th", "zh"}


def main() -> None:
    prepare()
    from search.encoders import UniversalSentenceEncoder  # noqa: PLC0415 - importable only after prepare()

    encode = UniversalSentenceEncoder().encode_passages
    lot = random.Random(1)
    language = sorted({*words_and_phrases(lot), *names()})
    gibberish = sorted({random_string(lot) for _ in range(STRINGS)})
    plane = parted(encode(language), encode(gibberish))
    np.save(FILE, plane)

    folder = CHECKOUT / "benchmarks/questions"
    questions = [line.split("\t")[1] for line in (folder / "demo.tsv").read_text().splitlines() if not line.startswith("#")]
    tried = {"language, learnt": language, "gibberish, learnt": gibberish, "questions": questions}
    tried["nonsense"] = (folder / "nonsense.txt").read_text().splitlines()
    rows = []
    for name, texts in tried.items():
        called = side(encode(texts), plane) > 0
        wrong = [text for text, flag in zip(texts, called, strict=True) if bool(flag) == ("language" in name or name == "questions")]
        rows.append([name, len(texts), f"{called.mean():.1%}", " · ".join(wrong[:12])])
    print_table(["", "texts", "called gibberish", "wrongly judged, the first"], rows)


def parted(language: np.ndarray, gibberish: np.ndarray) -> np.ndarray:
    """Return the normal and the offset of the plane, by Newton's method; both sides weigh the same."""
    rows = np.hstack([np.vstack([language, gibberish]), np.ones((len(language) + len(gibberish), 1))]).astype(float)
    labels = np.repeat([0.0, 1.0], [len(language), len(gibberish)])
    weights = np.repeat([0.5 / len(language), 0.5 / len(gibberish)], [len(language), len(gibberish)])
    shrink = np.diag([SHRINKAGE] * (rows.shape[1] - 1) + [0.0])
    plane = np.zeros(rows.shape[1])
    for _ in range(20):
        chance = 1 / (1 + np.exp(-rows @ plane))
        slope = rows.T @ (weights * (chance - labels)) + shrink @ plane
        plane -= np.linalg.solve((rows * (weights * chance * (1 - chance))[:, None]).T @ rows + shrink, slope)
    plane[-1] -= np.quantile(side(language, plane), 1 - WRONGLY_CALLED_GIBBERISH)
    return plane.astype(np.float32)


def side(vectors: np.ndarray, plane: np.ndarray) -> np.ndarray:
    return vectors @ plane[:-1] + plane[-1]


def random_string(lot: random.Random) -> str:
    """Return mashed keys, one letter held down, random syllables or random letters: one to three words of them."""
    kind = lot.choices(["keys", "one letter", "syllables", "letters"], [5, 1, 2, 12])[0]
    if kind == "keys":
        row = lot.choice(KEYBOARDS)
        start = lot.randrange(len(row) - 3)
        return " ".join([row[start : start + lot.randint(3, 9)]] * lot.choice([1, 1, 2]))
    if kind == "one letter":
        return lot.choice(lot.choice(ALPHABETS)) * lot.randint(3, 8)
    if kind == "syllables":
        return " ".join("".join(lot.choices(SYLLABLES, k=lot.randint(1, 3))) for _ in range(lot.randint(1, 3)))
    alphabet = lot.choice(ALPHABETS)
    return " ".join("".join(lot.choices(alphabet, k=lot.randint(2, 8))) for _ in range(lot.randint(1, 3)))


def words_and_phrases(lot: random.Random) -> Iterator[str]:
    """Yield titles, and one to three words in a row from each text of the demo."""
    from wagtail.rich_text import get_text_for_indexing  # noqa: PLC0415

    from exchange.demo import read_contents  # noqa: PLC0415
    from search.encoders import UniversalSentenceEncoder  # noqa: PLC0415

    for rows in read_contents().rows.values():
        for row in rows:
            language = row.values["languages"][0]
            if not UniversalSentenceEncoder.knows(language):
                continue
            yield row.values["title"]
            text = f"{row.values['abstract']} {get_text_for_indexing(row.values['body'])}"
            spaced = language.split("-")[0] not in WITHOUT_SPACES
            parts = re.findall(r"\w[\w'’-]*", text) if spaced else re.findall(r"\w{2,6}", text)
            for _ in range(WORDS_OF_A_TEXT):
                start = lot.randrange(len(parts) - 3)
                yield " ".join(parts[start : start + (lot.choice([1, 1, 2, 3]) if spaced else 1)])


def names() -> Iterator[str]:
    """Yield the names of some countries and languages in the encoder's languages."""
    from core.languages import country_name, language_name  # noqa: PLC0415
    from search.encoders import USE_LANGUAGES  # noqa: PLC0415

    for language in USE_LANGUAGES:
        for code in ("AR", "CN", "DE", "EG", "FI", "GR", "IN", "IT", "JP", "KE", "MX", "NO", "PL", "TH", "TR", "US", "ZA"):
            yield country_name(code, language)
        for code in ("ar", "bn", "el", "es", "fr", "hi", "ja", "ko", "pl", "pt", "ru", "sv", "sw", "th", "tr", "uk", "zh"):
            yield language_name(code, language)


if __name__ == "__main__":
    main()
