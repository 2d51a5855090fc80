"""From a change to the index: nothing lost, nothing out of order, whatever is away or late."""

import threading

import pytest
from django.db import connection, transaction

from catalogue.models import ResourcePage
from core import clock
from core.events import works_changed
from search import index, rebuild, services, sync
from search.client import SearchUnavailableError
from search.documents import load_documents
from search.index import Entry
from search.mapping import index_body
from search.models import IndexTarget, WorkSync
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution
from tests.reading import counts, titles
from tests.waiting import until

pytestmark = pytest.mark.django_db


def _search(q="", **fields):
    return services.search(SearchRequest(q=q, **fields))


def test_a_change_bumps_its_works_version_within_its_own_transaction(db):
    edition = make_resource()
    before = WorkSync.objects.get(pk=edition.work_id).version

    with transaction.atomic():
        works_changed.send(sender=None, work_ids=[edition.work_id])
        assert WorkSync.objects.get(pk=edition.work_id).version == before + 1
        transaction.set_rollback(True)
    assert WorkSync.objects.get(pk=edition.work_id).version == before


def test_a_bump_makes_a_row_that_had_failed_due_again(db):
    edition = make_resource()
    WorkSync.objects.update(attempts=9, error="broken", next_attempt_at=clock.now() + sync.LONGEST_RETRY)
    works_changed.send(sender=None, work_ids=[edition.work_id])
    row = WorkSync.objects.get(pk=edition.work_id)
    assert (row.attempts, row.error) == (0, "")
    assert row.next_attempt_at <= clock.now()


def test_what_is_written_is_due_no_more(live_index):
    make_resource()
    assert sync.sync_due() == 1
    assert sync.sync_due() == 0
    assert not sync.behind().exists()


def test_search_follows_each_kind_of_change(find):
    edition = make_resource(make_institution(name="Before"), title="Old title")
    assert find("before").count == 1

    edition.title = "New title"
    edition.save()
    assert titles(find()) == ["New title"]

    edition.institution.refresh_from_db()
    edition.institution.name = "After"
    edition.institution.save()
    assert find("before").count == 0
    assert find("after").hits[0].institution_name == "After"

    other = make_institution(slug="other-house", country="KE")
    ResourcePage.objects.get(pk=edition.pk).move(other.page, pos="last-child")
    assert counts(find(), "institution") == {"other-house": 1}
    assert counts(find(), "country") == {"KE": 1}
    assert find().hits[0].path.startswith(other.page.url)

    page = other.page
    page.refresh_from_db()
    page.slug = "another-address"
    page.save()
    assert "/another-address/" in find().hits[0].path

    subject = edition.subjects.get()
    subject.labels = {**subject.labels, "en": "Whatever moves"}
    subject.save()
    assert find("whatever moves").count == 1

    ResourcePage.objects.get(pk=edition.pk).delete()
    assert find().count == 0


def test_an_edition_that_leaves_its_work_is_found_as_one_of_its_own(find):
    original = make_resource(title="Original")
    copy = make_resource(title="Copia", language="it", translation_of=original)
    assert find().count == 1
    copy = ResourcePage.objects.get(pk=copy.pk)
    copy.translation_of = None
    copy.save()
    assert find().count == 2
    assert {len(hit.languages) for hit in find().hits} == {1}


class TestOrderOfVersions:
    """Writes may come late and out of order."""

    def test_an_older_document_does_not_replace_a_newer_one(self, live_index):
        edition = make_resource(title="Old")
        old = load_documents([edition.work_id])[edition.work_id]
        edition.title = "New"
        edition.save()
        sync.catch_up()
        assert index.write([live_index], [Entry(edition.work_id, 1, old)]) == []
        index.refresh(live_index)
        assert titles(_search()) == ["New"]

    def test_a_late_write_does_not_bring_back_what_was_withdrawn(self, live_index):
        edition = make_resource()
        sync.catch_up()
        published = load_documents([edition.work_id])[edition.work_id]
        version = WorkSync.objects.get(pk=edition.work_id).version
        edition.live = False
        edition.save()
        sync.catch_up()
        index.write([live_index], [Entry(edition.work_id, version, published)])
        index.refresh(live_index)
        assert _search().count == 0

    def test_a_change_while_the_work_is_read_leaves_it_due(self, live_index, monkeypatch):
        edition = make_resource(title="First")

        def read_then_change(work_ids):
            documents = load_documents(work_ids)
            monkeypatch.setattr(sync, "load_documents", load_documents)
            ResourcePage.objects.get(pk=edition.pk).specific.save()
            ResourcePage.objects.filter(pk=edition.pk).update(title="Second")
            return documents

        monkeypatch.setattr(sync, "load_documents", read_then_change)
        assert sync.sync_due() == 1
        assert sync.behind().filter(pk=edition.work_id).exists()
        sync.catch_up()
        assert titles(_search()) == ["Second"]

    def test_a_late_write_to_an_index_that_is_gone_creates_none(self, live_index):
        edition = make_resource()
        document = load_documents([edition.work_id])[edition.work_id]
        gone = index.new_name()
        errors = index.write([gone], [Entry(edition.work_id, 1, document)])
        assert [error.status for error in errors] == [index.NOT_FOUND]
        assert index.ours() == [live_index]


def test_every_field_of_a_document_is_in_the_mapping(db):
    edition = make_resource(keywords=["foam"], alternative_titles={"sw": "Mashua"})
    document = load_documents([edition.work_id])[edition.work_id]

    def check(value, properties):
        for name, part in value.items():
            assert name in properties
            for inner in part if isinstance(part, list) else [part]:
                if "properties" in properties[name]:
                    check(inner, properties[name]["properties"])

    check(document, index_body()["mappings"]["properties"])


class TestElasticsearchAway:
    """Elasticsearch goes away and comes back; nobody does anything."""

    def test_changes_go_through_and_are_caught_up_with(self, line, find):
        edition = make_resource(title="Before")
        assert titles(find()) == ["Before"]
        line.cut()
        edition.title = "After"
        edition.save()
        make_resource(title="Meanwhile")
        with pytest.raises(SearchUnavailableError, match="Nothing is lost"):
            _search()
        assert "does not answer" in services.search_ready()
        loop = sync.SyncLoop()
        assert loop.step() is False
        assert loop.failures == 1
        assert loop.step() is False
        assert loop.failures == 1, "it must pause before it asks again"
        assert sync.behind().count() == 2
        line.mend()
        until(loop.step)
        assert set(titles(_search())) == {"After", "Meanwhile"}
        assert services.search_ready() is None
        assert loop.failures == 0

    def test_a_server_that_takes_connections_and_never_answers_is_away_too(self, settings, db):
        import socket  # noqa: PLC0415

        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
            settings.ELASTICSEARCH_TIMEOUT_SECONDS = 0.2
            with pytest.raises(SearchUnavailableError):
                _search()

    def test_a_site_without_elasticsearch_says_so(self, settings, db):
        settings.ELASTICSEARCH_URL = ""
        with pytest.raises(SearchUnavailableError):
            _search()
        assert "ELASTICSEARCH_URL" in services.search_ready()


@pytest.mark.django_db(transaction=True)
def test_bumps_by_many_threads_are_all_counted():
    edition = make_resource()
    before = WorkSync.objects.get(pk=edition.work_id).version

    def bump():
        for _ in range(10):
            with transaction.atomic():
                works_changed.send(sender=None, work_ids=[edition.work_id])
        connection.close()

    threads = [threading.Thread(target=bump) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert WorkSync.objects.get(pk=edition.work_id).version == before + 40


class TestTheLoops:
    """The worker writes and crosses off in two loops."""

    def test_what_is_written_is_not_written_again_before_it_is_crossed_off(self, live_index):
        edition = make_resource(title="First")
        loop = sync.SyncLoop()
        assert loop.step() is True
        assert loop.step() is False
        assert sync.behind().count() == 1
        edition.title = "Second"
        edition.save()
        assert loop.step() is True
        assert titles(_search()) == ["Second"]
        assert loop.remember() is True
        assert loop.remember() is False
        assert not sync.behind().exists()

    def test_a_worker_that_died_in_between_costs_one_more_writing(self, live_index):
        make_resource()
        assert sync.SyncLoop().step() is True
        successor = sync.SyncLoop()
        assert successor.step() is True
        successor.remember()
        assert not sync.behind().exists()
        assert _search().count == 1

    def test_a_work_that_fails_is_not_tried_again_before_it_is_put_off(self, live_index, monkeypatch):
        bad = make_resource()
        monkeypatch.setattr(sync, "load_documents", lambda _work_ids: {bad.work_id: ValueError("broken")})
        loop = sync.SyncLoop()
        assert loop.step() is True
        assert loop.step() is False
        loop.remember()
        assert WorkSync.objects.get(pk=bad.work_id).attempts == 1

    def test_it_waits_for_the_database_when_it_is_far_ahead(self, live_index, monkeypatch):
        monkeypatch.setattr(sync, "MOST_UNREMEMBERED", 1)
        loop = sync.SyncLoop()
        for _ in range(3):
            make_resource()
            assert loop.step() is True
        assert sync.behind().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_publish_is_found_while_somebody_else_keeps_the_database_busy():
    rebuild.rebuild()
    make_resource(title="Quick")
    writing, found = threading.Event(), threading.Event()

    def keep_busy():
        with transaction.atomic():
            works_changed.send(sender=None, work_ids=[make_resource(title="Slow").work_id])
            writing.set()
            found.wait(30)
        connection.close()

    busy = threading.Thread(target=keep_busy)
    busy.start()
    try:
        assert writing.wait(30)
        assert sync.SyncLoop().step() is True
        assert titles(_search()) == ["Quick"]
    finally:
        found.set()
        busy.join()


def test_nothing_is_taken_from_the_outbox_before_there_is_an_index(db):
    make_resource()
    assert not IndexTarget.objects.exists()
    assert sync.sync_due() == 0
    assert sync.behind().count() == 1
    rebuild.rebuild()
    sync.catch_up()
    assert _search().count == 1
