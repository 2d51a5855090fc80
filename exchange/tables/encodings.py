"""Which encoding a text is in that does not say so. Knows nothing of Django: it runs in the fenced process.

A byte order mark and valid UTF-8 leave no doubt. Of the older encodings, the one is taken in which the letters beyond ASCII are most
nearly those of one language: the bytes of Italian are letters in Prague's encoding as well, but of no one language written there.
(charset-normalizer was tried: it took short texts in Italian, French, Spanish, Danish and Turkish for Central European.)
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SAMPLE_BYTES = 100_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PUNCTUATION = frozenset("“”„‟‘’‚«»‹›–—…•·°€£§©®™№ªº×±½¼¾²³µ¡¿´\xa0\u200c\u200d\u200e\u200f")
CHINESE_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～\u3000")

# Beyond ASCII, by language; after the bar, letters that are rare in it.
WESTERN = (
    "àçéèêëîïôœû|âæùüÿ",
    "àèéìòù|îó",
    "äöüß|",
    "áéíñó|úü",
    "àçèéíòó|ïúü",
    "ãáâçéêíóõú|àô",
    "åäöæøé|ü",
    "ëéïóöüè|ê",
    "áæéíðóöúýþ|",
)
CENTRAL = ("ąćęłóśż|ńź", "áčéěířšůýž|ďňóťú", "áčéíľšťúýž|äďĺňóôŕ", "áéíóöőü|úű", "ăâîșțşţ|", "čćšž|đ", "ë|ç")
CYRILLIC = (
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "абвгдђежзијклљмнњопрстћуфхцчџш",
    "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
)
GREEK = ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",)
TURKISH = ("çğıİöşüâîû", "äçğəıİöşü")
HEBREW = ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",)
ARABIC = (
    "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيًٌٍَُِّْ،؛؟",
    "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکكگلمنهویيىًَُِّ،؛؟",
    "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمںنوہھءیےئؤۃ،؛؟۔",
)
BALTIC = ("ąčęėįšųūž|", "āčēģīķļņšūž|", "äõöü|šž")
RARE = 0.5
FREQUENT = frozenset("оеаинтсрвлαοιετσνηρυיוהלאתרבשמاليمنوتربهی")
"""The ten or so most frequent letters of scripts that have their encodings full: any bytes are letters of theirs."""

IsLetter = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding by Python's name, and whether there is room for doubt."""

    encoding: str
    is_sure: bool


def _level_one(encoding: str, first: int, last: int) -> IsLetter:
    """Return whether a character is among those that this national standard calls frequent: its first byte says so."""

    def is_frequent(character: str) -> bool:
        try:
            return first <= character.encode(encoding)[0] <= last
        except UnicodeEncodeError:
            return False

    return is_frequent


def _is_kana(character: str) -> bool:
    return "\u3041" <= character <= "\u30ff"


def _is_hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


IDEOGRAPHS: tuple[tuple[str, IsLetter, IsLetter | None], ...] = (
    ("cp932", _level_one("euc_jp", 0xB0, 0xCF), _is_kana),
    ("euc_jp", _level_one("euc_jp", 0xB0, 0xCF), _is_kana),
    ("cp949", _is_hangul, _is_hangul),
    ("gb18030", _level_one("gb2312", 0xB0, 0xD7), None),
    ("big5", _level_one("big5", 0xA4, 0xC6), None),
)
"""Encoding, its frequent characters, and those without which no text in its language is written."""

ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cp1252", WESTERN),
    ("cp1250", CENTRAL),
    ("cp1251", CYRILLIC),
    ("cp1253", GREEK),
    ("cp1254", TURKISH),
    ("cp1255", HEBREW),
    ("cp1256", ARABIC),
    ("cp1257", BALTIC),
    ("mac_roman", WESTERN),
    ("cp850", WESTERN),
)
"""Older encodings with the alphabets of their languages beyond ASCII. Of equals the first is taken."""

NEEDED_SHARE = 0.15


def guess(data: bytes) -> Guess:
    """Return the encoding of these bytes. Some encoding always fits: in the last resort each byte is a character."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return Guess(encoding, is_sure=True)
    if encoding := _utf16_without_mark(data):
        return Guess(encoding, is_sure=False)
    if _decodes(data, "utf-8"):
        return Guess("utf-8", is_sure=True)
    scores = dict(_scores(_telling(data)))
    ranked = sorted(scores, key=lambda encoding: scores[encoding], reverse=True)  # of equals, the first stays the first
    return Guess(next((encoding for encoding in ranked if _decodes(data, encoding)), "latin-1"), is_sure=False)


def _utf16_without_mark(data: bytes) -> str:
    """Text in UTF-16 has a zero in every second byte wherever it is ASCII: separators and line ends at the least."""
    head = data[:SAMPLE_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 or max(even, odd) < len(head) / 50 or min(even, odd) > max(even, odd) / 20:
        return ""
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    return encoding if _decodes(data, encoding) else ""


def _telling(data: bytes) -> bytes:
    """Return lines with bytes beyond ASCII, as many as are needed; cut where no character can be cut in two."""
    lines = re.findall(rb"[^\n]*[\x80-\xff][^\n]*\n?", data[: SAMPLE_BYTES * 10])
    telling = b"".join(lines)
    return telling if len(telling) <= SAMPLE_BYTES else re.sub(rb"[\x80-\xff]+$", b"", telling[:SAMPLE_BYTES])


def _scores(data: bytes) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield encodings with the share of good characters, and of frequent ones among them."""
    for encoding, alphabets in ALPHABETS:
        if text := _decoded(data, encoding):
            beyond = [character for character in text if character > "\x7f"]
            frequent = sum(character.lower() in FREQUENT for character in beyond) / max(len(beyond), 1)
            yield encoding, (max(_share(text, _weights(letters)) for letters in alphabets), frequent)
    for encoding, is_frequent, is_needed in IDEOGRAPHS:
        if text := _decoded(data, encoding):
            yield encoding, (_share_of_ideographs(text, is_frequent, is_needed), 0)


def _weights(alphabet: str) -> dict[str, float]:
    frequent, _bar, rare = alphabet.partition("|")
    return dict.fromkeys(rare, RARE) | dict.fromkeys(PUNCTUATION, 1.0) | dict.fromkeys(frequent, 1.0)


def _share(text: str, weights: dict[str, float]) -> float:
    """Return which share of the characters beyond ASCII is of this alphabet, and stands where a letter of it may stand."""
    beyond = [(place, character) for place, character in enumerate(text) if character > "\x7f"]
    good = sum(weights.get(character, weights.get(character.lower(), 0.0)) for place, character in beyond if not _is_odd_here(text, place))
    return good / max(len(beyond), 1)


def _is_odd_here(text: str, place: int) -> bool:
    """Whether a letter is a capital after a small one, or of another script than a neighbour of ASCII."""
    character, before = text[place], text[place - 1] if place else ""
    if character in PUNCTUATION:
        return False
    if character.isupper() and before.islower():
        return True
    after = text[place + 1 : place + 2]
    is_latin = character < "\u0370"
    return not is_latin and ((before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha()))


def _share_of_ideographs(text: str, is_frequent: IsLetter, is_needed: IsLetter | None) -> float:
    beyond = [character for character in text if character > "\x7f" and character not in CHINESE_PUNCTUATION]
    if not beyond or (is_needed and sum(map(is_needed, beyond)) < NEEDED_SHARE * len(beyond)):
        return 0
    return sum(is_frequent(character) or bool(is_needed and is_needed(character)) for character in beyond) / len(beyond)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
