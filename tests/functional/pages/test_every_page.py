"""Every public page, in every interface language, signed in or not: readable, and without anything inline."""

import datetime as dt

import pytest
from django.urls import reverse

from catalogue.models import ResourcePage
from search import index, rebuild
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object_row
from tests.functional.pages.readable import faults

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr", "zh-hans"]


@pytest.fixture
def library(owner):
    """A small library in which every part of a page has something to show."""
    full = {
        "age_min": 6,
        "age_max": 11,
        "keywords": ["soap", "surface tension"],
        "credit_line": "Severnside Science Festival, 2024",
        "duration_minutes": 90,
        "group_size": "10-30",
        "setting": ["classroom"],
        "cost": "low",
        "materials": "tray\nsoap",
        "learning_outcomes": "Water has a skin",
        "accessibility": ["plain-language"],
        "safety_note": "Wipe up what is spilt.",
        "external_url": "https://severn.example/boats",
        "alternative_titles": {"de": "Seifenboote", "ar": "قوارب الصابون"},
        "body": "<h3>Before</h3><p>Fill the tray.</p>",
    }
    original = make_resource(owner, title="Soap boats", subjects=["mechanics"], files=[make_object_row(owner)], **full)
    arabic = make_resource(
        owner, title="قوارب الصابون", abstract="تجربة عن التوتر السطحي.", language="ar", translation_of=original, adapted_from=original.work
    )
    members = make_resource(owner, title="For members", access="members", files=[make_object_row(owner)])
    agreement = make_resource(
        owner, title="By agreement", access="agreement", licence="all-rights-reserved", files=[make_object_row(owner)]
    )
    later = make_resource(owner, title="Next year", embargo_until=dt.date(2127, 1, 1), files=[make_object_row(owner)])
    return {"original": original, "arabic": arabic, "members": members, "agreement": agreement, "later": later}


@pytest.fixture
def found(library):
    """The library in a real index."""
    index.delete(index.ours())
    rebuild.rebuild()
    yield library
    index.delete(index.ours())


def paths(library):
    return [
        "/en/",
        "/en/catalogue/",
        "/en/institutions/",
        library["original"].institution.page.get_url(),
        *[edition.get_url() for edition in library.values()],
        reverse("login"),
        reverse("password_reset"),
        "/en/nothing/here/",
        "/en/search/?q=soap&resource_type=experiment&resource_type=nonsense&subject=physics",
        "/en/search/?q=zzzzzz&sort=title",
        reverse("similar", args=[library["original"].edition_id]),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_readable_and_carry_nothing_inline(language, found, client, soup):
    for path in paths(found):
        response = client.get(path.replace("/en/", f"/{language}/", 1))
        assert (path, faults(soup(response), language=language)) == (path, [])
        policy = response["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy


@pytest.mark.parametrize("kind", ["owner", "curator", "secretariat", "superuser", "no institution"])
def test_they_are_so_for_people_who_signed_in(kind, found, viewer, soup):
    client = viewer(kind)
    for path in [*paths(found), reverse("password_change")]:
        response = client.get(path)
        if response.status_code != 302:  # whoever is signed in already has no use for the sign-in page
            assert (path, faults(soup(response))) == (path, [])


def test_other_languages_of_a_page_are_one_click_away_and_keep_the_question(found, client, soup):
    page = soup(client.get("/en/search/?q=soap&subject=physics"))
    links = {link["hreflang"]: link["href"] for link in page.footer.find_all("a", hreflang=True)}
    assert links == {code: f"/{code}/search/?q=soap&subject=physics" for code in LANGUAGES}
    edition = found["original"]
    page = soup(client.get(edition.get_url()))
    french = page.find("link", rel="alternate", hreflang="fr")["href"]
    assert client.get(french.removeprefix("http://127.0.0.1:8000").removeprefix("http://testserver")).status_code == 200


def test_the_text_of_an_edition_says_its_language_and_direction(found, client, soup):
    article = soup(client.get(found["arabic"].get_url())).article
    assert (article["lang"], article["dir"]) == ("ar", "rtl")
    panel = article.aside
    assert (panel["lang"], panel["dir"]) == ("en", "ltr")
    title = soup(client.get("/en/search/?language=ar")).find("h3", lang="ar")
    assert title["dir"] == "rtl"


def test_htmx_gets_only_what_changes(found, client):
    part = client.get("/en/search/?q=soap", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="search-results"' in part


def test_a_draft_is_nowhere(found, owner, client):
    make_resource(owner, publish=False, title="Unfinished thoughts")
    for path in ["/en/", "/en/catalogue/", owner.page.get_url()]:
        assert "Unfinished thoughts" not in client.get(path).content.decode()
    assert ResourcePage.objects.filter(title="Unfinished thoughts").exists()
