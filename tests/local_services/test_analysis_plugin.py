"""Each language's words on the running node, under the names that a stock cluster has too."""

import os
from collections.abc import Callable
from typing import Any

import pytest

URL = os.environ.get("ELASTICSEARCH_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="needs ELASTICSEARCH_URL, which `make test` sets")


@pytest.fixture
def tokens(ask: Callable[..., Any]) -> Callable[..., list[str]]:
    def tokens(text: str, tokenizer: Any, *filters: Any, char_filter: tuple[Any, ...] = ()) -> list[str]:
        body = {"tokenizer": tokenizer, "filter": list(filters), "char_filter": list(char_filter), "text": text}
        status, answer = ask(f"{URL}/_analyze", body)
        assert status == 200, answer
        return [token["token"] for token in answer["tokens"]]

    return tokens


def stop(language: str) -> dict[str, str]:
    return {"type": "stop", "stopwords": f"_{language}_"}


def stemmer(language: str) -> dict[str, str]:
    return {"type": "stemmer", "language": language}


def lowercase(language: str) -> dict[str, str]:
    return {"type": "lowercase", "language": language}


FRENCH_ARTICLES = {"type": "elision", "articles_case": True, "articles": ["l", "d", "c", "j", "m", "n", "s", "t", "qu", "lorsqu", "puisqu"]}
GERMAN = ("lowercase", stop("german"), "german_normalization", stemmer("light_german"))
JAPANESE = ("kuromoji_baseform", "kuromoji_part_of_speech", "cjk_width", "ja_stop", "kuromoji_stemmer", "lowercase")
HINDI = ("lowercase", "decimal_digit", "indic_normalization", "hindi_normalization", stop("hindi"), stemmer("hindi"))

LANGUAGES = {
    "arabic": (
        "تجارب علمية للأطفال في المدارس ٢٠٢٤",
        ("standard", "lowercase", "decimal_digit", stop("arabic"), "arabic_normalization", stemmer("arabic")),
        ["تجارب", "علم", "اطفال", "مدارس", "2024"],
    ),
    "chinese": ("用望远镜观察月球", ("smartcn_tokenizer", "lowercase"), ["用", "望远镜", "观察", "月球"]),
    "chinese bigrams": ("光合作用实验", ("icu_tokenizer", "cjk_bigram"), ["光合", "合作", "作用", "用实", "实验"]),
    "chinese, both scripts": (
        "實驗與觀測",
        ("icu_tokenizer", {"type": "icu_transform", "id": "Traditional-Simplified"}),
        ["实验", "与", "观测"],
    ),
    "dutch": (
        "De kinderen bouwen raketten en vulkanen",
        ("standard", "lowercase", stop("dutch"), stemmer("dutch")),
        ["kinder", "bouw", "raket", "vulkan"],
    ),
    "english": (
        "The children's experiments were exploding",
        ("standard", stemmer("possessive_english"), "lowercase", stop("english"), stemmer("light_english")),
        ["children", "experiment", "were", "explode"],
    ),
    "english, porter": ("experiments with magnets", ("standard", "lowercase", stop("english"), stemmer("english")), ["experi", "magnet"]),
    "french": (
        "L'eau et l’énergie des étoiles filantes",
        ("standard", FRENCH_ARTICLES, "lowercase", stop("french"), stemmer("light_french")),
        ["eau", "energ", "etoil", "filant"],
    ),
    "german": ("Die Kinder bauen Brücken an der Straße", ("standard", *GERMAN), ["kind", "bau", "bruck", "strass"]),
    "german without umlauts": ("Bruecken", ("standard", *GERMAN), ["bruck"]),
    "greek": (
        "Τα παιδιά παρατηρούν τα αστέρια",
        ("standard", lowercase("greek"), stop("greek"), stemmer("greek")),
        ["παιδ", "παρατηρ", "αστερ"],
    ),
    "hindi": ("बच्चे विज्ञान के प्रयोगों को देखते हैं २०२४", ("standard", *HINDI), ["बचच", "विजञान", "परयोग", "देख", "2024"]),
    "italian": (
        "l'acqua e gli esperimenti scientifici",
        ("standard", "elision", "lowercase", stop("italian"), stemmer("light_italian")),
        ["acqua", "esperiment", "scientific"],
    ),
    "japanese": (
        "子どもたちが望遠鏡で星を観察しました。コンピューター",
        ("kuromoji_tokenizer", *JAPANESE),
        ["子ども", "望遠鏡", "星", "観察", "コンピュータ"],
    ),
    "korean": (
        "어린이들이 망원경으로 별을 관찰했다",
        ("nori_tokenizer", "nori_part_of_speech", "nori_readingform", "lowercase"),
        ["어린이", "망원", "경", "별", "관찰"],
    ),
    "polish": (
        "Dzieci obserwują gwiazdy przez teleskop i budują mosty",
        ("standard", "lowercase", "polish_stop", "polish_stem"),
        ["dziecko", "obserwować", "gwiazd", "teleskop", "budować", "most"],
    ),
    "portuguese": (
        "As crianças constroem foguetes e vulcões",
        ("standard", "lowercase", stop("portuguese"), stemmer("light_portuguese")),
        ["crianc", "constroem", "foguet", "vulca"],
    ),
    "russian": (
        "Дети наблюдают звёзды в телескопы",
        ("standard", "lowercase", stop("russian"), stemmer("russian")),
        ["дет", "наблюда", "звезд", "телескоп"],
    ),
    "spanish": (
        "Los niños construyen cohetes y volcanes",
        ("standard", "lowercase", stop("spanish"), stemmer("light_spanish")),
        ["niñ", "construyen", "cohet", "volcan"],
    ),
    "thai": (
        "ทดลองวิทยาศาสตร์ที่พิพิธภัณฑ์ ๑๒",
        ("icu_tokenizer", "lowercase", "decimal_digit", stop("thai")),
        ["ทดลอง", "วิทยาศาสตร์", "พิพิธภัณฑ์", "12"],
    ),
    "turkish": (
        "İstanbul'daki çocuklar yıldızları IŞIK deneyleri",
        ("standard", "apostrophe", lowercase("turkish"), stop("turkish"), stemmer("turkish")),
        ["istanbul", "çocuk", "yıldız", "ışık", "deney"],
    ),
    "persian": ("کودکان و ستارهٔ", ("standard", "persian_normalization"), ["كودكان", "و", "ستاره"]),
    "any other": ("Ångström, Füße, Ωμέγα", ("icu_tokenizer", "icu_folding"), ["angstrom", "fusse", "ωμεγα"]),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_language_are_found_in_their_forms(language: str, tokens: Callable[..., list[str]]) -> None:
    text, (tokenizer, *filters), expected = LANGUAGES[language]

    assert tokens(text, tokenizer, *filters) == expected


PARTS = {
    "html is stripped": ("<p>Ebbe &amp; Flut</p>", ("standard",), ("html_strip",), ["Ebbe", "Flut"]),
    "normal form as char filter": ("ＡＢＣ①", ("keyword",), ("icu_normalizer",), ["abc1"]),
    "normal form as filter": ("ﬁlm", ("keyword", "icu_normalizer"), (), ["film"]),
    "ascii": ("Voilà", ("whitespace", {"type": "asciifolding", "preserve_original": True}), (), ["Voila", "Voilà"]),
    "prefixes": ("Planet", ("keyword", "lowercase", {"type": "edge_ngram", "min_gram": 2, "max_gram": 4}), (), ["pl", "pla", "plan"]),
    "each term once": ("a b A c a", ("whitespace", "lowercase", "unique"), (), ["a", "b", "c"]),
    "stem beside word": ("stars", ("whitespace", "keyword_repeat", stemmer("english"), "remove_duplicates"), (), ["stars", "star"]),
    "stem equal to word": ("dark", ("whitespace", "keyword_repeat", stemmer("english"), "remove_duplicates"), (), ["dark"]),
    "word parts": (
        "Wi-Fi",
        ("whitespace", {"type": "word_delimiter_graph", "catenate_all": True}, "flatten_graph", "lowercase"),
        (),
        ["wifi", "wi", "fi"],
    ),
    "word parts, not by case": ("PhET", ("whitespace", {"type": "word_delimiter_graph", "split_on_case_change": False}), (), ["PhET"]),
    "synonyms of several words": (
        "UFO",
        ("standard", "lowercase", {"type": "synonym_graph", "synonyms": ["ufo, flying object"]}),
        (),
        ["flying", "ufo", "object"],
    ),
    "width": ("ｶﾞｲﾄﾞ", ("keyword", "cjk_width"), (), ["ガイド"]),
    "lengths": ("a bcd efghijk", ("whitespace", {"type": "length", "min": 2}, {"type": "truncate", "length": 3}), (), ["bcd", "efg"]),
    "reading": ("寿司", ("kuromoji_tokenizer", {"type": "kuromoji_readingform", "use_romaji": True}), (), ["sushi"]),
    "numbers in japanese": ("一〇〇〇", ("kuromoji_tokenizer", "kuromoji_number"), (), ["1000"]),
    "compounds kept": ("망원경", ({"type": "nori_tokenizer", "decompound_mode": "none"},), (), ["망원경"]),
    "chinese punctuation": ("观察。", ("smartcn_tokenizer", "smartcn_stop"), (), ["观察"]),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_does_what_its_stock_namesake_does(part: str, tokens: Callable[..., list[str]]) -> None:
    text, (tokenizer, *filters), char_filter, expected = PARTS[part]

    assert tokens(text, tokenizer, *filters, char_filter=char_filter) == expected


def test_an_unknown_stemmer_is_refused_in_words(ask: Callable[..., Any]) -> None:
    status, answer = ask(f"{URL}/_analyze", {"tokenizer": "standard", "filter": [stemmer("klingon")], "text": "x"})

    assert status == 400
    assert "klingon" in answer["error"]["reason"]


def test_a_synonym_rule_that_cannot_be_read_is_refused(ask: Callable[..., Any]) -> None:
    broken = {"type": "synonym_graph", "synonyms": ["a => b => c"]}

    status, answer = ask(f"{URL}/_analyze", {"tokenizer": "standard", "filter": [broken], "text": "x"})

    assert status == 400, answer


def test_an_index_uses_analyzers_and_normalizers_of_these_parts(ask: Callable[..., Any]) -> None:
    analysis = {
        "analyzer": {"de": {"tokenizer": "standard", "filter": ["lowercase", "german_normalization", "stem_de"]}},
        "normalizer": {"plain": {"filter": ["lowercase", "icu_folding"]}},
        "filter": {"stem_de": stemmer("light_german")},
    }
    mappings = {"properties": {"title": {"type": "text", "analyzer": "de"}, "city": {"type": "keyword", "normalizer": "plain"}}}
    ask(f"{URL}/launcher-analysis", method="DELETE")
    status, answer = ask(f"{URL}/launcher-analysis", {"settings": {"analysis": analysis}, "mappings": mappings}, "PUT")
    assert status == 200, answer
    try:
        ask(f"{URL}/launcher-analysis/_doc/1?refresh=true", {"title": "Vulkane", "city": "ZÜRICH"}, "PUT")

        by_word = ask(f"{URL}/launcher-analysis/_search", {"query": {"match": {"title": "Vulkan"}}})[1]
        by_city = ask(f"{URL}/launcher-analysis/_search", {"query": {"term": {"city": "zurich"}}})[1]
        assert [found["hits"]["total"]["value"] for found in (by_word, by_city)] == [1, 1]
    finally:
        ask(f"{URL}/launcher-analysis", method="DELETE")


def test_the_root_says_which_server_this_is(ask: Callable[..., Any]) -> None:
    status, answer = ask(f"{URL}/")

    assert status == 200
    assert answer["version"]["number"].startswith("9.")
    assert answer["tagline"] == "You Know, for Search"
    assert ask(f"{URL}/", method="HEAD") == (200, None)
