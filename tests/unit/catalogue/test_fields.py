"""What is cleaned, what is canonical, what is refused."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from catalogue.fields import as_lines, clean_rich_text, validate_language_tag
from catalogue.widgets import AlternativeTitlesField, LanguageInput, country_choices
from core.languages import OFFERED_LANGUAGES, language_name, name_with_tag, own_name, tag_of

EVIL = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<p onmouseover="alert(1)" style="background:url(javascript:alert(1))">x</p>',
    "<svg><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<iframe src="https://evil.example"></iframe>',
    '<form action="https://evil.example"><input name="password"></form>',
    '<a linktype="document" id="3">x</a>',
    '<embed embedtype="media" url="https://evil.example">',
    "<meta http-equiv='refresh' content='0;url=https://evil.example'>",
]


@pytest.mark.parametrize("html", EVIL)
def test_nothing_that_runs_survives(html):
    clean = clean_rich_text(html).lower()
    for word in ("script", "onerror", "onmouseover", "style", "iframe", "form", "evil.example", "linktype", "data:", "<svg", "<img"):
        assert word not in clean, clean


def test_what_people_write_survives():
    html = '<h3>How</h3><ol><li>Mix 200 ml H<sub>2</sub>O.</li></ol><p><a href="https://example.org/">Read <b>more</b></a></p><hr>'
    assert clean_rich_text(html) == html
    assert clean_rich_text(clean_rich_text("<p>5 < 6 & 7</p>")) == clean_rich_text("<p>5 < 6 & 7</p>")


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hans", "es-MX", "nan-Hant-TW"])
def test_language_tags_taken(tag):
    validate_language_tag(tag)


@pytest.mark.parametrize("tag", ["english", "en_US", "e", "zh-hans", "EN", "xx-yy-zz-1", ""])
def test_language_tags_refused(tag):
    with pytest.raises(ValidationError):
        validate_language_tag(tag)


@pytest.mark.parametrize(("typed", "stored"), [("EN", "en"), ("zh-hans", "zh-Hans"), (" pt-br ", "pt-BR"), ("klingonese", "klingonese")])
def test_the_editor_writes_tags_as_they_should_be(typed, stored):
    assert tag_of(typed) == stored


@pytest.mark.parametrize("interface", ["en", "fr", "zh-hans"])
def test_languages_are_chosen_by_their_names(interface):
    with translation.override(interface):
        for tag in OFFERED_LANGUAGES:
            assert tag_of(name_with_tag(tag)) == tag_of(language_name(tag)) == tag_of(own_name(tag).upper()) == tag
        shown = LanguageInput().render("language", "pt-BR", {"id": "id_language"})
        assert f'value="{name_with_tag("pt-BR")}"' in shown
        assert LanguageInput().value_from_datadict({"language": name_with_tag("pt-BR")}, {}, "language") == "pt-BR"


def test_countries_are_chosen_by_their_names():
    with translation.override("fr"):
        names = [name for _code, name in country_choices()[1:]]
        assert ("KE", "Kenya") in country_choices()
    assert len(names) == len(set(names)) == 250
    assert names.index("Égypte") < names.index("France")


def test_lines():
    assert as_lines(" a \n\n b\r\n") == ["a", "b"]


def test_titles_in_other_languages_are_typed_as_lines():
    field = AlternativeTitlesField(required=False)
    assert field.clean("fr: Les bateaux: à savon\nZH-HANS: 肥皂船") == {"fr": "Les bateaux: à savon", "zh-Hans": "肥皂船"}
    assert field.clean("") == {}
    assert field.clean("français: Les bateaux\n中文（简体）: 肥皂船") == {"fr": "Les bateaux", "zh-Hans": "肥皂船"}
    shown = field.prepare_value({"fr": "Bateaux"})
    assert shown == "French (fr): Bateaux"
    assert field.clean(shown) == {"fr": "Bateaux"}
    for wrong in ("Les bateaux", "klingonese: Les bateaux", "fr:"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)
