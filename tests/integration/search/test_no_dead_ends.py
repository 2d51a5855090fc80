"""A search that finds nothing, or little, says how to go on: other spelling, a filter less, a word less; with counts that hold."""

import datetime as dt

import pytest

from catalogue.models import ResourcePage
from search import index, sync, vectors
from search.client import client as elasticsearch
from search.loosening import Ways
from search.services import search
from search.types import SearchRequest
from tests.factories.catalogue import make_resource, make_submitted

pytestmark = [pytest.mark.index, pytest.mark.django_db]


@pytest.fixture
def page(client, live_index):
    """Bring the index up to date and open an address of the search page; returns the response."""

    def page(query):
        sync.catch_up()
        return client.get(f"/en/search/{query}")

    return page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("telesocpe", "telescope"),
        ("telscope moon", "telescope moon"),
        ("Moon TELESCPOE!", "Moon telescope!"),
        ("kaleydoscop", "kaleidoscope"),
        ("telesocpe kaleidoscop", "telescope kaleidoscope"),
        ("electricte", "électricité"),
        ("uranas", "Uranus"),
        ("телексоп", "телескоп"),
    ],
)
def test_a_misspelt_word_is_proposed_as_it_is_written(typed, meant, find):
    make_resource(title="A telescope for the moon", abstract="The telescope is a kaleidoscope.")
    make_resource(title="Statique", abstract="Magnétisme et électricité.", language="fr")
    make_resource(title="Telling Uranus", abstract="")
    make_resource(title="Луна", abstract="Наш телескоп", language="ru")
    results = find(typed)
    assert results.suggestion == meant
    assert find(meant).count > results.count


def test_a_question_that_finds_enough_or_cannot_be_bettered_gets_no_proposal(find):
    for number in range(3):
        make_resource(title=f"Boat {number}")
    for number in range(30):
        make_resource(title=f"Boots {number}", abstract="")
    make_resource(title="Coat", abstract="")
    for words in ["boat", "coat", "boots", "xqzzv", "bt", "望远镜", "😀 boatz", "!!", "", "boat zzzzzzzz"]:
        assert find(words).suggestion is None, words


def test_a_rare_misspelling_in_the_catalogue_itself_is_seen_through(find):
    make_resource(title="A telesocpe", abstract="")
    for number in range(12):
        make_resource(title=f"Telescope {number}", abstract="")
    results = find("telesocpe")
    assert (results.count, results.suggestion) == (1, "Telescope")


def test_words_of_drafts_and_withdrawn_works_are_not_proposed(find):
    make_resource(publish=False, title="Kaleidoscope")
    make_submitted(title="Kaleidoscope")
    gone = make_resource(title="Telescope", abstract="")
    assert find("telesocpe").suggestion == "Telescope"
    gone.live = False
    gone.save()
    assert find("telesocpe").suggestion is None
    assert find("kaleidoscop").suggestion is None


def test_a_proposal_keeps_the_selections_and_finds_more_under_them(page):
    make_resource(title="Télescope", abstract="", language="fr")
    make_resource(title="Telescope", abstract="", language="en")
    response = page("?q=telesocpe&language=fr")
    assert response.context["suggestion_url"] == "/en/search/?q=T%C3%A9lescope&language=fr"
    assert 'Did you mean <a href="/en/search/?q=T%C3%A9lescope&amp;language=fr">Télescope</a>?' in response.content.decode()
    assert page("?q=telesocpe&language=de").context["results"].suggestion is None


def test_a_proposal_costs_a_request_only_where_the_words_find_little(find, monkeypatch):
    for number in range(3):
        make_resource(title=f"Boat {number}")
    find()
    asked = []
    there = type(elasticsearch()).msearch
    monkeypatch.setattr(type(elasticsearch()), "msearch", lambda self, **options: asked.append(options) or there(self, **options))
    search(SearchRequest(q="boat", words_only=True))  # by meaning another request is sent, for the floor
    assert asked == []
    search(SearchRequest(q="boatt", words_only=True))
    assert len(asked) == 2


def test_each_filter_that_stands_in_the_way_is_named_with_what_there_is_without_it(page):
    make_resource(title="Boats", language="fr", resource_type="game")
    make_resource(title="Boats", language="fr", resource_type="game")
    make_resource(title="Boats", language="th", resource_type="show")
    make_resource(title="Kites", abstract="", language="de", resource_type="experiment")
    response = page("?q=boats&language=th&language=de&resource_type=game&since=2020-01-01")
    assert response.context["results"].count == 0
    ways = response.context["ways"]
    assert [(way.label, way.count) for way in ways.filters] == [
        ("Without any filter", 3),
        ("Without “Language: German, Thai”", 2),
        ("Without “Type: Game”", 1),
    ]
    for way in ways.filters:
        assert page(way.url.removeprefix("/en/search/")).context["results"].count == way.count
    assert "Without “Language: German, Thai”</a>" in response.content.decode()


def test_a_day_that_stands_in_the_way_is_named(page):
    old = make_resource(title="Boats")
    ResourcePage.objects.filter(pk=old.pk).update(first_published_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    old.refresh_from_db()
    old.save()
    (way,) = page("?q=boats&since=2025-02-01").context["ways"].filters
    assert way.label == "Without “New since Feb. 1, 2025”"
    assert (way.url, way.count) == ("/en/search/?q=boats", 1)


def test_each_word_that_stands_in_the_way_is_named_with_what_there_is_without_it(page):
    make_resource(title="Volcano in a bottle", abstract="")
    make_resource(title="Volcano in winter", abstract="")
    make_resource(title="Zebra", abstract="", language="fr")
    response = page("?q=volcano+zebra")
    assert [(way.label, way.count) for way in response.context["ways"].words] == [
        ("Without the word “zebra”", 2),
        ("Without the word “volcano”", 1),
    ]
    for way in response.context["ways"].words:
        assert page(way.url.removeprefix("/en/search/")).context["results"].count == way.count
    with_filter = page("?q=volcano+zebra&language=fr").context["ways"]
    assert [(way.label, way.url, way.count) for way in with_filter.words] == [
        ("Without the word “volcano”", "/en/search/?q=zebra&language=fr", 1)
    ]
    assert with_filter.filters == ()


@pytest.fixture
def rocket(find):
    """A work that a question in English finds by its meaning alone, and a Thai one that it does not."""
    make_resource(title="Costruire un razzo ad acqua", abstract="Con una bottiglia e acqua i ragazzi fanno un razzo.", language="it")
    make_resource(title="ดอกไม้", abstract="", language="th")
    sync.catch_up()
    assert vectors.encode_lacking()


def test_counts_include_what_is_close_in_meaning(rocket, page):
    response = page("?q=build+a+water+rocket&language=th")
    assert [(way.label, way.count) for way in response.context["ways"].filters] == [("Without “Language: Thai”", 1)]
    (way,) = page("?q=build+a+water+rocket&words_only=1").context["ways"].filters
    assert (way.label, way.url, way.count) == ("With what is close in meaning", "/en/search/?q=build+a+water+rocket", 1)


def test_words_alone_are_counted_in_an_index_made_for_another_encoder(rocket, page, monkeypatch):
    monkeypatch.setattr("search.services.question_vector", lambda _text: (1.0, 0.0))
    response = page("?q=razzo&language=th")
    assert [(way.label, way.count) for way in response.context["ways"].filters] == [("Without “Language: Thai”", 1)]


def test_where_one_thing_less_is_not_enough_single_words_without_filters_are_offered(page):
    make_resource(title="Volcano in a bottle", abstract="", language="fr")
    make_resource(title="Volcano and zebra", abstract="", language="fr")
    response = page("?q=volcano+zebra+lion+tiger&language=th&resource_type=game")
    ways = response.context["ways"]
    assert (ways.filters, ways.words) == ((), ())
    assert [(way.label, way.url, way.count) for way in ways.little] == [
        ("“volcano”, without any filter", "/en/search/?q=volcano", 2),
        ("“zebra”, without any filter", "/en/search/?q=zebra", 1),
    ]
    (meant,) = page("?q=volcaon&language=th").context["ways"].little
    assert (meant.label, meant.url, meant.count) == ("“Volcano”, without any filter", "/en/search/?q=Volcano", 2)


def test_nothing_is_offered_that_finds_nothing_and_the_catalogue_always_is(page):
    make_resource()
    response = page("?q=" + "+".join(f"qqq{number}" for number in range(60)))
    assert response.context["ways"] == Ways((), (), ())
    assert "/en/catalogue/" in response.content.decode()
    assert page("").context["ways"] is None


def test_words_are_shown_as_text(page):
    make_resource(title="Boats", abstract="")
    assert "Without the word “&lt;script&gt;”" in page("?q=boats+%3Cscript%3E").content.decode()


def test_an_index_that_is_gone_is_said_and_not_taken_for_nothing(page):
    make_resource(title="Boats")
    page("?q=boats")
    index.delete(index.ours())
    assert page("?q=boats+zebra").status_code == 503
