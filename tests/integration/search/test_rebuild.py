"""A new index beside the old one: no search fails, no change is lost, whatever is interrupted."""

import threading

import pytest
from django.db import connection

from catalogue.models import ResourcePage
from core import clock
from search import index, rebuild, services, sync
from search.client import IndexMissingError, SearchUnavailableError, client
from search.models import IndexTarget, WorkSync
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.reading import titles
from tests.waiting import until

pytestmark = pytest.mark.django_db


def _titles():
    return set(titles(services.search(SearchRequest(page_size=100))))


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(rebuild, "BATCH", 2)


@pytest.fixture
def killed(monkeypatch):
    """Returns a function that begins a rebuild and kills it after some batches, as a kill -9 would: nothing is tidied up."""

    def killed(batches):
        class Killed(BaseException):
            pass

        done = []

        def progress(_works):
            done.append(1)
            if len(done) == batches:
                raise Killed

        with pytest.raises(Killed):
            rebuild.rebuild(progress)
        return IndexTarget.objects.get(is_live=False)

    return killed


def _segments(name):
    index.refresh(name)
    return client().indices.stats(index=name, metric="segments")["_all"]["primaries"]["segments"]["count"]


def test_it_makes_one_segment_of_many(live_index, small_batches):
    for number in range(5):
        make_resource(title=f"Title {number}")

    def each_batch_a_segment(_works):
        index.refresh(IndexTarget.objects.get(is_live=False).name)

    name = rebuild.rebuild(each_batch_a_segment)
    until(lambda: _segments(name) == 1)
    assert len(_titles()) == 5


def test_it_replaces_the_index_and_leaves_no_other(live_index):
    make_resource(title="One")
    sync.catch_up()
    name = rebuild.rebuild()
    assert name != live_index
    assert index.ours() == index.live() == [name]
    assert list(IndexTarget.objects.values_list("name", "is_live")) == [(name, True)]
    assert _titles() == {"One"}


def test_it_purges_what_was_withdrawn(live_index):
    edition = make_resource()
    sync.catch_up()
    edition.live = False
    edition.save()
    sync.catch_up()
    name = rebuild.rebuild()
    assert not rebuild.index.client().exists(index=name, id=str(edition.work_id))
    edition.live = True
    edition.save()
    sync.catch_up()
    assert _titles() == {edition.title}


def test_changes_made_meanwhile_reach_the_new_index(live_index, small_batches):
    editions = [make_resource(title=f"Title {number}") for number in range(6)]
    sync.catch_up()
    by_work = sorted(editions, key=lambda edition: edition.work_id)

    def change_meanwhile(_works):
        if IndexTarget.objects.get(is_live=False).filled_up_to == by_work[1].work_id:
            _retitle(by_work[0], "Changed behind the rebuild")
            _retitle(by_work[5], "Changed ahead of the rebuild")
            _withdraw(by_work[1])
            _withdraw(by_work[4])
            make_resource(title="New")
            sync.catch_up()
            assert "New" in _titles(), "the old index is searched until the swap, and follows"

    rebuild.rebuild(change_meanwhile)
    expected = {"Changed behind the rebuild", "Changed ahead of the rebuild", "New", by_work[2].title, by_work[3].title}
    assert _titles() == expected
    assert not sync.behind().exists()


def test_an_old_reading_does_not_overwrite_a_change_that_came_first(live_index, monkeypatch):
    edition = make_resource(title="Old")
    sync.catch_up()
    real = rebuild.load_documents

    def read_then_change(work_ids):
        documents = real(work_ids)
        _withdraw(edition)
        sync.catch_up()
        return documents

    monkeypatch.setattr(rebuild, "load_documents", read_then_change)
    rebuild.rebuild()
    assert _titles() == set()


class TestInterrupted:
    """What a kill leaves behind."""

    def test_searches_and_changes_go_on_and_the_next_one_continues(self, live_index, small_batches, killed):
        for number in range(5):
            make_resource(title=f"Title {number}")
        sync.catch_up()
        unfinished = killed(1)
        make_resource(title="After the kill")
        sync.catch_up()
        assert "After the kill" in _titles()

        with pytest.raises(rebuild.RebuildUnderWayError):
            rebuild.rebuild()

        batches = []
        with clock.travel(clock.now() + rebuild.LEASE * 2):
            assert rebuild.rebuild(batches.append) == unfinished.name
        assert sum(batches) in {3, 4}, "two works were done before the kill; the new one may lie before or after them"
        assert _titles() == {"After the kill", *(f"Title {number}" for number in range(5))}
        assert index.ours() == [unfinished.name]

    def test_one_that_began_with_other_settings_is_thrown_away(self, live_index, killed):
        make_resource()
        unfinished = killed(1)
        IndexTarget.objects.filter(pk=unfinished.pk).update(settings_hash="other", leased_until=None)
        name = rebuild.rebuild()
        assert name != unfinished.name
        assert index.ours() == [name]

    def test_one_whose_index_is_gone_is_thrown_away(self, live_index, killed):
        make_resource()
        unfinished = killed(1)
        index.delete([unfinished.name])
        IndexTarget.objects.filter(pk=unfinished.pk).update(leased_until=None)
        assert rebuild.rebuild() != unfinished.name
        assert _titles()

    def test_one_killed_between_the_swap_and_its_record_is_finished(self, live_index, monkeypatch):
        make_resource()

        class Killed(BaseException):
            pass

        def swap_then_die(name):
            make_live(name)
            raise Killed

        make_live = index.make_live
        monkeypatch.setattr(index, "make_live", swap_then_die)
        with pytest.raises(Killed):
            rebuild.rebuild()
        monkeypatch.undo()
        assert _titles(), "searches go to the new index"
        IndexTarget.objects.update(leased_until=None)
        keeper = rebuild.IndexKeeper()
        keeper.step()
        assert index.ours() == index.live() == list(IndexTarget.objects.values_list("name", flat=True))

    def test_one_that_lost_its_lease_does_not_go_on(self, live_index, small_batches):
        for _ in range(4):
            make_resource()

        def taken_over(_works):
            IndexTarget.objects.filter(is_live=False).update(lease="12345678-1234-5678-1234-567812345678")

        with pytest.raises(rebuild.RebuildUnderWayError):
            rebuild.rebuild(taken_over)
        assert index.live() == [live_index]

    def test_elasticsearch_goes_away_in_the_middle_and_the_next_one_continues(self, line, live_index, small_batches):
        for _ in range(4):
            make_resource()
        with pytest.raises(SearchUnavailableError):
            rebuild.rebuild(lambda _works: line.cut())
        line.mend()
        batches = []
        rebuild.rebuild(batches.append)
        assert sum(batches) == 2
        assert len(_titles()) == 4


class TestKeeper:
    """The worker sees to it that there is a whole index, with nobody doing anything."""

    def test_it_builds_the_first_one(self, db):
        make_resource(title="One")
        with pytest.raises(IndexMissingError):
            services.search(SearchRequest())
        assert services.search_ready() == "the index is being built"
        rebuild.IndexKeeper().step()
        assert _titles() == {"One"}
        assert services.search_ready() is None

    def test_it_leaves_a_good_one_alone(self, live_index):
        rebuild.IndexKeeper().step()
        assert index.live() == [live_index]

    def test_it_builds_again_what_was_wiped_and_changes_are_not_lost(self, live_index):
        keeper, loop = rebuild.IndexKeeper(), sync.SyncLoop()
        make_resource(title="One")
        sync.catch_up()
        keeper.step()
        index.delete(index.ours())
        make_resource(title="Two")
        assert loop.step() is False
        keeper.step()
        assert _titles() == {"One", "Two"}
        until(loop.step)
        loop.remember()
        assert not sync.behind().exists()

    def test_it_builds_anew_where_the_database_knows_nothing_of_the_index(self, live_index):
        IndexTarget.objects.all().delete()
        rebuild.IndexKeeper().step()
        assert live_index not in index.ours()
        assert index.live() == [IndexTarget.objects.get().name]

    def test_it_upgrades_settings_at_its_start_only(self, live_index):
        keeper = rebuild.IndexKeeper()
        keeper.step()
        IndexTarget.objects.update(settings_hash="of another version")
        keeper.step()
        assert index.live() == [live_index]
        rebuild.IndexKeeper().step()
        assert index.live() != [live_index]

    def test_it_waits_while_elasticsearch_is_away(self, line, db):
        keeper = rebuild.IndexKeeper()
        line.cut()
        keeper.step()
        assert keeper.away
        line.mend()
        IndexTarget.objects.update(leased_until=None)
        keeper.step()
        assert services.search_ready() is None


@pytest.mark.django_db(transaction=True)
def test_while_many_publish_and_search_no_search_fails_and_no_change_is_lost(monkeypatch):
    monkeypatch.setattr(rebuild, "BATCH", 3)
    editions = [make_resource(title=f"Title {number}") for number in range(6)]
    rebuild.rebuild()
    sync.catch_up()
    stop, failures = threading.Event(), []

    def repeat(step):
        try:
            while not stop.is_set():
                step()
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connection.close()

    def search_all():
        found = services.search(SearchRequest(page_size=100)).count
        if found != len(editions):
            failures.append(AssertionError(f"{found} works"))

    rounds = []

    def retitle_all():
        rounds.append(1)
        for edition in editions:
            _retitle(edition, f"Title {edition.pk} round {len(rounds)}")

    loop = sync.SyncLoop()
    steps = [search_all, search_all, retitle_all, loop.step, loop.remember]
    threads = [threading.Thread(target=repeat, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    try:
        names = [rebuild.rebuild() for _ in range(2)]
        until(lambda: len(rounds) > 1, seconds=30)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    sync.catch_up()
    assert index.ours() == [names[-1]]
    assert _titles() == {edition.title for edition in ResourcePage.objects.all()}
    assert not WorkSync.objects.exclude(error="").exists()


def _retitle(edition, title):
    page = ResourcePage.objects.get(pk=edition.pk)
    page.title = title
    page.save()


def _withdraw(edition):
    page = ResourcePage.objects.get(pk=edition.pk)
    page.live = False
    page.save()
