"""The search page over HTTP: its address is its state, and whatever is in it, the page opens and says what it left out."""

import pytest
from django.urls import reverse

from search.services import MAX_QUESTION_CHARACTERS
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

pytestmark = [pytest.mark.index, pytest.mark.django_db]


@pytest.fixture
def get(client, find):
    """Bring the index up to date and open an address of the search page, in English unless another is given."""

    def get(query="", language="en", **headers):
        find()
        return client.get(f"/{language}/search/{query}", headers=headers)

    return get


def _shown(response):
    return [hit.title for hit in response.context["results"].hits]


def test_it_is_found_under_its_name():
    assert reverse("search") == "/en/search/"


def test_words_and_selections_are_read_from_the_address(get):
    make_resource(title="Soap volcano", language="fr")
    make_resource(title="Salt volcano")
    make_resource(title="Salt crystal", language="fr")
    assert set(_shown(get("?q=volcano"))) == {"Salt volcano", "Soap volcano"}
    assert _shown(get("?q=volcano&language=fr")) == ["Soap volcano"]
    assert set(_shown(get("?language=fr&language=en"))) == {"Soap volcano", "Salt volcano", "Salt crystal"}


def test_each_selected_value_has_an_address_without_it(get):
    make_resource(language="fr")
    response = get("?q=soap&language=fr&language=en&access=public&sort=title")
    urls = {chip.value: chip.url for chip in response.context["chips"]}
    assert urls["fr"] == "/en/search/?q=soap&language=en&access=public&sort=title"
    assert urls["public"] == "/en/search/?q=soap&language=fr&language=en&sort=title"
    assert response.context["clear_url"] == "/en/search/?q=soap&sort=title"


class TestRangesTyped:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("age_min=8&age_max=11", "8-11"),
            ("age_min=11&age_max=8", "8-11"),
            ("age_min=&age_max=11", "0-11"),
            ("age_min=8&age_max=", "8-"),
            ("age_min=%D9%A8&age_max=%EF%BC%91%EF%BC%91", "8-11"),
        ],
    )
    def test_two_numbers_become_one_value_of_the_address(self, client, db, typed, value):
        response = client.get(f"/en/search/?q=soap&{typed}&age=6-8&duration_min=&sort=title")
        assert response.status_code == 302
        assert response.headers["Location"] == f"/en/search/?q=soap&age=6-8&age={value}&sort=title"

    def test_it_stands_in_the_fields_and_has_a_chip(self, get):
        make_resource(age_min=9, age_max=9)
        make_resource(age_min=14, age_max=16)
        response = get("?age=15-17&age=8-11&age=3-4")
        assert response.context["results"].count == 2
        assert [(chip.label, chip.url) for chip in response.context["chips"]] == [
            ("3–4 years", "/en/search/?age=15-17&age=8-11"),
            ("8–11 years", "/en/search/?age=15-17&age=3-4"),
            ("15–17 years", "/en/search/?age=8-11&age=3-4"),
        ]
        age = next(each for each in response.context["filters"] if each.name == "age")
        assert (age.typed.low, age.typed.high) == (8, 11)
        assert "8-11" not in [branch.value.value for branch in age.branches]
        assert ("3-4", True, 0) in [(branch.value.value, branch.value.selected, branch.value.count) for branch in age.branches]

    @pytest.mark.parametrize("typed", ["age_min=young", "age_max=121", "age_min=-3", "age_min=8&age_max=9.5", "age_max=99999999999"])
    def test_what_is_no_age_is_left_out_with_a_notice(self, get, typed):
        make_resource()
        response = get(f"?{typed}&age=6-8")
        assert response.status_code == 200
        assert [chip.value for chip in response.context["chips"]] == ["6-8"]
        assert response.context["notices"] == ["Left out: for “Age”, please give whole numbers from 0 to 120."]

    def test_too_many_get_a_sentence(self, client, live_index):
        response = client.get("/en/search/?" + "&".join(f"age={low}-{low}" for low in range(20, 40)))
        assert response.status_code == 400
        assert "at most 10 ranges" in response.context["notices"][0]


class TestLayout:
    def test_a_long_facet_shows_its_first_choices_and_those_selected(self, get):
        for year in range(2000, 2014):
            make_resource(year=year)
        filters = {each.name: each for each in get("?year=2001").context["filters"]}
        year = filters["year"]
        assert [branch.value.value for branch in year.branches] == [*map(str, range(2013, 2005, -1)), "2001"]
        assert [branch.value.value for branch in year.more] == ["2005", "2004", "2003", "2002", "2000"]
        assert year.is_searchable
        assert year.is_open
        assert not filters["resource_type"].is_searchable
        assert filters["resource_type"].more == ()

    def test_of_the_subjects_only_the_branch_of_what_is_selected_is_unfolded(self, get):
        make_resource(subjects=["solar-system"])
        make_resource(subjects=["mechanics"])
        subject = next(each for each in get("?subject=mechanics").context["filters"] if each.name == "subject")
        assert [(branch.value.value, branch.is_open, [below.value.value for below in branch.below]) for branch in subject.branches] == [
            ("astronomy-and-space", False, ["solar-system"]),
            ("physics", True, ["mechanics"]),
        ]


def test_addresses_keep_words_that_need_escaping(get):
    response = get("?q=50%25+%26+%3Cb%3E&sort=title")
    assert response.context["sort_options"][0].url == "/en/search/?q=50%25+%26+%3Cb%3E"


def test_unknown_values_are_left_out_with_a_notice(get):
    make_resource()
    response = get("?subject=alchemy&subject=physics&year=soon&sort=colour&page=two")
    assert response.status_code == 200
    assert len(_shown(response)) == 1
    notices = " ".join(response.context["notices"])
    for value in ("“alchemy”", "“soon”", "“colour”", "“two”"):
        assert value in notices
        assert value.encode() in response.content
    assert "physics" not in notices


def test_a_page_past_the_end_shows_the_last_one_and_says_so(get):
    for _ in range(21):
        make_resource()
    for number in ("3", "99999999999999999999"):
        response = get(f"?page={number}")
        assert response.status_code == 200
        assert len(_shown(response)) == 1
        assert "this is the last one, page 2" in " ".join(response.context["notices"])
    assert [(page.number, page.current) for page in response.context["pages"]] == [(1, False), (2, True)]
    assert response.context["pages"][0].url == "/en/search/"


def test_nothing_found_is_no_error(get):
    response = get("?q=zebra&page=4")
    assert response.status_code == 200
    assert response.context["results"].count == 0
    assert response.context["pages"] == []


@pytest.mark.parametrize("length", [MAX_QUESTION_CHARACTERS + 1, 10_000])
def test_a_question_that_is_too_long_gets_a_sentence(get, length):
    response = get("?q=" + "x" * length)
    assert response.status_code == 400
    assert "too long" in " ".join(response.context["notices"])
    assert response.context["results"] is None
    assert b"too long" in response.content


@pytest.mark.parametrize("query", ["?q=a%00b", "?subject=%00"])
def test_nul_bytes_get_a_sentence(client, db, query):
    response = client.get(f"/en/search/{query}")
    assert response.status_code == 400
    assert b"NUL" in response.content


def test_strange_characters_do_no_harm(get):
    strange = ["?q=%ff%fe", "?q=%ed%a0%80", "?q=%01%1b%7f", "?language=%ff", "?q=" + "%F0%9F%8C%8B" * 20, "?" + "subject=x&" * 900]
    for query in strange:
        assert get(query).status_code == 200, query[:40]


def test_what_a_reader_typed_is_never_markup(get):
    make_resource(title="<script>alert(1)</script>", abstract="<img src=x onerror=alert(2)> volcano")
    response = get("?q=volcano+%3Cscript%3Ealert(3)&language=%3Cscript%3Ealert(4)")
    for number in (1, 3, 4):
        assert f"<script>alert({number})".encode() not in response.content
    assert b"<img src=x" not in response.content


def test_labels_and_addresses_are_in_the_language_of_the_page(get):
    make_resource(make_institution(country="DE"))
    response = get("?country=DE", language="fr")
    assert response.context["chips"][0].label == "Allemagne"
    assert response.context["chips"][0].url == "/fr/search/"
    assert response.context["results"].hits[0].path.startswith("/fr/")


def test_htmx_gets_the_results_alone(get):
    make_resource(title="Soap boats")
    part = get("?q=soap", **{"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"<mark>Soap</mark> boats" in part.content
    assert "HX-Request" in part.headers["Vary"]
    assert b"<html" in get("?q=soap", **{"HX-Request": "true", "HX-History-Restore-Request": "true"}).content


def test_only_reading_is_allowed(client, db):
    assert client.post("/en/search/").status_code == 405


class TestElasticsearchAway:
    def test_the_page_says_so_and_offers_the_plain_list(self, client, line, db):
        line.cut()
        response = client.get("/en/search/?q=soap")
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert b"Nothing is lost" in response.content
        assert response.context["unavailable"]
        assert b'value="soap"' in response.content

    def test_htmx_is_told_in_a_way_that_it_shows(self, client, line, db):
        line.cut()
        response = client.get("/en/search/", headers={"HX-Request": "true"})
        assert response.status_code == 200
        assert b"Nothing is lost" in response.content
