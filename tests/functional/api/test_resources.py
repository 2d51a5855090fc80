"""GET /api/v1/resources: the search as machines see it."""

import json

import pytest
from django.conf import settings

from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

URL = "/api/v1/resources"
SUMMARY_FIELDS = {"id", "title", "abstract", "url", "institution", "country", "resource_type", "subjects", "languages", "licence"} | {
    "access",
    "editions",
    "year",
    "highlight",
    "matched_by",
    "meaning_language",
}


@pytest.fixture
def ask(client, live_index):
    """Ask for resources; returns the response, with `.data` for the document."""

    def get(query="", **headers):
        live_index()
        response = client.get(f"{URL}{query}", headers=headers)
        response.data = json.loads(response.content)
        return response

    return get


@pytest.fixture
def three():
    """Three works: two British experiments, one of them also in French, and a Kenyan game."""
    british, kenyan = make_institution(slug="severn", country="GB"), make_institution(slug="nairobi", country="KE")
    boats = make_resource(british, title="Soap boats", subjects=["water"], year=2020)
    make_resource(british, title="Bateaux à savon", language="fr", translation_of=boats, licence="CC0-1.0", subjects=["water"])
    make_resource(british, title="Kite weather", subjects=["weather"], year=2021)
    make_resource(kenyan, title="Crater game", resource_type="game", subjects=["solar-system"], access="members", year=2022)
    make_resource(kenyan, title="A draft of boats", publish=False)
    return boats


def titles(response):
    return {result["title"] for result in response.data["results"]}


def counts(response, facet):
    return {choice["value"]: choice["count"] for choice in response.data["facets"][facet]}


def test_everything_published_is_listed_once_a_work(ask, three):
    answer = ask()
    assert answer.status_code == 200
    assert set(answer.data) == {"count", "page", "pages", "results", "facets", "suggestion", "next_cursor"}
    assert (answer.data["count"], answer.data["page"], answer.data["pages"]) == (3, 1, 1)
    assert titles(answer) == {"Soap boats", "Kite weather", "Crater game"}


def test_a_result_has_the_fields_of_the_contract(ask, three):
    result = next(result for result in ask("?q=boats").data["results"] if result["title"] == "Soap boats")
    assert set(result) == SUMMARY_FIELDS
    assert result["id"] == str(three.work_id)
    assert result["url"] == f"{settings.SITE_URL}/resources/{three.work_id}/"
    assert result["languages"] == ["en", "fr"]
    assert (result["institution"], result["country"], result["licence"]) == ("severn", "GB", "CC-BY-4.0")
    assert result["matched_by"] == ["words"]


def test_its_address_leads_to_the_page(client, ask, three):
    url = ask("?q=boats").data["results"][0]["url"]
    page = client.get(url.removeprefix(settings.SITE_URL), follow=True)
    assert page.status_code == 200
    assert "Soap boats" in page.content.decode()


def test_facets_have_the_names_of_the_contract_and_labels(ask, three):
    facets = ask().data["facets"]
    names = ["resource_type", "subject", "audience", "language", "licence", "access", "institution", "country", "year", "age", "duration"]
    assert sorted(facets) == sorted(names)
    assert {"value": "game", "label": "Game", "count": 1, "selected": False} in facets["resource_type"]


def test_repeated_parameters_mean_any_and_different_ones_mean_all(ask, three):
    assert titles(ask("?resource_type=game&resource_type=experiment")) == {"Soap boats", "Kite weather", "Crater game"}
    assert titles(ask("?resource_type=game&country=GB")) == set()
    answer = ask("?language=fr&licence=CC0-1.0")
    assert answer.data["count"] == 1
    assert ask("?language=fr&licence=CC-BY-4.0").data["count"] == 0  # not of the same edition


def test_counts_obey_the_other_facets_and_not_their_own(ask, three):
    answer = ask("?country=KE")
    assert counts(answer, "country") == {"GB": 2, "KE": 1}
    assert counts(answer, "resource_type") == {"game": 1}
    assert [choice["value"] for choice in answer.data["facets"]["country"] if choice["selected"]] == ["KE"]


def test_ages_and_minutes_are_ranges(ask):
    make_resource(title="Short", age_min=8, age_max=9, duration_minutes=20)
    make_resource(title="Long", age_min=12, duration_minutes=300)
    assert titles(ask("?age=9-11&duration=15-30")) == {"Short"}
    answer = ask("?age=10-&duration=0-400")
    assert titles(answer) == {"Long"}
    assert {"value": "10-", "label": "10 years and over", "count": 1, "selected": True} in answer.data["facets"]["age"]
    assert counts(answer, "age")["6-8"] == 1


def test_labels_come_in_the_readers_language(ask, three):
    answer = ask("?language=fr", **{"accept-language": "fr"})
    labels = {choice["value"]: choice["label"] for choice in answer.data["facets"]["language"]}
    assert labels["fr"] == "Français"
    assert answer.data["results"][0]["title"] == "Bateaux à savon"
    assert "Accept-Language" in answer["Vary"]


def test_pages_and_sorting(ask, three):
    first, second = ask("?sort=title&page_size=2"), ask("?sort=title&page_size=2&page=2")
    assert [result["title"] for result in first.data["results"]] == ["Crater game", "Kite weather"]
    assert [result["title"] for result in second.data["results"]] == ["Soap boats"]
    assert (second.data["page"], second.data["pages"], second.data["count"]) == (2, 2, 3)


def test_no_page_of_nothing_is_an_error(ask):
    answer = ask("?q=nowhere")
    assert (answer.status_code, answer.data["count"], answer.data["results"]) == (200, 0, [])


BAD_INPUT = [
    ("?resource_type=spaceship", 400, "“spaceship” is not a known value of “resource_type”. Known are, among others: "),
    ("?language=fr&language=xx", 400, "“xx”"),
    ("?year=20x0", 400, "“20x0”"),
    ("?age=8", 400, "“8” is not a known value of “age”. Known are, among others: 6-8, 9-11."),
    ("?age=11-8", 400, "“11-8”"),
    ("?duration=short", 400, "“short”"),
    ("?age_min=8", 400, "no parameter “age_min”"),
    ("?" + "&".join(f"age={low}-{low}" for low in range(20, 40)), 400, "at most 10 ranges"),
    ("?country=" + "x" * 5000, 400, "…"),
    ("?colour=red", 400, "no parameter “colour”"),
    ("?page=0", 400, "“page” must be at least 1"),
    ("?page=x", 400, "“page” must be a whole number"),
    ("?page=9", 404, "There is no page 9"),
    ("?page=99999999999999999999", 400, ""),
    ("?page=501", 400, "Only pages 1 to 500 can be asked for. “cursor=*” goes through all results."),
    ("?cursor=zebra", 400, "“cursor” must be “*”"),
    ("?cursor=" + "0" * 200, 400, "“cursor”"),
    ("?cursor=*&page=1&sort=title", 400, "“page” cannot be used together with “cursor”"),
    ("?page_size=101", 400, "“page_size” can be at most 100"),
    ("?page_size=0", 400, "“page_size” must be at least 1"),
    ("?sort=random", 400, "“sort” must be one of these: 'relevance', 'newest' or 'title'"),
    ("?q=" + "x" * 10_000, 400, "too long"),
    ("?q=" + "x" * 20_000, 414, "too long"),
    ("?q=a%00b", 400, "NUL"),
    ("?q=%FF%FE", 200, None),
    ("?q=%22%28%29%5B%5D%7B%7D%3A%2F%5C~%5E*%3F%21%26%7C%2B-", 200, None),
    ("?q=%F0%9F%9A%80", 200, None),
    ("?&&=&", 400, ""),
]


def test_bad_input_gets_a_sentence(ask, three, subtests):
    for query, status, says in BAD_INPUT:
        with subtests.test(query[:100]):
            answer = ask(query)
            assert answer.status_code == status
            if says is not None:
                assert answer["Content-Type"] == "application/problem+json"
                assert answer.data["status"] == status
                assert says in answer.data["detail"]


def test_the_bad_parameters_are_named(ask, three):
    errors = ask("?resource_type=spaceship&resource_type=game&country=ZZZ").data["errors"]
    assert [(error["parameter"], error["value"]) for error in errors] == [("resource_type", "spaceship"), ("country", "ZZZ")]
    assert set(errors[0]["known"]) == {"experiment", "game"}


def test_of_very_many_bad_values_the_first_are_named(ask, three):
    query = "&".join(f"year=x{number}" for number in range(1500))
    answer = ask(f"?{query}")
    assert answer.status_code == 400
    assert [error["value"] for error in answer.data["errors"]] == [f"x{number}" for number in range(10)]


def test_when_search_is_away_it_says_so_and_when_to_come_back(client, db, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = client.get(URL)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert int(answer["Retry-After"]) > 0
    assert json.loads(answer.content)["code"] == "search-unavailable"


def test_an_unchanged_answer_is_not_sent_again(client, ask, three):
    answer = ask()
    assert answer["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].replace(",", " ").split())
    again = client.get(URL, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_resource(title="Newer")
    assert ask("", **{"if-none-match": answer["ETag"]}).status_code == 200
