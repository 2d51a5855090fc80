"""Answers that are kept: they spare Elasticsearch, and none outlives a change."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from catalogue.models import ResourcePage
from catalogue.vocabulary import ResourceType
from core import clock
from search import index, page_cache, rebuild, services, sync
from search.client import SearchUnavailableError
from search.models import WorkSync
from search.queries import search_body
from search.types import SearchRequest, Sort
from tests.factories.catalogue import make_resource
from tests.reading import counts, titles

pytestmark = pytest.mark.django_db

OF_EVERYBODY = [{}, {"selections": {"language": ("en",)}}, {"sort": Sort.TITLE}, {"page": 5}, {"language": "fr"}]
OF_FEW = [
    {"q": "soap"},
    {"since": dt.date(2026, 1, 1)},
    {"selections": {"language": ("en", "fr")}},
    {"selections": {"language": ("en",), "year": ("2024",)}},
    {"page": 6},
]


def _search(q="", **fields):
    return services.search(SearchRequest(q=q, **fields))


@pytest.mark.parametrize("asked", OF_EVERYBODY, ids=str)
def test_what_everybody_asks_is_asked_of_elasticsearch_once(line, live_index, asked):
    make_resource(title="Kept")
    sync.catch_up()
    first = _search(**asked)
    line.cut()
    assert _search(**asked) == first
    assert first.count == 1


@pytest.mark.parametrize("asked", OF_FEW, ids=str)
def test_other_questions_are_asked_anew(line, live_index, asked):
    make_resource()
    sync.catch_up()
    _search(**asked)
    line.cut()
    with pytest.raises(SearchUnavailableError):
        _search(**asked)


def test_a_publish_a_new_title_and_a_withdrawal_are_seen_at_once(live_index):
    assert _search().count == 0

    edition = make_resource(title="Old")
    assert _search().count == 0, "it is not in the index yet"
    sync.catch_up()
    assert titles(_search()) == ["Old"]

    edition.title = "New"
    edition.save()
    assert titles(_search()) == ["Old"]
    sync.catch_up()
    assert titles(_search()) == ["New"]
    assert counts(_search(), "language") == {"en": 1}

    edition.live = False
    edition.save()
    sync.catch_up()
    assert _search().count == 0
    assert counts(_search(), "language") == {}


def test_what_is_in_the_index_is_seen_before_it_is_crossed_off(live_index):
    _search()
    loop = sync.SyncLoop()
    first = make_resource(title="First")
    assert loop.step() is True
    assert titles(_search()) == ["First"]
    first.title = "Second"
    first.save()
    assert loop.step() is True
    assert titles(_search()) == ["Second"]
    assert loop.remember() is True
    assert titles(_search()) == ["Second"]


def test_an_answer_that_comes_after_the_change_it_misses_is_not_kept_for_it(live_index):
    def ask_then_publish(body):
        answer = services.ask(body)
        make_resource()
        sync.catch_up()
        return answer

    request = SearchRequest()
    late = page_cache.answer(request, search_body(request), ask_then_publish)
    assert late["hits"]["total"]["value"] == 0
    assert _search().count == 1


def test_a_work_that_cannot_be_indexed_does_not_end_the_keeping(line, live_index, monkeypatch):
    make_resource(title="Good")
    sync.catch_up()
    bad = make_resource(title="Bad")
    with monkeypatch.context() as patch:
        patch.setattr(sync, "load_documents", lambda _work_ids: {bad.work_id: ValueError("broken")})
        sync.sync_due()
    assert titles(_search()) == ["Good"]
    line.cut()
    assert titles(_search()) == ["Good"]
    WorkSync.objects.filter(pk=bad.work_id).update(attempts=sync.MOST_ATTEMPTS, next_attempt_at=clock.now())
    assert titles(_search()) == ["Good"], "it is set aside"


def test_a_change_in_the_moment_of_the_swap_is_seen(live_index, monkeypatch):
    edition = make_resource(title="Old")
    sync.catch_up()
    _search()
    loop, make_live = sync.SyncLoop(), index.make_live

    def change_then_make_live(name):
        edition.title = "New"
        edition.save()
        assert loop.step() is True
        make_live(name)

    monkeypatch.setattr(index, "make_live", change_then_make_live)
    rebuild.rebuild()
    loop.remember()
    assert titles(_search()) == ["New"]


def test_an_index_that_is_rebuilt_is_asked_anew(line, live_index):
    make_resource(title="Kept")
    sync.catch_up()
    _search()
    rebuild.rebuild()
    line.cut()
    with pytest.raises(SearchUnavailableError):
        _search()


def test_labels_are_those_of_now_and_of_the_readers_language(live_index):
    make_resource(resource_type="experiment")
    sync.catch_up()
    assert _search().hits[0].resource_type_label == "Experiment"
    ResourceType.objects.filter(slug="experiment").update(labels={"en": "Trial", "fr": "Essai"})
    assert _search().hits[0].resource_type_label == "Trial"
    assert _search(language="fr").hits[0].resource_type_label == "Essai"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_another_process_brings_to_the_index_is_seen():
    rebuild.rebuild()
    edition = make_resource(title="Old")
    _sync_in_another_process()
    assert titles(_search()) == titles(_search()) == ["Old"]
    ResourcePage.objects.filter(pk=edition.pk).update(title="New")
    ResourcePage.objects.get(pk=edition.pk).save()
    _sync_in_another_process()
    assert titles(_search()) == ["New"]


def _sync_in_another_process():
    about = connection.settings_dict
    url = f"sqlite:///{about['NAME']}"
    if connection.vendor != "sqlite":
        url = f"postgres://{about['USER']}:{about['PASSWORD']}@{about['HOST']}:{about['PORT']}/{about['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "SEARCH_INDEX_PREFIX": settings.SEARCH_INDEX_PREFIX}
    done = subprocess.run(
        [sys.executable, "manage.py", "search_sync", "--once"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("1 works written")
