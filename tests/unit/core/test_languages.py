"""Names of languages and countries, and which way a script runs."""

import pytest

from core.languages import country_name, direction, language_name, own_name


@pytest.mark.parametrize(
    ("tag", "interface", "name"),
    [
        ("sw", "en", "Swahili"),
        ("sw", "fr", "Swahili"),
        ("pt-BR", "en", "Portuguese (Brazil)"),
        ("de", "zh-hans", "德语"),
        ("el", "fr", "Grec"),
        ("not a tag", "en", "not a tag"),
    ],
)
def test_names_in_the_readers_language(tag, interface, name):
    assert language_name(tag, interface) == name


def test_names_in_themselves():
    assert [own_name(tag) for tag in ("sw", "fr", "ar", "hi")] == ["Kiswahili", "Français", "العربية", "हिन्दी"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("he", "rtl"), ("fa-AF", "rtl"), ("ur", "rtl"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("en", "ltr"), ("", "ltr")],
)
def test_direction_follows_the_script(tag, expected):
    assert direction(tag) == expected


@pytest.mark.parametrize(("code", "interface", "name"), [("KE", "en", "Kenya"), ("DE", "fr", "Allemagne"), ("CN", "zh-hans", "中国")])
def test_countries(code, interface, name):
    assert country_name(code, interface) == name
