"""The page "Search index" in the admin: how search stands, and works that are set aside tried again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalogue.models import ResourcePage
from search import sync
from search.models import WorkSync
from tests.factories.catalogue import make_resource
from tests.factories.members import make_superuser, make_user
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def url():
    return reverse("search_index")


@pytest.fixture
def secretariat():
    client = Client()
    client.force_login(make_user("secretariat"))
    return client


def _set_aside(edition, error="TypeError(...)"):
    WorkSync.objects.filter(pk=edition.work_id).update(attempts=sync.MOST_ATTEMPTS, error=error)


def _attempts(*editions):
    return [WorkSync.objects.get(pk=edition.work_id).attempts for edition in editions]


def test_it_says_that_search_is_well(secretariat, url, live_index):
    make_resource()
    sync.catch_up()
    page = secretariat.get(url).content.decode()
    assert "Search is well" in page
    assert live_index in page
    assert "Try again" not in page


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("ApiError(413, 'too large')", "larger than the index takes"),
        ("{'type': 'document_parsing_exception', 'reason': '…'}", "of a kind that the index does not take"),
        ("Document contains at least one immense term in field", "longer than the index takes"),
        ("UnicodeEncodeError(… surrogates not allowed)", "a broken character"),
        ("KeyError('x')", "a mistake in the software"),
    ],
)
def test_it_shows_what_is_set_aside_and_why_in_plain_words(secretariat, url, live_index, error, reason):
    _set_aside(make_resource(title="Broken <b>kite</b>"), error)
    page = secretariat.get(url).content.decode()
    assert "Search is well" not in page
    assert "1 work could not be indexed" in page
    assert "Broken &lt;b&gt;kite&lt;/b&gt;" in page
    assert reason in page


def test_a_work_that_is_withdrawn_or_gone_is_shown_too(secretariat, url, live_index):
    withdrawn, gone = make_resource(title="Withdrawn"), make_resource(title="Gone")
    ResourcePage.objects.filter(pk=withdrawn.pk).update(live=False)
    ResourcePage.objects.get(pk=gone.pk).delete()
    _set_aside(withdrawn)
    _set_aside(gone)
    page = secretariat.get(url).content.decode()
    assert "Withdrawn" in page
    assert str(gone.work_id) in page


def test_one_is_tried_again_or_all(secretariat, url, live_index):
    first, second, third = editions = [make_resource() for _ in range(3)]
    for edition in editions:
        _set_aside(edition)
    form = fields_of(secretariat.get(url).content.decode())
    response = secretariat.post(url, {**form, "work": str(second.work_id)}, follow=True)
    assert "1 work is tried again." in response.content.decode()
    assert _attempts(first, second, third) == [sync.MOST_ATTEMPTS, 0, sync.MOST_ATTEMPTS]
    assert "2 works are tried again." in secretariat.post(url, follow=True).content.decode()
    assert _attempts(*editions) == [0, 0, 0]
    sync.catch_up()
    assert "Search is well" in secretariat.get(url).content.decode()


def test_an_id_that_is_none_brings_back_nothing(secretariat, url, live_index):
    edition = make_resource()
    _set_aside(edition)
    for sent in ("", "all", "' OR 1=1", "\x00"):
        assert "0 works are tried again." in secretariat.post(url, {"work": sent}, follow=True).content.decode()
    assert _attempts(edition) == [sync.MOST_ATTEMPTS]


def test_it_opens_while_elasticsearch_is_away_or_has_no_index(secretariat, url, line):
    assert "There is no live index" in secretariat.get(url).content.decode()
    line.cut()
    assert "Elasticsearch does not answer" in secretariat.get(url).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_for_the_secretariat_and_superusers(url, live_index, method):
    def status(person):
        client = Client()
        client.force_login(person)
        return getattr(client, method)(url).status_code

    for role in ("contributor", "manager", "curator"):
        assert status(make_user(role)) == 403
    assert status(make_user("secretariat")) == status(make_superuser()) == (200 if method == "get" else 302)


def test_it_is_in_the_menu_of_the_secretariat_alone(secretariat, url):
    link = f'"url": "{url}"'
    assert link in secretariat.get(reverse("wagtailadmin_home")).content.decode()
    client = Client()
    client.force_login(make_user("curator"))
    assert link not in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize(("language", "words"), [("fr", "Index de recherche"), ("zh-hans", "搜索索引")])
def test_it_speaks_the_reader_s_language(secretariat, url, live_index, language, words):
    with translation.override(language):
        _set_aside(make_resource())
        client = Client()
        client.force_login(make_user("secretariat", language=language))
        assert words in client.get(url).content.decode()
