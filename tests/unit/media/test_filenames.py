"""File names: kept as people wrote them as far as is safe, and sent back so that every browser shows them."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from media.filenames import LONGEST, clean, content_disposition


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("  spaced   out .pdf ", "spaced out .pdf"),
        ("/etc/passwd", "passwd"),
        ("folder/", "folder"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("CON.txt", "CON.txt"),
        ("e\u0301te\u0301.pdf", "\u00e9t\u00e9.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ("🔬 kit.zip", "🔬 kit.zip"),
        (".htaccess", ".htaccess"),
        ("x" * 300, "x" * 254 + "…"),
        ("x" * 300 + ".pdf", "x" * 250 + "….pdf"),
        ("x." + "y" * 300, "x." + "y" * 252 + "…"),
    ],
)
def test_names_are_cleaned(given_name, kept):
    assert clean(given_name) == kept


@pytest.mark.parametrize("nothing", ["", " ", "/", "\\", "\x00", "..", ". .", "\u202e", "a/..", "\n"])
def test_a_name_of_nothing_is_refused(nothing):
    with pytest.raises(InvalidInputError):
        clean(nothing)


@given(st.text(max_size=400))
def test_whatever_is_given_a_kept_name_is_safe_and_clean_again(name):
    try:
        kept = clean(name)
    except InvalidInputError:
        return
    assert 0 < len(kept) <= LONGEST
    assert not {"/", "\\", "\x00", "\n", "\r"} & set(kept)
    assert clean(kept) == kept


@given(st.text(min_size=1, max_size=100).filter(lambda name: name.isprintable()), st.booleans())
def test_a_download_s_header_is_ascii_and_carries_the_whole_name(name, inline):
    header = content_disposition(name, inline=inline)
    assert header.isascii()
    assert header.startswith("inline;" if inline else "attachment;")
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name
    assert header.count('"') == 2
