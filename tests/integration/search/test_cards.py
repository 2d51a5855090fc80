"""One work, many languages: what a result says of its editions, and which translations their source has overtaken."""

import pytest
from django.utils import translation

from catalogue.listing import newest
from tests.factories.catalogue import make_resource, reload, revise

pytestmark = [pytest.mark.index, pytest.mark.django_db]


@pytest.fixture
def kit(live_index):
    """An Italian kit with an English translation and a French one, which was made from the English."""
    original = make_resource(title="Bolle", language="it")
    english = make_resource(title="Bubbles", language="en", translation_of=original)
    french = make_resource(title="Bulles", language="fr", translation_of=english)
    return {"it": original, "en": english, "fr": french}


def publish_anew(edition, **fields):
    revise(reload(edition), **fields).publish(skip_permission_checks=True)


def outdated(hit):
    return {edition.language for edition in hit.editions if edition.outdated}


@pytest.mark.parametrize(("reader", "order"), [("en", ["en", "it", "fr"]), ("fr", ["fr", "en", "it"]), ("zh-hans", ["en", "it", "fr"])])
def test_a_result_names_all_editions_the_readers_language_first(kit, find, reader, order):
    hit = find(language=reader).hits[0]
    assert [edition.language for edition in hit.editions] == order
    assert hit.language == order[0]
    assert {edition.language: edition.id for edition in hit.editions} == {language: each.edition_id for language, each in kit.items()}
    assert {edition.title for edition in hit.editions} == {"Bolle", "Bubbles", "Bulles"}


def test_each_edition_has_an_address_that_leads_to_it(kit, find, client):
    for edition in find().hits[0].editions:
        assert edition.title in client.get(edition.path).content.decode()


def test_a_translation_is_outdated_when_its_source_is_published_anew(kit, find):
    assert outdated(find().hits[0]) == set()
    publish_anew(kit["it"], title="Bolle giganti")
    hit = find().hits[0]
    assert outdated(hit) == {"en"}  # the French one was made from the English one, which is as it was
    assert hit.title == "Bubbles"
    assert hit.newer_source.title == "Bolle giganti"
    assert find(language="it", selections={"language": ("it",)}).hits[0].newer_source is None
    assert find(language="fr").hits[0].newer_source is None


def test_it_is_no_longer_when_it_is_published_anew_itself(kit, find):
    publish_anew(kit["it"], title="Bolle giganti")
    publish_anew(kit["en"], title="Giant bubbles")
    hit = find().hits[0]
    assert (hit.title, hit.newer_source) == ("Giant bubbles", None)
    assert outdated(hit) == {"fr"}


def test_a_source_first_published_after_its_translation_is_not_newer(live_index, find):
    original = make_resource(title="Bolle", language="it", publish=False)
    make_resource(title="Bubbles", translation_of=original)
    revise(original).publish(skip_permission_checks=True)
    hit = find().hits[0]
    assert len(hit.editions) == 2
    assert outdated(hit) == set()


def test_a_draft_of_the_source_changes_nothing(kit, find):
    revise(kit["it"], title="Bolle giganti")
    assert outdated(find().hits[0]) == set()


def test_a_source_that_is_no_longer_published_is_neither_listed_nor_newer(kit, find):
    publish_anew(kit["it"])
    assert find().hits[0].newer_source is not None
    reload(kit["it"]).unpublish()
    hit = find().hits[0]
    assert {edition.language for edition in hit.editions} == {"en", "fr"}
    assert (hit.newer_source, outdated(hit)) == (None, set())


def test_lists_from_the_database_say_the_same(kit, find):
    publish_anew(kit["it"], title="Bolle giganti")
    card, hit = newest(1)[0], find().hits[0]
    assert set(card.editions) == set(hit.editions)
    assert (card.newer_source, card.languages) == (hit.newer_source, tuple(sorted(hit.languages)))
    assert (card.edition_id, card.published_on) == (hit.edition_id, hit.published_on)


class TestPages:
    def test_a_card_opens_to_links_by_language_in_its_own_name(self, kit, find, client):
        make_resource(title="فقاعات", language="ar", translation_of=kit["it"])
        find()
        page = client.get("/en/search/").content.decode()
        assert "in 4 languages" in page
        assert 'lang="it" dir="ltr" hreflang="it"' in page
        assert 'lang="ar" dir="rtl" hreflang="ar"' in page
        for name in ("Italiano", "Français", "العربية"):
            assert name in page
        assert "is newer" not in page

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("en", "The original (Italian) is newer"),
            ("fr", "La version d’origine (Italien) est plus récente"),
            ("zh-hans", "原版（意大利语）有更新"),
        ],
    )
    def test_search_page_front_page_and_record_say_which_original_is_newer(self, kit, find, client, language, sentence):
        reload(kit["fr"]).unpublish()
        publish_anew(kit["it"])
        find()
        with translation.override(language):
            translated, original = kit["en"].get_url(), kit["it"].get_url()
        for address in (f"/{language}/search/", f"/{language}/", f"/{language}/catalogue/", translated):
            assert sentence in client.get(address).content.decode(), address
        assert sentence not in client.get(original).content.decode()

    def test_the_api_lists_the_editions(self, kit, find, client):
        publish_anew(kit["it"])
        find()
        result = client.get("/api/v1/resources", headers={"accept-language": "fr"}).json()["results"][0]
        assert [edition["language"] for edition in result["editions"]] == ["fr", "en", "it"]
        english = result["editions"][1]
        assert (english["id"], english["title"], english["outdated"]) == (str(kit["en"].edition_id), "Bubbles", True)
        record = client.get(f"/api/v1/resources/{result['id']}", headers={"accept-language": "fr"}).json()
        assert {edition["id"]: edition["url"] for edition in record["editions"]} == {e["id"]: e["url"] for e in result["editions"]}
