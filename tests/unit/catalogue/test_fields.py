"""What is cleaned, what is canonical, what is refused."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from catalogue.fields import as_lines, clean_rich_text, validate_language_tag
from catalogue.widgets import AlternativeTitlesField, canonical_tag

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
    assert canonical_tag(typed) == stored


def test_lines():
    assert as_lines(" a \n\n b\r\n") == ["a", "b"]


def test_titles_in_other_languages_are_typed_as_lines():
    field = AlternativeTitlesField(required=False)
    assert field.clean("fr: Les bateaux: à savon\nZH-HANS: 肥皂船") == {"fr": "Les bateaux: à savon", "zh-Hans": "肥皂船"}
    assert field.clean("") == {}
    assert field.prepare_value({"fr": "Bateaux"}) == "fr: Bateaux"
    for wrong in ("Les bateaux", "french: Les bateaux", "fr:"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)
