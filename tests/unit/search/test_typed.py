"""What was typed against labels: beginnings of words, one typo, and what is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.typed import Closeness, fold, match, within_one_edit

BEGINS, WORDS_BEGIN, WITH_A_TYPO = Closeness.BEGINS, Closeness.WORDS_BEGIN, Closeness.WITH_A_TYPO


def marked(typed, label):
    found = match(typed, label)
    return found and [label[start:end] for start, end in found.spans]


@pytest.mark.parametrize(
    ("typed", "label", "closeness", "parts"),
    [
        ("tele", "Telescopes", BEGINS, ["Tele"]),
        ("moon tel", "A telescope for the moon", WORDS_BEGIN, ["tel", "moon"]),
        ("electri", "Électricité", BEGINS, ["Électri"]),
        ("strass", "Straße", BEGINS, ["Straß"]),
        ("физ", "Физика", BEGINS, ["Физ"]),
        ("ёж", "Еж", BEGINS, ["Еж"]),
        ("望远", "自制望远镜", WORDS_BEGIN, ["望远"]),
        ("فيز", "الفيزياء فيزياء", WORDS_BEGIN, ["فيز"]),
        ("أحي", "احياء", BEGINS, ["احي"]),
        ("chemi", "Chmistry", WITH_A_TYPO, ["Chmi"]),
        ("pyhs", "Physics", WITH_A_TYPO, ["Phys"]),
        ("वि", "विज्ञान", BEGINS, ["वि"]),
    ],
)
def test_it_fits(typed, label, closeness, parts):
    found = match(typed, label)
    assert found is not None
    assert found.closeness is closeness
    assert marked(typed, label) == parts


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("", "Physics"),
        ("scope", "Telescope"),
        ("phz", "Physics"),
        ("xhysics", "Physics"),
        ("moon sun", "Moon"),
        ("pyh", "Physics"),
        ("物理", "化学"),
    ],
)
def test_it_does_not_fit(typed, label):
    assert match(typed, label) is None


def test_an_indic_vowel_sign_is_spelling_of_its_own():
    assert fold("की") != fold("का")


@given(st.text(), st.text(min_size=1))
def test_what_is_marked_lies_within_the_label(typed, label):
    found = match(typed, label)
    if found:
        ends = [place for span in found.spans for place in span]
        assert ends == sorted(ends)
        assert ends[0] >= 0
        assert ends[-1] <= len(label)


@given(st.text(alphabet="abc", max_size=6), st.text(alphabet="abc", max_size=6))
def test_one_edit_is_what_the_definition_says(one, other):
    edits = {one}
    for place in range(len(one) + 1):
        head, tail = one[:place], one[place:]
        edits |= {head + letter + tail for letter in "abc"}
        edits |= {head + letter + tail[1:] for letter in "abc"} if tail else set()
        edits |= {head + tail[1:]} if tail else set()
        edits |= {head + tail[1] + tail[0] + tail[2:]} if len(tail) > 1 else set()
    assert within_one_edit(one, other) == (other in edits)
