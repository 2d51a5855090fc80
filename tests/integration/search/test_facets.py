"""Facets against brute force over the database: every count is exact, whatever is selected."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.models import Access
from catalogue.selectors import published_editions
from catalogue.vocabulary import Audience, Licence, ResourceType, Subject
from search import rebuild, services
from search.facets import FACETS, FACETS_BY_NAME
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution
from tests.reading import counts

pytestmark = pytest.mark.django_db

LANGUAGES = ["en", "fr", "zh-Hans", "it"]
WORDS = ["volcano", "magnet", "bubble"]


@pytest.fixture
def network(db):
    """Some forty editions of works with one to four, their terms drawn by lot (always the same lot)."""
    lot = random.Random(7)  # noqa: S311 - no secret
    institutions = [make_institution(country=country) for country in ("GB", "KE", "CN", "GB")]
    subjects = list(Subject.objects.filter(parent__isnull=False)[:5]) + list(Subject.objects.filter(parent__isnull=True)[:2])
    vocabulary = {model: list(model.objects.all()[:3]) for model in (ResourceType, Audience, Licence)}

    def edition(original):
        return make_resource(
            lot.choice(institutions),
            title=" ".join(lot.sample(WORDS, lot.randint(1, 2))),
            language=lot.choice(LANGUAGES),
            licence=lot.choice(vocabulary[Licence]),
            resource_type=lot.choice(vocabulary[ResourceType]),
            subjects=lot.sample(subjects, lot.randint(0, 2)),
            audience=lot.sample(vocabulary[Audience], lot.randint(0, 2)),
            access=lot.choice(Access.values),
            year=lot.choice([2020, 2021, None]),
            publish=lot.random() < 0.9,
            translation_of=original,
        )

    for _ in range(16):
        original = edition(None)
        for _ in range(lot.choice([0, 0, 1, 2, 3])):
            edition(original)
    rebuild.rebuild()
    return [(e.work_id, e.title, {facet.name: set(facet.values_of(e)) for facet in FACETS}) for e in published_editions()]


def _selectable(network):
    """Return a strategy for selections: for some of the facets, one or two of the values that occur."""
    occurring = {facet.name: sorted({value for _work, _title, of in network for value in of[facet.name]}) for facet in FACETS}
    some = {name: st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(tuple) for name, values in occurring.items()}
    return st.fixed_dictionaries({}, optional=some)


def _works(network, selections, word):
    """Return the works that match: a word in one edition, the whole selection in one edition."""
    with_word = {work for work, title, _of in network if word in title.split()} if word else {work for work, _t, _of in network}
    return {
        work for work, _title, of in network if work in with_word and all(of[name] & set(values) for name, values in selections.items())
    }


def test_every_count_is_exact_and_choosing_a_value_gives_what_it_promised(network):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(selections=_selectable(network), word=st.sampled_from(["", *WORDS]))
    def check(selections, word):
        results = services.search(SearchRequest(q=word, selections=selections, page_size=100))
        assert {hit.id for hit in results.hits} == _works(network, selections, word)
        assert results.count == len(results.hits)
        for facet in FACETS:
            others = {name: values for name, values in selections.items() if name != facet.name}
            values = {value for _w, _t, of in network for value in of[facet.name]}
            expected = {value: len(_works(network, {**others, facet.name: (value,)}, word)) for value in values}
            shown = counts(results, facet.name)
            assert {v: n for v, n in shown.items() if n} == {v: n for v, n in expected.items() if n}, facet.name
            assert set(selections.get(facet.name, ())) <= set(shown)

    check()


def test_a_choice_gives_as_many_works_as_it_promised(network):
    results = services.search(SearchRequest(selections={"access": ("public",), "language": ("en", "fr")}))
    for facet in results.facets:
        others = {name: values for name, values in {"access": ("public",), "language": ("en", "fr")}.items() if name != facet.name}
        for value in facet.values:
            chosen = services.search(SearchRequest(selections={**others, facet.name: (value.value,)}))
            assert chosen.count == value.count, (facet.name, value.value)


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
        make_resource(make_institution(country="DE", name="Festspiele", names={"fr": "Fêtes"}), language="pt-BR")
        shown = {
            language: {facet.name: facet.values[0].label for facet in find(language=language).facets}
            for language in ("en", "fr", "zh-hans")
        }
        assert shown["en"]["language"] == "Portuguese (Brazil)"
        assert shown["fr"]["country"] == "Allemagne"
        assert shown["zh-hans"]["country"] == "德国"
        assert shown["zh-hans"]["subject"] == "物理"
        assert (shown["en"]["institution"], shown["fr"]["institution"]) == ("Festspiele", "Fêtes")

    def test_a_selected_value_of_which_nothing_is_left_is_still_there(self, find):
        make_resource(language="en")
        facet = next(facet for facet in find(selections={"language": ("fr",)}).facets if facet.name == "language")
        assert [(value.value, value.count, value.selected) for value in facet.selected] == [("fr", 0, True)]


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
            ("colour", None, "red"),
        ],
    )
    def test_they_are_told_from_unknown_ones(self, db, name, known, unknown):
        make_institution(slug="severnside")
        asked = tuple(value for value in (known, unknown, known) if value)
        expected = ({name: (known,)} if known else {}, {name: (unknown,)})
        assert services.check_selections({name: asked}) == expected

    def test_a_value_of_every_facet_that_is_offered_is_known(self, network):
        results = services.search(SearchRequest())
        for facet in results.facets:
            values = [value.value for value in facet.values]
            assert values
            assert FACETS_BY_NAME[facet.name].known(values) == set(values)
