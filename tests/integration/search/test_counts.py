"""What every count on the search page promises, held against searches and against the rows of the database.

Sixty works, a few hundred questions drawn by lot: words of several languages or none, any selections, ranges of the reader's own.
"""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import Access, ResourcePage
from catalogue.vocabulary import Audience, Licence, ResourceType, Subject
from search import index, rebuild, services
from search.facet_kinds import Span
from search.facets import FACETS, FACETS_BY_NAME, RANGE_FACETS
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

pytestmark = [pytest.mark.index, pytest.mark.django_db]

WORDS = {
    "en": ["soap bubbles", "volcano", "magnets", "the night sky"],
    "fr": ["bulles de savon", "volcan", "aimants", "le ciel étoilé"],
    "it": ["bolle di sapone", "vulcano", "calamite", "il cielo notturno"],
    "de": ["Seifenblasen", "Vulkan", "Magnete", "der Nachthimmel"],
    "zh-Hans": ["肥皂泡", "火山", "磁铁", "夜空"],
    "ar": ["فقاعات الصابون", "بركان", "مغناطيس", "سماء الليل"],
}
QUESTIONS = ["", *(words for of_language in WORDS.values() for words in of_language), "volcano magnets", "surface tension", "zzzz"]
EXAMPLES = 200
RANGES = {facet.name: facet for facet in RANGE_FACETS}


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker):
    """Sixty works with one to five editions, made once for the module; their rows are taken out again at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        lot = random.Random(4)  # noqa: S311 - no secret
        _make_works(lot)
        index.delete(index.ours())
        rebuild.rebuild()
        yield _rows()
        index.delete(index.ours())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_index_left():
    """Takes the place of the one that empties the index before each test: here one index serves all."""


def _make_works(lot):
    institutions = [make_institution(country=country) for country in ("GB", "KE", "CN", "GB", "IT", "MX")]
    subjects, types, audiences, licences = (list(model.objects.all()) for model in (Subject, ResourceType, Audience, Licence))

    def edition(of, subject_of_words):
        language = lot.choice(list(WORDS))
        young = lot.choice([None, None, lot.randint(3, 18)])
        old = lot.choice([None, (young or 4) + lot.randint(0, 9)])
        make = {
            "title": WORDS[language][subject_of_words],
            "language": language,
            "licence": lot.choice(licences[:4]),
            "resource_type": lot.choice(types[:5]),
            "subjects": lot.sample(subjects, lot.randint(0, 3)),
            "audience": lot.sample(audiences, lot.randint(0, 2)),
            "access": lot.choice(Access.values),
            "year": lot.choice([2019, 2020, 2021, None]),
            "age_min": young,
            "age_max": old,
            "duration_minutes": lot.choice([None, 5, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480, 2880]),
            "publish": lot.random() < 0.9,
            "translation_of": of,
        }
        return make_resource(lot.choice(institutions), **make)

    for _ in range(60):
        topic = lot.randrange(4)
        original = edition(None, topic)
        for _ in range(lot.choice([0, 0, 1, 1, 2, 4])):
            edition(original, topic)


def _rows():
    """Return (work, {facet: values, or (lowest, highest) pairs}) for each published edition, read from the tables and not by our facets."""
    parents = dict(Subject.objects.values_list("slug", "parent__slug"))

    def upwards(slug):
        return {slug, *(upwards(parents[slug]) if parents[slug] else ())}

    def ages(page):
        if page.age_min is not None or page.age_max is not None:
            return [(page.age_min or 0, page.age_max or 999)]
        limits = page.audience.values_list("age_min", "age_max")
        return [(low or 0, high or 999) for low, high in limits if low is not None or high is not None]

    return [
        (
            page.work_id,
            {
                "resource_type": {page.resource_type.slug},
                "subject": {slug for term in page.subjects.all() for slug in upwards(term.slug)},
                "language": {page.language},
                "audience": {term.slug for term in page.audience.all()},
                "age": ages(page),
                "duration": [(page.duration_minutes, page.duration_minutes)] if page.duration_minutes else [],
                "licence": {page.licence.slug},
                "access": {page.access},
                "institution": {page.institution.slug},
                "country": {page.institution.country},
                "year": {str(page.year)} if page.year else set(),
            },
        )
        for page in ResourcePage.objects.live()
    ]


def _fits(row, name, value):
    if name not in RANGES:
        return value in row[name]
    low, _dash, high = value.partition("-")
    return any(lowest <= int(high or 999_999) and int(low) <= highest for lowest, highest in row[name])


def _works(rows, selections):
    """Return the works of which one edition has, for every facet selected, one of the values."""
    return {work for work, row in rows if all(any(_fits(row, name, value) for value in values) for name, values in selections.items())}


def _selections(rows):
    """Return a strategy: up to four facets, each with one to three values that occur, or ranges, offered or not."""

    def values_of(facet):
        if facet.name in RANGES:
            typed = st.tuples(st.integers(0, 20), st.none() | st.integers(0, 60)).map(
                lambda ends: str(Span(ends[0], None if ends[1] is None else ends[0] + ends[1]))
            )
            return st.sampled_from([str(band) for band in facet.bands]) | typed
        return st.sampled_from(sorted({value for _work, row in rows for value in row[facet.name]}))

    chosen = st.lists(st.sampled_from(FACETS), max_size=4, unique_by=lambda facet: facet.name)
    one_of = {facet.name: st.lists(values_of(facet), min_size=1, max_size=3, unique=True).map(tuple) for facet in FACETS}
    return chosen.flatmap(lambda facets: st.fixed_dictionaries({facet.name: one_of[facet.name] for facet in facets}))


def _drawn(examples, **strategies):
    """Run a check for values drawn by lot, always the same lot. A failure is shown as drawn: to simplify it takes minutes of searching."""
    usual = settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
    )

    def run(check):
        usual(given(**strategies)(check))()

    return run


def test_choosing_a_value_gives_as_many_works_as_its_count_promised(catalogue):
    """Each example asks once, then chooses values one by one: every selected one, and one of each of four facets."""

    def check(q, selections, lot):
        results = services.search(SearchRequest(q=q, selections=selections, page_size=1))
        assert {facet.name: {value.value for value in facet.selected} for facet in results.facets if facet.selected} == {
            name: set(values) for name, values in selections.items()
        }
        tried = [(facet.name, value) for facet in results.facets for value in facet.selected]
        tried += [(facet.name, lot.choice(facet.values)) for facet in lot.sample(results.facets, 4) if facet.values]
        for name, value in tried:
            chosen = services.search(SearchRequest(q=q, selections={**selections, name: (value.value,)}, page_size=1))
            assert chosen.count == value.count, (name, value)

    drawn = {"q": st.sampled_from(QUESTIONS), "selections": _selections(catalogue), "lot": st.randoms(use_true_random=False)}
    _drawn(EXAMPLES, **drawn)(check)


def test_without_a_question_every_count_is_that_of_the_database(catalogue):
    def check(selections):
        results = services.search(SearchRequest(selections=selections, page_size=1))
        assert results.count == len(_works(catalogue, selections))
        for facet, result in zip(FACETS, results.facets, strict=True):
            values = set(selections.get(facet.name, ()))
            if facet.name in RANGES:
                values |= {str(band) for band in facet.bands}
            else:
                values |= {value for _work, row in catalogue for value in row[facet.name]}
            expected = {value: len(_works(catalogue, {**selections, facet.name: (value,)})) for value in values}
            shown = {value.value: value.count for value in result.values}
            assert {value: n for value, n in shown.items() if n} == {value: n for value, n in expected.items() if n}, facet.name

    _drawn(EXAMPLES, selections=_selections(catalogue))(check)


def test_with_a_question_the_counts_are_those_of_the_works_it_finds(catalogue):
    """What is found is told by the question alone, so the rows of those works give every count under any selection."""
    found = {q: {hit.id for hit in services.search(SearchRequest(q=q, page_size=100)).hits} for q in QUESTIONS}
    assert len(found[""]) > len(found["volcano"]) > 0

    def check(q, selections):
        rows = [(work, row) for work, row in catalogue if work in found[q]]
        results = services.search(SearchRequest(q=q, selections=selections, page_size=10))
        matching = _works(rows, selections)
        assert results.count == len(matching)
        assert {hit.id for hit in results.hits} <= matching
        for facet in results.facets:
            for value in facet.values:
                assert value.count == len(_works(rows, {**selections, facet.name: (value.value,)})), (facet.name, value.value)

    _drawn(EXAMPLES, q=st.sampled_from(QUESTIONS), selections=_selections(catalogue))(check)


def test_every_value_that_is_offered_is_known(catalogue):
    for facet in services.search(SearchRequest(page_size=1)).facets:
        values = {value.value for value in facet.values}
        assert values
        assert FACETS_BY_NAME[facet.name].known(values) == values


def test_every_language_is_asked_in_and_every_kind_of_row_is_there(catalogue):
    """The lot is rich enough: works of several languages, ages stated and unstated, works without a length."""
    languages = {}
    for work, row in catalogue:
        languages.setdefault(work, set()).update(row["language"])
    assert len(languages) > 50
    assert max(map(len, languages.values())) >= 3
    assert {tag for tags in languages.values() for tag in tags} == set(WORDS)
    for name in RANGES:
        assert {len(row[name]) for _work, row in catalogue} >= {0, 1}
    assert any(len(row["age"]) > 1 for _work, row in catalogue)
