"""Which analysis a language has, and in which ones words are looked for."""

import pytest

from search.analysis import ALL_KEYS, key_of, keys_for_words


@pytest.mark.parametrize(
    ("tag", "key"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("yue", "zh"),
        ("sw", "default"),
        ("", "default"),
        ("EN-gb", "en"),
        ("default", "default"),
    ],
)
def test_each_language_has_its_analysis(tag, key):
    assert key_of(tag) == key


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("望远镜", {"zh", "ja", "default"}),
        ("コップ", {"ja", "default"}),
        ("망원경", {"ko", "default"}),
        ("наука", {"ru", "default"}),
        ("πείραμα", {"el", "default"}),
        ("تجربة", {"ar", "default"}),
        ("प्रयोग", {"hi", "default"}),
        ("ทดลอง", {"th", "default"}),
        ("12 + 30", {"default"}),
        ("🌋", {"default"}),
        ("DNA 提取", {"de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr", "zh", "ja", "default"}),
    ],
)
def test_words_are_looked_for_in_the_languages_of_their_scripts(words, keys):
    assert set(keys_for_words(words)) == keys


def test_every_key_is_reached_by_some_script():
    assert set(keys_for_words("a水νкжقمกかदम 한")) == set(ALL_KEYS)
