"""Language tags are written canonically where RFC 5646 leaves no doubt, and refused otherwise."""

import pytest

from core.errors import InvalidInputError
from exchange.language_tags import canonical_tag


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("en", "en"),
        (" EN ", "en"),
        ("pt_br", "pt-BR"),
        ("zh-cn", "zh-CN"),
        ("ZH-hans", "zh-Hans"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("iw", "he"),
        ("mo", "ro"),
        ("deu", "de"),
        ("prs", "prs"),
        ("tl-ph", "tl-PH"),
        ("ary", "ary"),
        ("es-PE", "es-PE"),
        ("es-419", "es-419"),
    ],
)
def test_is_written_canonically(given, canonical):
    assert canonical_tag(given) == canonical


@pytest.mark.parametrize("given", ["English", "xx", "en_", "", "und", "mul", "qaa", "sh", "x-klingon", "i-klingon", "français", "e"])
def test_what_is_no_tag_or_leaves_the_language_open_is_refused(given):
    with pytest.raises(InvalidInputError, match="is not a language tag"):
        canonical_tag(given)
