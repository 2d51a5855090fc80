"""How texts become terms, per language.

Components carry the names of stock Elasticsearch and its official analysis plugins (analysis-icu, -kuromoji, -nori, -stempel),
so that any cluster takes these settings unchanged.

Case, width and accents never matter. Accents are folded after stemming, since stemmers know them; the stemmers for
Romance and German text fold by themselves. In scripts where marks carry meaning (Arabic, Devanagari, Thai, Han, kana,
Hangul) nothing is folded but what the language's own normalization folds.
"""

import re
from typing import Any

DEFAULT_KEY = "default"
LANGUAGE_KEYS = ("ar", "de", "el", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
ALL_KEYS = (*LANGUAGE_KEYS, DEFAULT_KEY)

_OTHER_NAMES = {"cmn": "zh", "yue": "zh"}

_SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"), ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr")),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), ("el",)),
    (re.compile("[\u0400-\u052f]"), ("ru",)),
    (re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"), ("ar",)),
    (re.compile("[\u0900-\u097f]"), ("hi",)),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
    (re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), ("ja", "zh")),
    (re.compile("[\u3040-\u30ff\uff66-\uff9f]"), ("ja",)),
    (re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"), ("ko",)),
)


def key_of(language_tag: str) -> str:
    """Return the key of the analysis for a BCP 47 tag: "zh" for zh-Hant-TW, "default" for languages without one of their own."""
    primary = language_tag.split("-", maxsplit=1)[0].lower()
    primary = _OTHER_NAMES.get(primary, primary)
    return primary if primary in LANGUAGE_KEYS else DEFAULT_KEY


def keys_for_words(words: str) -> tuple[str, ...]:
    """Return the keys under which words may be found, by their scripts; foreign words in a text are found through "default"."""
    keys = {key for pattern, keys in _SCRIPTS if pattern.search(words) for key in keys}
    return tuple(key for key in ALL_KEYS if key in keys or key == DEFAULT_KEY)


_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[\u0e00-\u0e7f]{1,4}|[^\s\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")
"""A word; where no spaces part them, as many characters as make one."""


def number_of_words(text: str) -> int:
    """Return about how many words a text has, in any script."""
    return len(_WORD.findall(text))


def analyzer_of(key: str) -> dict[str, str]:
    """Return the mapping parameters that name the analysis of a text field."""
    names = {"analyzer": f"text_{key}"}
    if key == "zh":  # single characters are in the index, and asked for only where a question is a single character
        names["search_analyzer"] = "text_zh_search"
    return names


def analysis_settings() -> dict[str, Any]:
    """Return `settings.index.analysis`."""
    return {"tokenizer": _TOKENIZERS, "filter": _FILTERS, "analyzer": _analyzers(), "normalizer": _NORMALIZERS}


_TOKENIZERS: dict[str, Any] = {
    "ja_words": {"type": "kuromoji_tokenizer", "mode": "search", "discard_compound_token": True},
    "ko_words": {"type": "nori_tokenizer", "decompound_mode": "discard"},
}

_FRENCH_ARTICLES = ["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"]
_ITALIAN_ARTICLES = [
    "c",
    "l",
    "all",
    "dall",
    "dell",
    "nell",
    "sull",
    "coll",
    "pell",
    "gl",
    "agl",
    "dagl",
    "degl",
    "negl",
    "sugl",
    "un",
    "m",
    "t",
    "s",
    "v",
    "d",
]

_STOP = {
    "ar": "_arabic_",
    "de": "_german_",
    "el": "_greek_",
    "en": "_english_",
    "es": "_spanish_",
    "fr": "_french_",
    "hi": "_hindi_",
    "it": "_italian_",
    "nl": "_dutch_",
    "pt": "_portuguese_",
    "ru": "_russian_",
    "th": "_thai_",
    "tr": "_turkish_",
}
_STEM = {
    "ar": "arabic",
    "de": "light_german",
    "el": "greek",
    "en": "english",
    "en_possessive": "possessive_english",
    "es": "light_spanish",
    "fr": "light_french",
    "hi": "hindi",
    "it": "light_italian",
    "nl": "dutch",
    "pt": "light_portuguese",
    "ru": "light_russian",
    "tr": "turkish",
}

_FILTERS: dict[str, Any] = {
    **{f"{key}_stop": {"type": "stop", "stopwords": words} for key, words in _STOP.items()},
    **{f"{key}_stem": {"type": "stemmer", "language": name} for key, name in _STEM.items()},
    # Folds accents in the scripts where they are spelling, and leaves the vowel signs and voicing marks of the others.
    "fold_accents": {"type": "icu_folding", "unicode_set_filter": "[[:Latin:][:Greek:][:Cyrillic:]]"},
    "fr_elision": {"type": "elision", "articles_case": True, "articles": _FRENCH_ARTICLES},
    "it_elision": {"type": "elision", "articles_case": True, "articles": _ITALIAN_ARTICLES},
    "el_lowercase": {"type": "lowercase", "language": "greek"},
    "tr_lowercase": {"type": "lowercase", "language": "turkish"},
    # Chinese is found by pairs of characters: no dictionary to disagree with, and one index for both scripts.
    "zh_simplified": {"type": "icu_transform", "id": "Traditional-Simplified"},
    "zh_particles": {"type": "stop", "stopwords": ["的", "了", "吗", "呢"]},
    "zh_pairs": {"type": "cjk_bigram"},
    "zh_pairs_and_single": {"type": "cjk_bigram", "output_unigrams": True},
    "beginnings": {"type": "edge_ngram", "min_gram": 1, "max_gram": 20, "preserve_original": True},
}

_CHAINS: dict[str, tuple[str, list[str]]] = {
    "ar": ("icu_tokenizer", ["icu_normalizer", "decimal_digit", "ar_stop", "arabic_normalization", "ar_stem"]),
    "de": ("icu_tokenizer", ["icu_normalizer", "de_stop", "german_normalization", "de_stem", "fold_accents"]),
    "el": ("icu_tokenizer", ["el_lowercase", "el_stop", "el_stem", "icu_normalizer", "fold_accents"]),
    "en": ("icu_tokenizer", ["en_possessive_stem", "icu_normalizer", "en_stop", "en_stem", "fold_accents"]),
    "es": ("icu_tokenizer", ["icu_normalizer", "es_stop", "es_stem", "fold_accents"]),
    "fr": ("icu_tokenizer", ["fr_elision", "icu_normalizer", "fr_stop", "fr_stem", "fold_accents"]),
    "hi": ("icu_tokenizer", ["icu_normalizer", "decimal_digit", "indic_normalization", "hindi_normalization", "hi_stop", "hi_stem"]),
    "it": ("icu_tokenizer", ["it_elision", "icu_normalizer", "it_stop", "it_stem", "fold_accents"]),
    "ja": (
        "ja_words",
        ["kuromoji_baseform", "kuromoji_part_of_speech", "cjk_width", "ja_stop", "kuromoji_stemmer", "icu_normalizer"],
    ),
    "ko": ("ko_words", ["nori_part_of_speech", "nori_readingform", "icu_normalizer"]),
    "nl": ("icu_tokenizer", ["icu_normalizer", "nl_stop", "nl_stem", "fold_accents"]),
    "pl": ("icu_tokenizer", ["icu_normalizer", "polish_stop", "polish_stem", "fold_accents"]),
    "pt": ("icu_tokenizer", ["icu_normalizer", "pt_stop", "pt_stem", "fold_accents"]),
    "ru": ("icu_tokenizer", ["icu_normalizer", "ru_stop", "ru_stem", "fold_accents"]),
    "th": ("icu_tokenizer", ["icu_normalizer", "decimal_digit", "th_stop"]),
    "tr": ("icu_tokenizer", ["apostrophe", "tr_lowercase", "tr_stop", "tr_stem", "icu_normalizer", "fold_accents"]),
    "zh": ("standard", ["icu_normalizer", "zh_simplified", "zh_particles", "zh_pairs_and_single"]),
    "zh_search": ("standard", ["icu_normalizer", "zh_simplified", "zh_particles", "zh_pairs"]),
    DEFAULT_KEY: ("icu_tokenizer", ["icu_normalizer", "fold_accents"]),
}

_TYPED = [
    "fr_elision",
    "it_elision",
    "icu_normalizer",
    "decimal_digit",
    "arabic_normalization",
    "ar_stem",  # takes the article away, so that a noun is found by its own first letter
    "zh_simplified",
    "fold_accents",
]
_CHAINS |= {
    # One chain for all languages, since a few letters do not say which it is. The tokenizer asks no dictionary: Han characters
    # stand alone, so a word is found from any of them on.
    "typed": ("standard", _TYPED),
    "beginnings": ("standard", [*_TYPED, "beginnings"]),
}

_NORMALIZERS: dict[str, Any] = {"for_sorting": {"type": "custom", "filter": ["icu_folding"]}}


def _analyzers() -> dict[str, Any]:
    return {f"text_{key}": {"type": "custom", "tokenizer": tokenizer, "filter": filters} for key, (tokenizer, filters) in _CHAINS.items()}
