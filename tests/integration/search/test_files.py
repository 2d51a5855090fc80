"""What stands only in a file finds its resource, as long as everybody may have the file."""

import datetime as dt

import pytest

from catalogue.models import ResourceFile, ResourcePage
from core import clock, jobs
from search import checking, embargoes, sync, vectors
from search.services import search
from search.types import SearchRequest
from tests.factories import documents
from tests.factories.catalogue import make_resource, revise
from tests.factories.media import make_object
from tests.reading import titles

pytestmark = pytest.mark.django_db

SENTENCE = "Die Gletscherspalten werden mit Seilen vermessen"
FILES = [
    ("blatt.pdf", documents.pdf(SENTENCE)),
    ("blatt.docx", documents.docx(SENTENCE)),
    ("film.srt", documents.srt(SENTENCE)),
]


@pytest.fixture
def stored():
    """Store a file and let the worker read it."""

    def stored(body, filename="notes.txt"):
        made = make_object(body=body, filename=filename)
        while jobs.run_due(10):
            pass
        return made

    return stored


@pytest.mark.parametrize(("filename", "body"), FILES, ids=[name for name, _body in FILES])
def test_a_word_that_stands_only_in_a_file_finds_the_resource(filename, body, find, stored):
    make_resource(title="Eis und Berge", language="de", files=[stored(body, filename)])
    make_resource(title="Etwas anderes", language="de")
    for words in ("Gletscherspalte", "gletscherspalten seil", "Gletscherspalten Berg"):
        results = find(words)
        assert titles(results) == ["Eis und Berge"], words
        assert results.hits[0].matched_by == ("words",)
    assert "<mark>" in find("Gletscherspalte").hits[0].highlight


def test_what_the_record_says_stands_above_what_a_file_says_and_likeness_below(find, stored):
    long = "Water flows and people look at it from a bridge. " * 400
    make_resource(title="Long reading", abstract="About rivers.", files=[stored((long + "hovercraft").encode())])
    make_resource(title="Hovercraft in the gym", abstract="A board glides on air.", files=[stored((long * 2).encode())])
    make_resource(title="Air cushions", abstract="How a vehicle glides on a cushion of air over water and land.")
    sync.catch_up()
    while vectors.encode_lacking():
        sync.catch_up()
    assert titles(search(SearchRequest(q="hovercraft")))[:2] == ["Hovercraft in the gym", "Long reading"]


def test_the_snippet_is_safe_and_the_records_own_words_come_first(find, stored):
    make_resource(title="Foam", abstract="A calm text.", files=[stored(b"A note about <b>zygomorphic</b> flowers & bees.")])
    highlight = find("zygomorphic").hits[0].highlight
    assert "<b>" not in highlight
    assert "<mark>zygomorphic</mark>" in highlight
    make_resource(title="Bees", abstract="Quaternary bees.", files=[stored(b"Other quaternary things.")])
    assert "bees" in find("quaternary").hits[0].highlight


def test_a_meaning_that_stands_only_in_a_file_is_found_in_another_language(find, stored):
    make_resource(
        title="Bei uns im Keller",
        abstract="Ein Nachmittag mit Kindern.",
        language="de",
        files=[stored("Eine Rakete aus einer Wasserflasche bauen und mit der Luftpumpe in die Höhe schießen.".encode())],
    )
    find()
    while vectors.encode_lacking():
        sync.catch_up()
    assert titles(search(SearchRequest(q="build a rocket from a water bottle"))) == ["Bei uns im Keller"]


@pytest.mark.parametrize(
    "withheld",
    [{"access": "members"}, {"access": "agreement"}, {"embargo_until": dt.date(2100, 1, 1)}],
    ids=["members", "agreement", "embargo"],
)
def test_nothing_leaks_of_files_that_not_everybody_may_have(withheld, find, stored):
    file = stored(b"The prize question is zygomorphic.")
    edition = make_resource(title="Quiz", files=[file], **withheld)
    assert find("zygomorphic").count == 0
    sync.catch_up()
    while vectors.encode_lacking():
        sync.catch_up()
    texts = vectors.texts_of_all(ResourcePage.objects.filter(pk=edition.pk))
    assert not any("zygomorphic" in part for text in texts for part in text)
    make_resource(title="Open quiz", files=[file])
    assert titles(find("zygomorphic")) == ["Open quiz"]


def test_a_draft_s_file_is_not_searched(find, stored):
    edition = make_resource(title="Quiz", files=[])
    draft = revise(edition)
    page = draft.as_object()
    page.files.set([ResourceFile(stored_object=stored(b"zygomorphic"))])
    page.save_revision()
    assert find("zygomorphic").count == 0


def test_words_go_with_the_file_and_with_the_access(find, stored):
    edition = make_resource(title="Quiz", files=[stored(b"zygomorphic")])
    assert find("zygomorphic").count == 1
    revise(edition, access="members").publish()
    assert find("zygomorphic").count == 0
    revise(edition, access="public").publish()
    assert find("zygomorphic").count == 1
    draft = edition.get_latest_revision_as_object()
    draft.files.set([])
    draft.save_revision().publish()
    assert find("zygomorphic").count == 0


def test_words_that_are_read_later_are_found_without_a_change_of_the_record(find):
    make_resource(title="Quiz", files=[make_object(body=b"zygomorphic", filename="a.txt")])
    assert find("zygomorphic").count == 0
    while jobs.run_due(10):
        pass
    assert find("zygomorphic").count == 1


def test_when_an_embargo_ends_the_clock_lets_its_files_be_found(find, stored):
    with clock.travel(dt.datetime(2027, 2, 28, 12, tzinfo=dt.UTC)):
        make_resource(title="Quiz", files=[stored(b"zygomorphic")], embargo_until=dt.date(2027, 3, 1))
        assert find("zygomorphic").count == 0
        assert embargoes.look_for_ended() == 0
    with clock.travel(dt.datetime(2027, 3, 5, 12, tzinfo=dt.UTC)):  # the worker was away for some days
        assert embargoes.look_for_ended() == 1
        assert embargoes.look_for_ended() == 0
        assert find("zygomorphic").count == 1


def test_a_deep_check_finds_the_index_as_it_should_be(find, stored):
    make_resource(title="Quiz", files=[stored(b"zygomorphic")])
    find()
    while vectors.encode_lacking():
        sync.catch_up()
    assert [page.differences for page in checking.check(deep=True)] == [()]
