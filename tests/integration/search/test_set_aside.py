"""Works that cannot be indexed: they hold up nobody, are tried again for an hour, then rest where people see them."""

import datetime as dt

import pytest

from catalogue.models import ResourcePage
from core import clock
from core.events import works_changed
from search import index, rebuild, services, sync, vectors
from search.client import SearchUnavailableError, client
from search.documents import load_documents
from search.models import WorkSync
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.reading import titles

pytestmark = pytest.mark.django_db


def _titles():
    return set(titles(services.search(SearchRequest(page_size=100))))


def _row(edition):
    return WorkSync.objects.get(pk=edition.work_id)


def _without_document(edition):
    """Break what the database holds of an edition, so that no document can be made of it."""
    ResourcePage.objects.filter(pk=edition.pk).update(alternative_titles={"sw": ["no", "text"]})


def _mend(edition):
    ResourcePage.objects.filter(pk=edition.pk).update(alternative_titles={})


def _until_set_aside(edition):
    """Let the worker try as often as it does, with the pauses it makes; return when it was tried last."""
    tried_at = _row(edition).next_attempt_at
    for _ in range(sync.MOST_ATTEMPTS):
        tried_at = max(tried_at, _row(edition).next_attempt_at)
        with clock.travel(tried_at):
            assert sync.sync_due() == 1
    return tried_at


def test_one_without_a_document_is_put_off_with_its_error_and_the_others_are_written(live_index):
    bad, good = make_resource(title="Bad"), make_resource(title="Good")
    _without_document(bad)
    assert sync.sync_due() == 2
    assert _titles() == {good.title}
    row = _row(bad)
    assert (row.attempts, "TypeError" in row.error) == (1, True)
    assert row.next_attempt_at > row.changed_at
    with clock.travel(row.next_attempt_at - dt.timedelta(seconds=1)):
        assert sync.sync_due() == 0
        vectors.encode_lacking()
        sync.catch_up()
        assert not _row(good).lacks_meaning
        assert _row(bad).attempts == 1
    _mend(bad)
    with clock.travel(row.next_attempt_at):
        assert sync.sync_due() == 1
    assert _titles() == {"Bad", "Good"}
    assert _row(bad).error == ""


def _of_the_wrong_kind(document):
    document["visible"] = "perhaps"


def _with_a_term_too_large(document):
    document["editions"][0]["sort_title"] = "x" * 40_000


def _with_half_a_character(document):
    document["editions"][0]["card"]["title"] = "\ud83d"


def _not_json(document):
    document["editions"][0]["card"]["title"] = {1, 2}


def _too_large_for_the_server(document):
    document["editions"][0]["card"]["title"] = "x" * (100 * 1024**2)


@pytest.mark.parametrize("spoil", [_of_the_wrong_kind, _with_a_term_too_large, _with_half_a_character, _not_json])
def test_one_that_is_refused_holds_up_no_other_of_its_batch(live_index, monkeypatch, spoil):
    first, bad, last = (make_resource(title=title) for title in ("First", "Bad", "Last"))

    def one_spoilt(work_ids):
        documents = load_documents(work_ids)
        spoil(documents[bad.work_id])
        return documents

    monkeypatch.setattr(sync, "load_documents", one_spoilt)
    assert sync.sync_due() == 3
    assert _titles() == {first.title, last.title}
    assert [row.work_id for row in sync.behind()] == [bad.work_id]
    assert _row(bad).error


def test_a_request_refused_as_a_whole_is_taken_apart_down_to_the_one_at_fault(live_index, monkeypatch):
    editions = [make_resource(title=f"Title {number}") for number in range(5)]
    monkeypatch.setattr(index, "MOST_BYTES", 500 * 1024**2)

    def one_too_large(work_ids):
        documents = load_documents(work_ids)
        _too_large_for_the_server(documents[editions[2].work_id])
        return documents

    monkeypatch.setattr(sync, "load_documents", one_too_large)
    sync.sync_due()
    assert _titles() == {edition.title for edition in editions} - {"Title 2"}
    assert "413" in _row(editions[2]).error


def test_documents_of_a_batch_go_in_requests_of_a_certain_size(live_index, monkeypatch):
    editions = [make_resource() for _ in range(4)]
    monkeypatch.setattr(index, "MOST_BYTES", 1)
    assert sync.sync_due() == 4
    assert _titles() == {edition.title for edition in editions}


class TestSetAside:
    """After the last attempt."""

    def test_it_is_tried_no_more_and_says_why(self, live_index):
        bad = make_resource()
        _without_document(bad)
        began = clock.now()
        last = _until_set_aside(bad)
        assert 30 * 60 < (last - began).total_seconds() < 3 * 3600
        assert [row.work_id for row in sync.set_aside()] == [bad.work_id]
        with clock.travel(last + 100 * sync.LONGEST_RETRY):
            assert sync.sync_due() == 0
        assert "TypeError" in _row(bad).error

    def test_a_change_of_the_work_brings_it_back(self, live_index):
        bad = make_resource(title="Mended")
        _without_document(bad)
        _until_set_aside(bad)
        _mend(bad)
        works_changed.send(sender=None, work_ids=[bad.work_id])
        sync.catch_up()
        assert _titles() == {"Mended"}
        assert not sync.set_aside().exists()

    def test_trying_again_by_hand_gives_it_all_its_attempts(self, live_index):
        bad, other = make_resource(title="Mended"), make_resource(title="Whole")
        _without_document(bad)
        sync.sync_due()
        _until_set_aside_from(bad)
        assert sync.try_again(sync.set_aside().filter(pk=other.work_id)) == 0
        assert sync.try_again(sync.set_aside()) == 1
        assert sync.sync_due() == 1
        assert _row(bad).attempts == 1
        _mend(bad)
        assert sync.try_again(sync.behind()) == 1
        sync.catch_up()
        assert _titles() == {"Mended", "Whole"}

    def test_a_rebuild_brings_it_back(self, live_index):
        bad = make_resource(title="Mended")
        _without_document(bad)
        _until_set_aside(bad)
        _mend(bad)
        rebuild.rebuild()
        assert _titles() == {"Mended"}
        sync.catch_up()
        assert not sync.behind().exists()

    def test_a_rebuild_goes_on_past_it_and_leaves_it_to_the_worker(self, live_index):
        bad = make_resource()
        make_resource(title="Whole")
        _without_document(bad)
        _until_set_aside_from(bad)
        rebuild.rebuild()
        assert _titles() == {"Whole"}
        assert not sync.set_aside().exists()
        assert "TypeError" in _row(bad).error
        assert sync.behind().filter(pk=bad.work_id).exists()


def _until_set_aside_from(edition):
    WorkSync.objects.filter(pk=edition.work_id).update(attempts=sync.MOST_ATTEMPTS, error="TypeError()")


class TestNoFaultOfTheWork:
    """What is the server's trouble, or the database's, counts against no work."""

    def test_an_index_closed_for_writing(self, live_index):
        edition = make_resource(title="One")
        client().indices.put_settings(index=live_index, settings={"index.blocks.write": True})
        with pytest.raises(SearchUnavailableError) as refused:
            sync.sync_due()
        assert "blocked" in refused.value.reason
        assert _row(edition).attempts == 0
        client().indices.put_settings(index=live_index, settings={"index.blocks.write": None})
        assert sync.sync_due() == 1
        assert _titles() == {"One"}
