"""Every search as an Atom feed: valid, newest first, told once, and honest about what is wrong."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation

from catalogue.models import ResourcePage
from search import feed, sync
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

pytestmark = [pytest.mark.index, pytest.mark.django_db]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def get(client, live_index):
    """Bring the index up to date and fetch a feed."""

    def get(query="", language="en", **headers):
        sync.catch_up()
        return client.get(f"/{language}/search/feed/{query}", headers=headers)

    return get


def parsed(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - our own


def titles(response):
    return [entry.findtext("a:title", namespaces=ATOM) for entry in parsed(response).findall("a:entry", ATOM)]


def test_an_entry_says_what_a_reader_needs(get, settings):
    settings.SITE_URL = "https://library.example"
    institution = make_institution(name="Severnside", names={"fr": "Rive de la Severn"})
    original = make_resource(institution, title="Soap boats", licence="CC-BY-SA-4.0", subjects=["physics"])
    atom = parsed(get("?q=soap", language="fr"))
    assert atom.findtext("a:id", namespaces=ATOM) == "https://library.example/fr/search/feed/?q=soap"
    assert atom.get(LANGUAGE) == "fr"
    links = {link.get("rel"): link.get("href") for link in atom.findall("a:link", ATOM)}
    assert links["self"] == "https://library.example/fr/search/feed/?q=soap"
    assert links["alternate"] == "https://library.example/fr/search/?q=soap&sort=newest"
    [entry] = atom.findall("a:entry", ATOM)
    assert entry.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{original.work_id}"
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Rive de la Severn"
    assert (entry.findtext("a:title", namespaces=ATOM), entry.get(LANGUAGE)) == ("Soap boats", "en")
    assert [category.get("term") for category in entry.findall("a:category", ATOM)] == ["Physique"]
    assert "CC BY-SA 4.0" in entry.findtext("a:rights", namespaces=ATOM)
    links = {link.get("rel"): link.get("href") for link in entry.findall("a:link", ATOM)}
    assert links["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert links["alternate"].startswith("https://library.example/fr/institutions/")
    for name, moment in (("published", original.first_published_at), ("updated", original.last_published_at)):
        assert dt.datetime.fromisoformat(entry.findtext(f"a:{name}", namespaces=ATOM)) == moment


def test_the_edition_is_that_of_the_language_and_texts_are_no_markup(get):
    original = make_resource(title="Soap boats")
    make_resource(title="Bateaux & savon <1>", language="fr", translation_of=original, abstract="De 5 < 7 <b>ans</b>")
    [entry] = parsed(get(language="fr")).findall("a:entry", ATOM)
    assert (entry.findtext("a:title", namespaces=ATOM), entry.get(LANGUAGE)) == ("Bateaux & savon <1>", "fr")
    summary = entry.find("a:summary", ATOM)
    assert (summary.get("type"), summary.text) == ("html", "De 5 &lt; 7 &lt;b&gt;ans&lt;/b&gt;")


def test_the_newest_come_first_and_older_ones_are_left_out(get, monkeypatch):
    monkeypatch.setattr(feed, "ENTRIES", 3)
    for day in (2, 4, 1, 3):
        edition = make_resource(title=f"Day {day}")
        ResourcePage.objects.filter(pk=edition.pk).update(first_published_at=dt.datetime(2026, 3, day, tzinfo=dt.UTC))
    assert titles(get("?sort=title")) == ["Day 4", "Day 3", "Day 2"]


def test_filters_narrow_it_and_one_whose_choice_is_gone_empties_it(get):
    make_resource(title="Savon", language="fr")
    make_resource(title="Soap")
    assert titles(get("?language=fr")) == ["Savon"]
    empty = get("?institution=festival-gone")
    assert titles(empty) == []
    assert parsed(empty).findtext("a:updated", namespaces=ATOM)


def test_an_unchanged_feed_is_not_sent_again(get):
    make_resource(title="Soap")
    first = get("?q=soap")
    assert get("?q=soap", **{"If-None-Match": first["ETag"]}).status_code == 304
    assert get("?q=soap", **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    make_resource(title="Soap again")
    assert get("?q=soap", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_what_was_withdrawn_is_gone_even_before_the_index_knows(get, client):
    edition = make_resource(title="Soap")
    assert titles(get()) == ["Soap"]
    ResourcePage.objects.filter(pk=edition.pk).update(live=False)
    assert titles(client.get("/en/search/feed/")) == []


def test_characters_that_xml_cannot_hold_are_left_out(get):
    make_resource(title="Soap\x0b\ufffe boats")
    assert titles(get("?q=soap%01")) == ["Soap boats"]


def test_a_question_that_is_too_long_gets_a_sentence(get):
    response = get("?q=" + "x" * 501)
    assert response.status_code == 400
    assert "too long" in response.content.decode()


def test_while_search_is_away_it_says_when_to_come_back(client, line, db):
    line.cut()
    response = client.get("/en/search/feed/?q=soap")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_the_page_of_a_search_names_its_feed(get, client):
    get()
    page = client.get("/en/search/?q=soap&language=fr").content.decode()
    assert page.count('href="/en/search/feed/?q=soap&amp;language=fr"') == 2
