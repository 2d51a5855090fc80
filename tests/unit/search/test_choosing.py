"""Which edition a reader is shown; a table, best first."""

import datetime as dt

import pytest

from search.choosing import order_for_reader, satisfies
from search.types import SearchRequest


def _card(tag, original=False):
    return {"language": tag, "original": original, "edition_id": f"id-{tag}"}


@pytest.mark.parametrize(
    ("reader", "tags", "expected"),
    [
        ("fr", ["en", "fr", "it"], ["fr", "en", "it"]),
        ("fr", ["it", "fr-CA", "en-GB"], ["fr-CA", "en-GB", "it"]),
        ("fr", ["fr-CA", "fr"], ["fr", "fr-CA"]),
        ("zh-hans", ["zh-Hant", "en", "zh-Hans"], ["zh-Hans", "zh-Hant", "en"]),
        ("zh-hans", ["zh-Hant", "zh-CN", "en"], ["zh-CN", "zh-Hant", "en"]),
        ("en", ["sw", "en-IN", "en"], ["en", "en-IN", "sw"]),
        ("fr", ["", "en"], ["en", ""]),
    ],
)
def test_the_readers_language_comes_first_then_english(reader, tags, expected):
    assert [card["language"] for card in order_for_reader(map(_card, tags), reader)] == expected


def test_the_original_comes_first_where_neither_is_there():
    cards = [_card("de"), _card("it", original=True), _card("ar")]
    assert [card["language"] for card in order_for_reader(cards, "fr")] == ["it", "ar", "de"]


def test_a_selection_is_satisfied_by_one_value_of_each_facet():
    edition = {"language": ["fr"], "subject": ["physics", "mechanics"], "licence": []}

    def satisfied(**selections):
        return satisfies(edition, SearchRequest(selections=selections))

    assert satisfied()
    assert satisfied(language=("en", "fr"), subject=("mechanics",))
    assert not satisfied(language=("fr",), licence=("CC0-1.0",))
    assert not satisfied(year=("2024",))
    assert satisfied(year=())


def test_a_range_is_satisfied_by_a_band_or_by_what_it_overlaps():
    edition = {"age": ["6-8", "9-11"], "age_range": [{"gte": 8, "lte": 10}], "duration": [], "duration_range": []}

    def satisfied(**selections):
        return satisfies(edition, SearchRequest(selections=selections))

    assert satisfied(age=("9-11",))
    assert satisfied(age=("12-14", "10-20"))
    assert satisfied(age=("5-",))
    assert not satisfied(age=("12-14", "11-11"))
    assert not satisfied(duration=("0-",))
    assert satisfies({"age_range": [{"gte": 16}]}, SearchRequest(selections={"age": ("40-50",)}))


def test_an_edition_is_new_from_the_beginning_of_the_day_asked_for():
    edition = {"published": "2025-11-03T00:00:00+00:00"}
    assert satisfies(edition, SearchRequest(since=dt.date(2025, 11, 3)))
    assert not satisfies(edition, SearchRequest(since=dt.date(2025, 11, 4)))
