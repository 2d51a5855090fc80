"""Beside a resource: others like it, in whatever language, and more of its institution; and the page when search is away."""

import socket
import time

import pytest
from django.core.cache import cache

from search import encoders, sync, vectors
from search.client import SearchUnavailableError, client
from search.similar import MOST_FROM_INSTITUTION, MOST_SIMILAR, TIMEOUT_SECONDS, more_from, similar
from tests.factories.catalogue import make_resource, make_submitted, reload
from tests.factories.members import make_institution

pytestmark = [pytest.mark.index, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live_index")]

ROCKET = {
    "title": "Water rockets",
    "abstract": "A bottle, water and a pump: children build a rocket and measure how high it flies.",
}
RAZZO = {
    "title": "Costruire un razzo",
    "abstract": "Con una bottiglia, acqua e una pompa i ragazzi fanno un razzo e misurano quanto vola in alto.",
    "language": "it",
}
BREAD = {"title": "Bread and yeast", "abstract": "Why dough rises: bakers look at yeast in a microscope."}
SHADOWS = {"title": "Les ombres", "abstract": "Un théâtre d'ombres avec une lampe et du carton.", "language": "fr"}
HINDI = {"title": "जल रॉकेट", "abstract": "बोतल और पंप से बच्चे रॉकेट बनाते हैं।", "language": "hi"}


@pytest.fixture
def indexed():
    """Bring the index up to date, with meaning."""

    def indexed():
        sync.catch_up()
        while vectors.encode_lacking():
            sync.catch_up()

    return indexed


def _titles(hits):
    return [hit.title for hit in hits]


class TestSimilar:
    def test_what_means_the_same_in_another_language_comes_first(self, indexed):
        rocket = make_resource(**ROCKET, subjects=["mechanics"])
        for fields in (BREAD, SHADOWS, RAZZO):
            make_resource(**fields, subjects=["chemistry"])
        indexed()
        assert _titles(similar(rocket.work_id, "en"))[0] == RAZZO["title"]

    def test_subjects_lift_what_is_as_near_in_meaning(self, indexed):
        rocket = make_resource(**ROCKET, subjects=["weather"])
        for subject in ("chemistry", "weather", "plants"):
            make_resource(**BREAD, subjects=[subject])
        indexed()
        assert similar(rocket.work_id, "en")[0].subjects == ("weather",)

    def test_words_and_subjects_connect_what_the_encoder_does_not_know(self, indexed):
        assert not encoders.encoder_class().knows("hi")
        rocket = make_resource(**HINDI, subjects=["mechanics"])
        make_resource(**{**HINDI, "title": "रॉकेट का मेला"}, subjects=["plants"])
        make_resource(**BREAD, subjects=["mechanics"])
        make_resource(**SHADOWS, subjects=["plants"])
        indexed()
        assert set(_titles(similar(rocket.work_id, "en"))) == {"रॉकेट का मेला", BREAD["title"]}

    def test_it_is_never_itself_nor_what_is_not_published(self, indexed):
        rocket = make_resource(**ROCKET)
        make_resource(**RAZZO, translation_of=rocket)
        make_resource(**ROCKET, publish=False)
        make_submitted(**ROCKET)
        withdrawn = make_resource(**ROCKET)
        make_resource(**BREAD)
        indexed()
        assert set(_titles(similar(rocket.work_id, "en"))) == {ROCKET["title"], BREAD["title"]}
        reload(withdrawn).unpublish()
        indexed()
        assert _titles(similar(rocket.work_id, "en")) == [BREAD["title"]]
        assert similar(withdrawn.work_id, "en") == ()

    def test_each_is_shown_in_the_readers_language(self, indexed):
        rocket = make_resource(**ROCKET)
        bread = make_resource(**BREAD)
        make_resource(title="Pain et levure", language="fr", translation_of=bread)
        indexed()
        assert (_titles(similar(rocket.work_id, "fr")), _titles(similar(rocket.work_id, "en"))) == (["Pain et levure"], [BREAD["title"]])

    def test_there_are_no_more_than_a_few(self, indexed):
        rockets = [make_resource(**ROCKET) for _ in range(MOST_SIMILAR + 2)]
        indexed()
        assert len(similar(rockets[0].work_id, "en")) == MOST_SIMILAR

    def test_words_do_where_the_index_was_made_for_another_encoder(self, indexed, monkeypatch):
        rocket = make_resource(**ROCKET)
        make_resource(**ROCKET)
        indexed()
        monkeypatch.setattr("search.similar.remembered", lambda texts: {text: [1.0, 0.0] for text in texts})
        assert _titles(similar(rocket.work_id, "en")) == [ROCKET["title"]]


class TestMoreFromAnInstitution:
    def test_the_newest_of_its_own_without_those_already_shown(self, indexed):
        own = make_institution()
        works = [make_resource(own, title=f"Work {number}") for number in range(MOST_FROM_INSTITUTION + 2)]
        make_resource(own, title="Draft", publish=False)
        make_resource(title="Of others")
        indexed()
        hits = more_from(own.slug, "en", without={works[5].work_id, works[3].work_id})
        assert _titles(hits) == ["Work 4", "Work 2", "Work 1", "Work 0"]

    def test_it_is_shown_by_an_edition_of_that_institution(self, indexed):
        own = make_institution()
        original = make_resource(title="Of others", language="en")
        make_resource(own, title="Le nôtre", language="fr", translation_of=original)
        indexed()
        assert _titles(more_from(own.slug, "en", without=set())) == ["Le nôtre"]


class TestPage:
    def test_the_resource_leads_to_it_and_fetches_it_when_a_reader_gets_there(self, indexed, client):
        own = make_institution()
        rocket = make_resource(own, **ROCKET)
        make_resource(**RAZZO)
        make_resource(own, title="Unlike", abstract="", subjects=[])
        indexed()
        address = f"/en/search/similar/{rocket.edition_id}/"
        page = client.get(rocket.get_url()).content.decode()
        assert f'hx-get="{address}" hx-trigger="revealed"' in page
        assert f'<a href="{address}" rel="nofollow">Similar resources</a>' in page
        assert RAZZO["title"] not in page
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()
        whole = client.get(address).content.decode()
        for answer in (part, whole):
            assert RAZZO["title"] in answer
            assert answer.count("<article") == 2
        assert "<html" not in part
        assert "More like “" in whole

    def test_nothing_stands_beside_a_resource_that_is_not_published(self, indexed, client):
        draft = make_resource(**ROCKET, publish=False)
        indexed()
        assert client.get(f"/en/search/similar/{draft.edition_id}/").status_code == 404

    def test_where_nothing_is_like_it_the_page_says_so_and_the_part_is_empty(self, indexed, client):
        rocket = make_resource(**ROCKET)
        indexed()
        address = f"/en/search/similar/{rocket.edition_id}/"
        assert "nothing like it" in client.get(address).content.decode()
        assert client.get(address, headers={"HX-Request": "true"}).content.strip() == b""


class TestSearchAway:
    def test_the_resource_opens_without_it(self, indexed, client, line):
        rocket = make_resource(**ROCKET)
        indexed()
        line.cut()
        assert client.get(rocket.get_url()).status_code == 200
        address = f"/en/search/similar/{rocket.edition_id}/"
        part = client.get(address, headers={"HX-Request": "true"})
        assert (part.status_code, part.content.strip()) == (200, b"")
        whole = client.get(address)
        assert (whole.status_code, whole.headers["Retry-After"]) == (503, "60")
        assert "Search does not answer just now" in whole.content.decode()

    def test_while_it_rests_nobody_waits_for_it(self, indexed, settings):
        rocket = make_resource(**ROCKET)
        indexed()
        with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
            settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
            settings.ELASTICSEARCH_RETRIES = 0
            started = time.monotonic()
            with pytest.raises(SearchUnavailableError):
                similar(rocket.work_id, "en")
            first, started = time.monotonic() - started, time.monotonic()
            for _ in range(5):
                with pytest.raises(SearchUnavailableError):
                    similar(rocket.work_id, "en")
            others = time.monotonic() - started
            client().close()
        assert first >= TIMEOUT_SECONDS
        assert others < TIMEOUT_SECONDS

    def test_it_is_asked_again_after_a_while(self, indexed, line):
        rocket = make_resource(**ROCKET)
        make_resource(**RAZZO)
        indexed()
        line.cut()
        with pytest.raises(SearchUnavailableError):
            similar(rocket.work_id, "en")
        line.mend()
        with pytest.raises(SearchUnavailableError):
            similar(rocket.work_id, "en")
        cache.clear()  # as the end of the rest does
        assert len(similar(rocket.work_id, "en")) == 1
