"""What each facet offers, in which order and in whose words. test_counts.py proves the numbers beside it."""

import pytest

from core.errors import InvalidInputError
from search import services
from search.facet_kinds import MAX_TYPED_RANGES
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution
from tests.reading import counts

pytestmark = [pytest.mark.index, pytest.mark.django_db]


class TestShown:
    def test_a_subject_holds_what_lies_below_it(self, find):
        make_resource(subjects=["solar-system"])
        assert counts(find(), "subject") == {"astronomy-and-space": 1, "solar-system": 1}
        assert find(selections={"subject": ("astronomy-and-space",)}).count == 1

    def test_subjects_come_as_a_tree(self, find):
        make_resource(subjects=["solar-system"])
        make_resource(subjects=["mechanics"])
        make_resource(subjects=["mechanics"])
        facet = next(facet for facet in find().facets if facet.name == "subject")
        assert [(value.value, value.depth) for value in facet.values] == [
            ("astronomy-and-space", 0),
            ("solar-system", 1),
            ("physics", 0),
            ("mechanics", 1),
        ]

    def test_the_most_frequent_come_first_and_years_newest_first(self, find):
        for language, year in [("fr", 2020), ("fr", 2022), ("it", 2021)]:
            make_resource(language=language, year=year)
        assert list(counts(find(), "language")) == ["fr", "it"]
        assert list(counts(find(), "year")) == ["2022", "2021", "2020"]

    def test_labels_are_in_the_readers_language(self, find):
        make_resource(make_institution(country="DE", name="Festspiele", names={"fr": "Fêtes"}), language="pt-BR", duration_minutes=45)
        shown = {
            language: {facet.name: facet.values[0].label for facet in find(language=language).facets}
            for language in ("en", "fr", "zh-hans")
        }
        assert shown["en"]["language"] == "Portuguese (Brazil)"
        assert shown["fr"]["country"] == "Allemagne"
        assert shown["zh-hans"]["country"] == "德国"
        assert shown["zh-hans"]["subject"] == "物理"
        assert (shown["en"]["age"], shown["en"]["duration"]) == ("6–8 years", "30–60 minutes")
        assert (shown["en"]["institution"], shown["fr"]["institution"]) == ("Festspiele", "Fêtes")

    def test_a_selected_value_of_which_nothing_is_left_is_still_there(self, find):
        make_resource(language="en")
        facet = next(facet for facet in find(selections={"language": ("fr",)}).facets if facet.name == "language")
        assert [(value.value, value.count, value.selected) for value in facet.selected] == [("fr", 0, True)]

    def test_a_selected_subject_of_which_nothing_is_left_stands_below_those_above_it(self, find):
        make_resource(subjects=["mechanics"])
        facet = next(facet for facet in find(selections={"subject": ("solar-system",)}).facets if facet.name == "subject")
        assert [(value.value, value.depth, value.count) for value in facet.values] == [
            ("astronomy-and-space", 0, 0),
            ("solar-system", 1, 0),
            ("physics", 0, 1),
            ("mechanics", 1, 1),
        ]


class TestRanges:
    def test_an_edition_is_in_every_band_that_it_overlaps(self, find):
        make_resource(age_min=8, age_max=12)
        make_resource(age_min=16, age_max=None)
        make_resource(age_min=None, age_max=4)
        assert counts(find(), "age") == {"0-5": 1, "6-8": 1, "9-11": 1, "12-14": 1, "15-17": 1, "18-": 1}

    def test_where_no_ages_are_stated_those_of_the_audiences_count(self, find):
        make_resource(audience=["early-years", "upper-secondary"])
        make_resource(audience=["primary"], age_min=14, age_max=14)
        make_resource(audience=["families"])
        assert counts(find(), "age") == {"0-5": 1, "12-14": 1, "15-17": 1, "18-": 1}
        assert find(selections={"age": ("9-13",)}).count == 0

    def test_a_range_of_ones_own_is_found_by_overlap_and_is_a_choice_with_its_count(self, find):
        make_resource(age_min=8, age_max=12)
        make_resource(age_min=13, age_max=15)
        results = find(selections={"age": ("10-11",)})
        assert results.count == 1
        assert counts(results, "age") == {"6-8": 1, "9-11": 1, "10-11": 1, "12-14": 2, "15-17": 1}
        assert find(selections={"age": ("10-11", "15-17")}).count == 2
        assert find(selections={"age": ("12-13",)}).count == 2
        assert find(selections={"age": ("16-",)}).count == 0

    def test_age_and_duration_are_those_of_the_same_edition(self, find):
        original = make_resource(age_min=6, age_max=8, duration_minutes=20)
        make_resource(translation_of=original, language="fr", age_min=12, age_max=14, duration_minutes=90)
        assert find(selections={"age": ("6-8",), "duration": ("15-30",)}).count == 1
        assert find(selections={"age": ("7-7",), "duration": ("80-100",)}).count == 0
        assert find(selections={"age": ("13-13",), "duration": ("80-100",)}).hits[0].language == "fr"

    def test_half_an_hour_is_in_both_bands_that_it_bounds(self, find):
        make_resource(duration_minutes=30)
        make_resource(duration_minutes=None)
        make_resource(duration_minutes=7 * 24 * 60)
        assert counts(find(), "duration") == {"15-30": 1, "30-60": 1, "240-": 1}

    def test_choices_come_in_order_with_words(self, find):
        make_resource(age_min=3, age_max=30, duration_minutes=60)
        results = find(selections={"age": ("7-7", "10-"), "duration": ("45-90",)}, language="en")
        labels = {facet.name: [value.label for value in facet.values] for facet in results.facets}
        assert labels["age"] == [
            "up to 5 years",
            "6–8 years",
            "7 years",
            "9–11 years",
            "10 years and over",
            "12–14 years",
            "15–17 years",
            "18 years and over",
        ]
        assert labels["duration"] == ["30–60 minutes", "45–90 minutes", "1–2 hours"]

    def test_nobody_may_ask_for_very_many_ranges(self, find):
        many = tuple(f"{low}-{low}" for low in range(MAX_TYPED_RANGES))
        assert find(selections={"age": many}).count == 0
        with pytest.raises(InvalidInputError, match="at most 10 ranges"):
            find(selections={"age": (*many, "50-60")})


class TestKnownValues:
    @pytest.mark.parametrize(
        ("name", "known", "unknown"),
        [
            ("resource_type", "poster", "painting"),
            ("subject", "physics", "alchemy"),
            ("audience", "primary", "martians"),
            ("language", "pt-BR", "klingonish-x"),
            ("language", "fr", "FR"),
            ("licence", "CC-BY-4.0", "cc-by"),
            ("access", "members", "all"),
            ("institution", "severnside", "nowhere"),
            ("country", "KE", "kenya"),
            ("country", "FR", "QQQ"),
            ("year", "2024", "MMXXIV"),
            ("year", "2024", "٢٠٢٤"),
            ("age", "8-11", "11-8"),
            ("age", "18-", "18"),
            ("age", "0-120", "0-121"),
            ("age", "8-11", "08-11"),
            ("age", "8-", "-8"),
            ("duration", "30-60", "٣٠-٦٠"),
            ("duration", "0-10000000", "0-99999999999999999999"),
            ("colour", None, "red"),
        ],
    )
    def test_they_are_told_from_unknown_ones(self, db, name, known, unknown):
        make_institution(slug="severnside")
        asked = tuple(value for value in (known, unknown, known) if value)
        expected = ({name: (known,)} if known else {}, {name: (unknown,)})
        assert services.check_selections({name: asked}) == expected
