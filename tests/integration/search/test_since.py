"""New since a day: a selection like the others, so every count that stands beside it keeps its promise."""

import datetime as dt

import pytest

from catalogue.models import ResourcePage
from core import clock
from search.types import Sort
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution
from tests.reading import counts, titles

pytestmark = [pytest.mark.index, pytest.mark.django_db]

DAY = dt.date(2025, 11, 3)
BEFORE = dt.datetime(2025, 11, 2, 23, 59, 59, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2025, 11, 3, tzinfo=dt.UTC)
LATER = dt.datetime(2025, 12, 1, 12, tzinfo=dt.UTC)


def published(moment, institution=None, **fields):
    """Return an edition that was first published at this moment."""
    edition = make_resource(institution, **fields)
    ResourcePage.objects.filter(pk=edition.pk).update(first_published_at=moment)
    return edition


@pytest.fixture
def catalogue(live_index):
    """An old kit with a new Italian edition, an old one, and two new ones, one published as the day began."""
    kit = published(BEFORE, title="Kit", licence="CC0-1.0")
    published(LATER, title="Scatola", language="it", translation_of=kit)
    published(BEFORE, make_institution(country="KE"), title="Old", language="it", licence="CC0-1.0")
    published(MIDNIGHT, make_institution(country="KE"), title="As the day began", language="fr", licence="CC0-1.0")
    published(LATER, title="Later")


def test_it_leaves_what_has_an_edition_published_on_that_day_or_later(catalogue, find):
    assert set(titles(find())) == {"Kit", "Old", "As the day began", "Later"}
    assert set(titles(find(since=DAY))) == {"Scatola", "As the day began", "Later"}
    assert find(since=LATER.date() + dt.timedelta(days=1)).count == 0


def test_the_new_edition_is_the_one_that_is_selected(catalogue, find):
    assert titles(find(since=DAY, selections={"language": ("it",)})) == ["Scatola"]
    assert find(since=DAY, selections={"language": ("en",), "licence": ("CC0-1.0",)}).count == 0


def test_every_count_obeys_it(catalogue, find):
    for selections in ({}, {"language": ("it",)}, {"country": ("KE",), "licence": ("CC0-1.0",)}):
        for facet in find(since=DAY, selections=selections).facets:
            for value in facet.values:
                chosen = find(since=DAY, selections={**selections, facet.name: (value.value,)})
                assert chosen.count == value.count, (selections, facet.name, value.value)
    assert counts(find(since=DAY), "language") == {"it": 1, "fr": 1, "en": 1}
    assert counts(find(since=DAY, selections={"language": ("it",)}), "licence") == {"CC-BY-4.0": 1}


def test_the_words_decide_what_matches_as_before(catalogue, find):
    assert titles(find("kit", since=DAY)) == ["Scatola"]  # found by its old edition, shown by its new one
    assert find("old", since=DAY).count == 0


def test_the_newest_come_first_by_the_date_of_the_new_edition(catalogue, find):
    assert titles(find(since=DAY, sort=Sort.NEWEST))[-1] == "As the day began"


def test_the_day_begins_at_the_sites_own_midnight(catalogue, find, settings):
    settings.TIME_ZONE = "Asia/Tokyo"  # there it was 3 November nine hours earlier
    clock.timezone.get_default_timezone.cache_clear()
    try:
        assert set(titles(find(since=DAY))) == {"Kit", "Old", "As the day began", "Later"}
    finally:
        settings.TIME_ZONE = "UTC"
        clock.timezone.get_default_timezone.cache_clear()


@pytest.mark.parametrize("day", ["1000-01-01", "8999-12-31"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_days_far_away_are_asked_for_without_harm(find, settings, day, zone):
    make_resource()
    settings.TIME_ZONE = zone
    clock.timezone.get_default_timezone.cache_clear()
    try:
        assert find(since=clock.parse_day(day)).count == (1 if day.startswith("1") else 0)
    finally:
        settings.TIME_ZONE = "UTC"
        clock.timezone.get_default_timezone.cache_clear()


class TestPage:
    def test_the_address_holds_it_and_a_chip_takes_it_away(self, client, catalogue, find):
        find()
        response = client.get("/en/search/?since=2025-11-03&language=it&q=kit")
        assert [hit.title for hit in response.context["results"].hits] == ["Scatola"]
        chip = next(chip for chip in response.context["chips"] if chip.name == "since")
        assert (chip.label, chip.url) == ("New since Nov. 3, 2025", "/en/search/?q=kit&language=it")
        language = next(chip for chip in response.context["chips"] if chip.name == "language")
        assert language.url == "/en/search/?q=kit&since=2025-11-03"
        assert response.context["clear_url"] == "/en/search/?q=kit"
        assert b'<input type="hidden" name="since" value="2025-11-03">' in response.content

    @pytest.mark.parametrize("text", ["yesterday", "2025-02-30", "20251103", "2025-W45-1", "0001-01-01", "9999-12-31", "٢٠٢٥-١١-٠٣"])
    def test_what_is_no_date_is_left_out_with_a_notice(self, client, catalogue, find, text):
        find()
        response = client.get("/en/search/", {"since": text})
        assert response.status_code == 200
        assert response.context["results"].count == 4
        assert f"“{text}”" in " ".join(response.context["notices"])


class TestApi:
    def test_harvesters_ask_for_what_is_new(self, client, catalogue, find):
        find()
        answer = client.get("/api/v1/resources?published_since=2025-11-03&language=it").json()
        assert [result["title"] for result in answer["results"]] == ["Scatola"]
        assert {choice["value"]: choice["count"] for choice in answer["facets"]["language"]} == {"it": 1, "fr": 1, "en": 1}

    @pytest.mark.parametrize("text", ["yesterday", "1762128000", "2025-02-30", "0001-01-01"])
    def test_what_is_no_date_is_refused_with_a_sentence(self, client, catalogue, text):
        answer = client.get(f"/api/v1/resources?published_since={text}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "published_since"
        assert "2026-11-03" in answer.json()["detail"]
