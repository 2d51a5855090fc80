"""GET /api/v1/suggestions: help while typing, for search boxes elsewhere."""

import json

import pytest
from django.conf import settings

from tests.factories.catalogue import make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, live_index):
    """Ask for suggestions; returns the response, with `.data` for the document."""

    def get(query, **headers):
        live_index()
        response = client.get(f"/api/v1/suggestions{query}", headers=headers)
        response.data = json.loads(response.content)
        return response

    return get


def test_a_suggestion_has_all_that_a_list_needs(ask):
    work = make_resource(title="Physics of boats", subjects=["physics"], keywords=["physical"])
    answer = ask("?q=phys")
    assert answer.status_code == 200
    title, subject, tag = answer.data["suggestions"]
    assert title == {
        "kind": "title",
        "text": "Physics of boats",
        "html": "<mark>Phys</mark>ics of boats",
        "language": "en",
        "value": str(work.work_id),
        "count": 1,
        "url": f"{settings.SITE_URL}{work.url}",
    }
    assert (subject["kind"], subject["value"], subject["url"]) == ("subject", "physics", f"{settings.SITE_URL}/en/search/?subject=physics")
    assert (tag["kind"], tag["text"], tag["url"]) == ("tag", "physical", f"{settings.SITE_URL}/en/search/?q=physical")


def test_labels_and_addresses_follow_the_language_asked_for_else_that_of_the_client(ask):
    make_resource(title="One", subjects=["physics"])
    assert ask("?q=phys&language=fr").data["suggestions"][0]["text"] == "Physique"
    assert ask("?q=phys&language=fr").data["suggestions"][0]["url"].endswith("/fr/search/?subject=physics")
    assert ask("?q=phys", accept_language="fr").data["suggestions"][0]["text"] == "Physique"


@pytest.mark.parametrize(("query", "parameter"), [("?q=phys&language=xx", "language"), ("?w=phys", "w")])
def test_what_cannot_be_used_is_named(query, parameter, ask):
    answer = ask(query)
    assert answer.status_code == 400
    assert answer.data["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize("query", ["", "?q=", f"?q={'x' * 400}", "?q=%ff%fe"])
def test_too_little_and_too_much_offer_nothing(query, ask):
    answer = ask(query)
    assert (answer.status_code, answer.data) == (200, {"suggestions": []})


def test_it_says_so_when_search_is_away(client, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = client.get("/api/v1/suggestions?q=phys")
    assert answer.status_code == 503
    assert json.loads(answer.content)["code"] == "search-unavailable"
