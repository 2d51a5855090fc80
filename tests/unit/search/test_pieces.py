"""Texts in pieces: nothing lost, sentences whole, none too long for the encoder to read well."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.vectors import LENGTH_OF_A_PIECE, _length, pieces

LONG_SENTENCE = "A tray of water stands still " * 40


@given(st.lists(st.text(alphabet="abc äж水。.?! \n", max_size=300)).map("".join))
def test_nothing_is_lost_and_none_is_too_long(text):
    found = pieces(text)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    assert all(piece.strip() and _length(piece) <= LENGTH_OF_A_PIECE for piece in found)


def test_sentences_stay_whole():
    sentence = "The boat moves because the soap breaks the skin of the water behind it."
    found = pieces(" ".join([sentence] * 12))
    assert len(found) == 4
    assert all(piece.endswith(sentence) and piece.startswith("The boat") for piece in found)


@pytest.mark.parametrize("end", ["。", "？", "！"])
def test_chinese_sentences_end_without_a_space(end):
    sentence = "水面像一层绷紧的皮肤" + end
    assert {piece.replace(sentence, "").strip() for piece in pieces(sentence * 40)} == {""}


def test_a_sentence_that_is_too_long_is_cut_between_words():
    found = pieces(LONG_SENTENCE)
    assert len(found) == 5
    assert {word for piece in found for word in piece.split()} == set(LONG_SENTENCE.split())


def test_an_empty_text_has_no_pieces():
    assert pieces("") == pieces(" \n ") == []
