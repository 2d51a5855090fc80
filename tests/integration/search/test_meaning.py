"""Meaning beside words: what is found by it, what stands above it, and that words work without it."""

import pytest

from catalogue import publishing
from search import encoders, sync, vectors
from search.models import TextVector, WorkSync
from search.services import search
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_user
from tests.reading import titles

pytestmark = [pytest.mark.index, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live_index")]

KIT = {
    "title": "Costruire un razzo ad acqua",
    "abstract": "Con una bottiglia, acqua e una pompa da bicicletta i ragazzi fanno un razzo e misurano quanto vola in alto.",
    "language": "it",
}
"""A kit on water rockets that only speaks Italian."""
OTHERS = [
    {
        "language": "fr",
        "title": "Les ombres chinoises",
        "abstract": "Un théâtre d'ombres avec une lampe et du carton : la lumière.",
    },
    {"language": "en", "title": "Bread and yeast", "abstract": "Why dough rises: children bake bread and look at yeast in a microscope."},
    {
        "language": "de",
        "title": "Steine aus dem Bach",
        "abstract": "Wir sammeln Kiesel am Ufer und bestimmen ihr Gestein.",
    },
]
NONSENSE = ["xqzv blorf wnngh", "ghjkl asdf qwerty", "zzzz", "рывапро лдж", "tgbnhyujm 77", "пщшвщ", "qqq www eee", "vbnm fghj"]


@pytest.fixture
def library(find):
    works = [make_resource(**fields) for fields in [KIT, *OTHERS]]
    sync.catch_up()
    assert vectors.encode_lacking()
    sync.catch_up()
    return works


QUESTIONS = ["用水做火箭", "build a rocket from a water bottle", "ракета из бутылки с водой", "صاروخ مائي", "ペットボトルロケット"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_in_another_language_finds_the_italian_kit(library, question):
    hit = search(SearchRequest(q=question, language="en")).hits[0]
    assert hit.title == KIT["title"]
    assert (hit.matched_by, hit.meaning_language) == (("meaning",), "it")


def test_a_detail_of_a_long_text_is_found_and_so_is_the_language_it_stands_in(library):
    fill = "<p>Prima si preparano i tavoli, poi si dividono i ragazzi in gruppi di quattro e si spiega come lavorare insieme.</p>" * 6
    detail = (
        "<p>D'inverno le api si stringono in un glomere per scaldarsi. Per non farle gelare l'alveare si copre con paglia e resta "
        "aperta solo una fessura: così le api passano il freddo.</p>"
    )
    title, abstract = "Una giornata in campagna", "Un programma per le scuole: orto, cucina e giochi all'aperto."
    edition = make_resource(title=title, abstract=abstract, language="it", body=fill + detail + fill)
    make_resource(
        title="Ein Tag auf dem Land",
        abstract="Ein Programm für Schulen.",
        language="de",
        body="<p>Wir essen zusammen.</p>",
        translation_of=edition,
    )
    sync.catch_up()
    while vectors.encode_lacking():
        sync.catch_up()
    hit = search(SearchRequest(q="冬天怎样保护蜜蜂不受冻", language="en")).hits[0]
    assert hit.id == edition.work_id
    assert (hit.matched_by, hit.meaning_language) == (("meaning",), "it")


def test_the_switch_leaves_words_alone(library):
    assert search(SearchRequest(q="用水做火箭", words_only=True)).count == 0
    both, alone = search(SearchRequest(q="razzo")), search(SearchRequest(q="razzo", words_only=True))
    assert titles(alone) == [KIT["title"]]
    assert both.hits[0].matched_by == ("words", "meaning")
    assert alone.hits[0].matched_by == ("words",)


@pytest.mark.parametrize("question", NONSENSE)
def test_nonsense_finds_nothing(library, question):
    assert titles(search(SearchRequest(q=question))) == []


def test_a_work_that_holds_the_words_stands_above_what_is_only_alike(library):
    far = make_resource(
        title="A history of the town hall",
        abstract="Who built it, who paid, and why its clock is wrong. Its cellar once kept a rocket made of a bottle of water, for a fair.",
    )
    sync.catch_up()
    results = search(SearchRequest(q="rocket bottle water"))
    assert titles(results)[:2] == [far.title, KIT["title"]]
    assert "meaning" in results.hits[1].matched_by


def test_words_are_found_before_the_meaning_is_there(find):
    edition = make_resource(**KIT)
    sync.catch_up()
    assert titles(search(SearchRequest(q="razzo"))) == [KIT["title"]]
    assert search(SearchRequest(q="water rocket")).count == 0
    assert WorkSync.objects.get(work_id=edition.work_id).lacks_meaning
    vectors.encode_lacking()
    sync.catch_up()
    assert titles(search(SearchRequest(q="water rocket"))) == [KIT["title"]]
    assert not WorkSync.objects.get(work_id=edition.work_id).lacks_meaning
    assert not vectors.encode_lacking()


def test_a_text_is_encoded_once(library, monkeypatch):
    before = TextVector.objects.count()
    monkeypatch.setattr(vectors, "edition_vector", lambda *_: pytest.fail("encoded again"))
    twin = make_resource(**KIT)
    sync.catch_up()
    assert TextVector.objects.count() == before
    assert not WorkSync.objects.get(work_id=twin.work_id).lacks_meaning
    assert search(SearchRequest(q="用水做火箭")).count == 2


def test_selections_do_not_change_what_matches(library):
    results = search(SearchRequest(q="用水做火箭"))
    languages = {value.value: value.count for value in next(facet for facet in results.facets if facet.name == "language").values}
    assert languages["it"] == 1
    for language, count in languages.items():
        assert search(SearchRequest(q="用水做火箭", selections={"language": (language,)})).count == count


def test_a_withdrawn_work_is_not_found_by_its_meaning(library):
    publishing.withdraw(library[0], reason="It leaked.", by=make_user("secretariat"))
    sync.catch_up()
    assert KIT["title"] not in titles(search(SearchRequest(q="用水做火箭")))


class Broken(encoders.UniversalSentenceEncoder):
    """An encoder whose model is lost."""

    def __init__(self):
        raise OSError("weights.npz is not there")


@pytest.fixture
def broken_encoder(settings, monkeypatch):
    monkeypatch.setitem(encoders.ENCODERS, settings.SEARCH_ENCODER, Broken)
    encoders._load.cache_clear()
    yield
    encoders._load.cache_clear()


def test_words_work_while_the_encoder_does_not(library, broken_encoder):
    results = search(SearchRequest(q="razzo"))
    assert titles(results) == [KIT["title"]]
    assert results.hits[0].matched_by == ("words",)
    assert search(SearchRequest(q="用水做火箭")).count == 0
    edition = make_resource(title="Il vulcano in cucina", abstract="Aceto e bicarbonato", language="it")
    sync.catch_up()
    assert titles(search(SearchRequest(q="vulcano"))) == [edition.title]
    assert not vectors.encode_lacking()
    assert WorkSync.objects.get(work_id=edition.work_id).lacks_meaning


def test_words_work_in_an_index_made_for_another_encoder(library, monkeypatch):
    monkeypatch.setattr("search.services.question_vector", lambda _text: (1.0, 0.0))
    results = search(SearchRequest(q="razzo"))
    assert titles(results) == [KIT["title"]]


def test_a_text_that_cannot_be_encoded_holds_nobody_up(library, monkeypatch):
    real = vectors.edition_vector

    def one_fails(model, title, abstract):
        if title == "Brutto":
            raise ValueError("no such text")
        return real(model, title, abstract)

    monkeypatch.setattr(vectors, "edition_vector", one_fails)
    bad = make_resource(title="Brutto", abstract="Non va", language="it")
    good = make_resource(title="Il vulcano in cucina", abstract="Aceto e bicarbonato fanno una schiuma come di lava", language="it")
    sync.catch_up()
    vectors.encode_lacking()
    sync.catch_up()
    assert not WorkSync.objects.filter(lacks_meaning=True).exists()
    assert titles(search(SearchRequest(q="volcano in the kitchen")))[0] == good.title
    assert titles(search(SearchRequest(q="brutto"))) == [bad.title]


def test_beside_what_is_close_the_far_is_left_out(library):
    make_resource(title="Wie ein Dynamo Strom macht", abstract="Ein Magnet dreht sich in einer Spule.", language="de", subjects=[])
    make_resource(title="I colori delle bolle di sapone", abstract="Perché sono colorate?", language="it", subjects=[])
    sync.catch_up()
    assert vectors.encode_lacking()
    sync.catch_up()
    assert titles(search(SearchRequest(q="how soap bubbles get their colours"))) == ["I colori delle bolle di sapone"]
