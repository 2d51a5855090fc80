"""What is new since a member's last visit, on the front page and on the search page."""

import datetime as dt

import pytest

from catalogue.models import ResourcePage
from core import clock
from members.models import User
from search import index, rebuild
from tests.factories.catalogue import make_resource

pytestmark = pytest.mark.django_db

LAST_VISIT = dt.datetime(2025, 11, 3, 15, tzinfo=dt.UTC)
TODAY = dt.datetime(2025, 11, 20, 9, tzinfo=dt.UTC)
EARLIER = LAST_VISIT - dt.timedelta(days=1)


def _published(moment, **fields):
    edition = make_resource(**fields)
    ResourcePage.objects.filter(pk=edition.pk).update(first_published_at=moment)
    return edition


@pytest.fixture
def library(db):
    """Two old works, one of them with a new French edition, one of that very day, and one of today."""
    index.delete(index.ours())
    kit = _published(EARLIER, title="Old kit")
    _published(TODAY, title="Nouvelle édition", language="fr", translation_of=kit)
    _published(EARLIER, title="Old show")
    _published(LAST_VISIT.replace(hour=20), title="That evening")
    _published(TODAY, title="Today")
    rebuild.rebuild()
    yield
    index.delete(index.ours())


@pytest.fixture
def returned(library, viewer):
    """A member who was here on 3 November and comes back on the 20th."""
    client = viewer("member")
    User.objects.filter(pk=client.session["_auth_user_id"]).update(visited_on=LAST_VISIT.date())
    with clock.travel(TODAY):
        yield client


def _marked(page):
    return {card.h3.text.strip() for card in page.main.find_all("article") if card.find(class_="badge--new")}


@pytest.mark.parametrize("path", ["/en/", "/en/search/"])
def test_a_member_is_told_how_much_is_new_and_led_to_it(returned, soup, path):
    page = soup(returned.get(path))
    link = page.main.find("a", string="3 resources new since Nov. 3, 2025")
    led_to = returned.get(link["href"])
    assert {hit.title for hit in led_to.context["results"].hits} == {"Nouvelle édition", "That evening", "Today"}
    assert soup(led_to).main.find("a", class_="news") is None


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/en/", {"That evening", "Today"}),
        ("/en/search/", {"That evening", "Today"}),
        ("/fr/search/", {"That evening", "Today", "Nouvelle édition"}),  # new is the edition that is shown
        ("/en/search/?q=today", {"Today"}),
    ],
)
def test_what_is_new_is_marked(returned, soup, path, marked):
    assert _marked(soup(returned.get(path))) == marked


def test_it_stays_so_all_day(returned, soup):
    for _ in range(2):
        assert "3 resources new since" in soup(returned.get("/en/")).main.text
    with clock.travel(TODAY + dt.timedelta(hours=14)):
        assert "3 resources new since" in soup(returned.get("/en/search/")).main.text
    with clock.travel(TODAY + dt.timedelta(days=1)):
        assert "2 resources new since Nov. 20, 2025" in soup(returned.get("/en/")).main.text


def test_nothing_is_said_beside_a_question_or_a_filter(returned, soup):
    for query in ("?q=today", "?language=en", "?since=2025-01-01"):
        assert "new since Nov. 3, 2025" not in soup(returned.get(f"/en/search/{query}")).main.text


def test_nothing_is_said_where_nothing_is_new(returned, soup):
    ResourcePage.objects.update(first_published_at=EARLIER)
    page = soup(returned.get("/en/"))
    assert "new since" not in page.main.text
    assert _marked(page) == set()


@pytest.mark.parametrize("kind", ["anonymous", "member"])
def test_who_reads_without_an_account_or_for_the_first_time_is_told_nothing(library, viewer, soup, kind):
    client = viewer(kind)
    for path in ("/en/", "/en/search/"):
        page = soup(client.get(path))
        assert "new since" not in page.main.text
        assert _marked(page) == set()


def test_no_cookie_follows_who_reads_without_an_account(library, viewer):
    client = viewer("anonymous")
    for path in ("/en/", "/en/search/"):
        client.get(path)
    assert set(client.cookies) <= {"csrftoken"}
