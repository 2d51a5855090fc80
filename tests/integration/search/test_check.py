"""`search_check`: what differs between index and database is found, named and repaired; what is merely under way is not."""

import json
from collections import Counter
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import ResourcePage
from core.events import works_changed
from search import checking, index, services, sync, vectors
from search.checking import Fault, check, repair
from search.client import client
from search.documents import load_documents, tombstone
from search.encoders import encoder
from search.index import Entry
from search.models import IndexTarget, WorkSync
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.reading import titles

pytestmark = pytest.mark.django_db


def _titles():
    return set(titles(services.search(SearchRequest(page_size=100))))


def _faults(**options):
    """Return work id to fault, as a check finds them."""
    return {difference.work_id: difference.fault for page in check(**options) for difference in page.differences}


def _put(name, work_id, version, document):
    assert index.write([name], [Entry(work_id, version, document)]) == []
    index.refresh(name)


def _version(edition):
    return WorkSync.objects.get(pk=edition.work_id).version


def _lose(name, edition):
    client().delete(index=name, id=str(edition.work_id), refresh=True)


def _hide(edition):
    """Take a work out of the catalogue without a word to search."""
    ResourcePage.objects.filter(pk=edition.pk).update(live=False)


@pytest.fixture
def whole(live_index):
    """Three works that are in the index, and one that was withdrawn."""
    editions = [make_resource(title=f"Title {number}") for number in range(3)]
    withdrawn = ResourcePage.objects.get(pk=make_resource().pk)
    sync.catch_up()
    withdrawn.live = False
    withdrawn.save()
    sync.catch_up()
    return editions


def test_nothing_differs_where_the_worker_has_done_its_work(whole):
    (page,) = check(deep=True)
    assert (page.works, page.waiting, page.differences) == (4, 0, ())


class TestFaults:
    """Each is found, named and repaired."""

    def _found_and_repaired(self, expected, *, titles_after, **options):
        differences = [difference for page in check(**options) for difference in page.differences]
        assert {difference.work_id: difference.fault for difference in differences} == expected
        assert repair(differences) == 0
        assert _titles() == titles_after
        assert _faults(deep=True) == {}

    def test_a_document_that_was_lost(self, whole, live_index):
        _lose(live_index, whole[1])
        self._found_and_repaired({whole[1].work_id: Fault.MISSING}, titles_after={"Title 0", "Title 1", "Title 2"})

    def test_a_published_work_that_is_a_tombstone(self, whole, live_index):
        _put(live_index, whole[0].work_id, _version(whole[0]), tombstone(whole[0].work_id))
        self._found_and_repaired({whole[0].work_id: Fault.MISSING}, titles_after={"Title 0", "Title 1", "Title 2"})

    def test_a_work_that_never_had_a_row(self, whole, live_index):
        unheard = make_resource(title="Title 3")
        WorkSync.objects.filter(pk=unheard.work_id).delete()
        self._found_and_repaired({unheard.work_id: Fault.MISSING}, titles_after={"Title 0", "Title 1", "Title 2", "Title 3"})

    def test_what_is_not_published_any_more(self, whole):
        _hide(whole[0])
        self._found_and_repaired({whole[0].work_id: Fault.EXTRA}, titles_after={"Title 1", "Title 2"})

    def test_what_the_database_has_never_heard_of(self, whole, live_index):
        stranger = uuid4()
        document = load_documents([whole[0].work_id])[whole[0].work_id]
        _put(live_index, stranger, 57, {**document, "work_id": str(stranger)})
        self._found_and_repaired({stranger: Fault.EXTRA}, titles_after={"Title 0", "Title 1", "Title 2"})

    def test_a_document_of_an_older_version(self, whole):
        ResourcePage.objects.filter(pk=whole[0].pk).update(title="Changed")
        WorkSync.objects.filter(pk=whole[0].work_id).update(version=80, indexed_version=80)
        self._found_and_repaired({whole[0].work_id: Fault.STALE}, titles_after={"Changed", "Title 1", "Title 2"})

    def test_a_database_restored_from_a_backup(self, whole):
        """The index refuses changes of what it holds in later versions, also of what was withdrawn: each would be lost silently."""
        WorkSync.objects.update(version=80)
        sync.catch_up()
        WorkSync.objects.update(version=1, indexed_version=1)
        ResourcePage.objects.filter(pk=whole[0].pk).update(title="As it was")
        works_changed.send(sender=None, work_ids=[whole[0].work_id])
        sync.catch_up()
        assert "As it was" not in _titles()
        assert set(_faults().values()) == {Fault.AHEAD}
        assert len(_faults()) == 4
        repair([difference for page in check() for difference in page.differences])
        assert _titles() == {"As it was", "Title 1", "Title 2"}
        assert _faults(deep=True) == {}

    def test_content_that_was_changed_without_a_word(self, whole):
        ResourcePage.objects.filter(pk=whole[0].pk).update(title="Changed")
        assert _faults() == {}
        self._found_and_repaired({whole[0].work_id: Fault.DIFFERENT}, titles_after={"Changed", "Title 1", "Title 2"}, deep=True)

    def test_a_field_that_somebody_else_wrote_into_a_document(self, whole, live_index):
        document = load_documents([whole[0].work_id])[whole[0].work_id]
        _put(live_index, whole[0].work_id, _version(whole[0]), {**document, "unknown": 1})
        self._found_and_repaired({whole[0].work_id: Fault.DIFFERENT}, titles_after={"Title 0", "Title 1", "Title 2"}, deep=True)

    def test_one_that_cannot_be_repaired_is_said_to_be_wrong_still(self, whole):
        ResourcePage.objects.filter(pk=whole[0].pk).update(alternative_titles={"sw": ["no", "text"]})
        differences = [difference for page in check(deep=True) for difference in page.differences]
        assert [difference.work_id for difference in differences] == [whole[0].work_id]
        assert repair(differences) == 1
        WorkSync.objects.filter(pk=whole[0].work_id).update(attempts=sync.MOST_ATTEMPTS)
        assert _faults() == {whole[0].work_id: Fault.SET_ASIDE}


class TestMeaning:
    """Vectors come behind the words; `deep` compares them once they are there."""

    @pytest.fixture
    def encoded(self, whole):
        assert WorkSync.objects.filter(lacks_meaning=True).count() == 3
        assert _faults(deep=True) == {}
        while vectors.encode_lacking():
            sync.catch_up()
        assert not WorkSync.objects.filter(lacks_meaning=True).exists()
        return whole

    def test_vectors_come_back_from_the_index_as_they_were_sent(self, encoded):
        work_id = encoded[0].work_id
        sent = load_documents([work_id])[work_id]["editions"][0]["passages"]
        assert len(sent) == 2
        assert index.read([work_id], whole=True)[work_id].source["editions"][0]["passages"] == sent
        assert _faults(deep=True) == {}

    def test_a_vector_that_is_not_that_of_the_text(self, encoded, live_index):
        first, second = (load_documents([edition.work_id])[edition.work_id] for edition in encoded[:2])
        first["editions"][0]["passages"] = second["editions"][0]["passages"]
        _put(live_index, encoded[0].work_id, _version(encoded[0]), first)
        assert _faults(deep=True) == {encoded[0].work_id: Fault.DIFFERENT}

    def test_vectors_that_are_made_but_not_written_yet_are_under_way(self, whole):
        edition = whole[0]
        vectors.encode(encoder(), vectors.texts_of(edition))
        assert load_documents([edition.work_id])[edition.work_id]["editions"][0]["passages"]
        assert _faults(deep=True) == {}


class TestUnderWay:
    """What waits for the worker, or changes under the check, is no fault."""

    def test_a_work_that_is_due(self, whole):
        _hide(whole[0])
        works_changed.send(sender=None, work_ids=[whole[0].work_id])
        (page,) = check(deep=True)
        assert (page.waiting, page.differences) == (1, ())

    def test_a_work_that_is_indexed_between_the_two_looks(self, whole, monkeypatch):
        """The index is read, then the work changes and is written: what the first look saw is out of date."""
        real = index.page

        def read_then_change(after, size):
            found = real(after, size)
            page = ResourcePage.objects.get(pk=whole[0].pk)
            page.title = "Changed"
            page.save()
            sync.catch_up()
            return found

        monkeypatch.setattr(index, "page", read_then_change)  # a change at the worst moment
        assert _faults() == {}

    def test_a_work_that_changes_during_the_second_look(self, whole, monkeypatch):
        _hide(whole[0])
        real = index.read

        def change_then_read(work_ids, *, whole):
            works_changed.send(sender=None, work_ids=work_ids)
            sync.catch_up()
            return real(work_ids, whole=whole)

        monkeypatch.setattr(index, "read", change_then_read)  # likewise
        (page,) = check()
        assert (page.waiting, page.differences) == (1, ())


class TestPages:
    """However many works there are, few are held at a time, and none falls between two pages."""

    @pytest.fixture
    def many(self, live_index, monkeypatch):
        monkeypatch.setattr(checking, "PAGE", 2)  # so that a few works fill pages
        monkeypatch.setattr(checking, "DEEP_PAGE", 3)
        editions = [make_resource() for _ in range(9)]
        sync.catch_up()
        return sorted(edition.work_id for edition in editions)

    @pytest.mark.parametrize("deep", [False, True])
    def test_all_are_compared_once(self, many, deep):
        pages = list(check(deep=deep))
        assert sum(page.works for page in pages) == 9
        assert max(page.works for page in pages) <= (checking.DEEP_PAGE if deep else checking.PAGE)

    @pytest.mark.parametrize("side", ["index", "database"])
    @pytest.mark.parametrize("lost", [(0, 1, 2, 3, 4), (8,), (3, 4, 5), (1, 4, 7), range(9)])
    def test_gaps_on_either_side(self, many, live_index, lost, side):
        gone = {many[place] for place in lost}
        if side == "index":
            for work_id in gone:
                client().delete(index=live_index, id=str(work_id))
            index.refresh(live_index)
        else:
            ResourcePage.objects.filter(work_id__in=gone).update(live=False)
        assert _faults() == dict.fromkeys(gone, Fault.MISSING if side == "index" else Fault.EXTRA)

    @pytest.mark.parametrize("start", [0, 4, 8])
    def test_a_sample_begins_anywhere_and_goes_on_from_the_beginning(self, many, monkeypatch, start):
        monkeypatch.setattr(checking, "uuid4", lambda: UUID(int=many[start].int - 1))
        ResourcePage.objects.update(live=False)
        expected = {many[(start + step) % 9] for step in range(4)}
        assert set(_faults(sample=4)) == expected
        assert sum(page.works for page in check(sample=100)) == 9


class TestCommand:
    def test_it_says_that_all_is_well(self, whole, capsys):
        call_command("search_check", "--deep")
        out = capsys.readouterr().out
        assert "4 works compared, 0 of them" in out
        assert "The index holds what the database holds." in out

    def test_it_names_what_differs_and_repairs_only_if_asked(self, whole, live_index, capsys):
        _lose(live_index, whole[0])
        _hide(whole[1])
        with pytest.raises(SystemExit) as end:
            call_command("search_check")
        assert end.value.code == 1
        out = capsys.readouterr().out
        assert str(whole[0].work_id) in out
        assert Counter(line.split()[1] for line in out.splitlines() if line.startswith("       1 ")) == {"missing": 1, "extra": 1}
        assert not sync.behind().exists()
        call_command("search_check", "--repair")
        assert "2 repaired, 0 still wrong" in capsys.readouterr().out
        call_command("search_check", "--deep", "--sample", "2")

    def test_it_fails_if_something_stays_wrong(self, whole, capsys):
        ResourcePage.objects.filter(pk=whole[0].pk).update(alternative_titles={"sw": ["no", "text"]})
        with pytest.raises(SystemExit) as end:
            call_command("search_check", "--deep", "--repair")
        assert end.value.code == 1
        assert "0 repaired, 1 still wrong" in capsys.readouterr().out

    def test_it_cannot_compare_without_an_index_or_a_server(self, db, line):
        for cut in (False, True):
            if cut:
                line.cut()
            with pytest.raises(CommandError) as end:
                call_command("search_check")
            assert end.value.returncode == 2

    def test_it_does_not_compare_content_with_an_index_of_another_version_of_the_software(self, whole):
        IndexTarget.objects.update(settings_hash="of another version")
        call_command("search_check")
        with pytest.raises(CommandError, match="every document differs") as end:
            call_command("search_check", "--deep")
        assert end.value.returncode == 2

    @pytest.mark.parametrize("number", ["0", "-1", "few"])
    def test_a_sample_is_a_number(self, db, number):
        with pytest.raises(CommandError):
            call_command("search_check", "--sample", number)


def test_a_document_comes_back_as_it_was_sent(whole):
    """What `deep` compares: JSON has no tuples and no dates."""
    document = load_documents([whole[0].work_id])[whole[0].work_id]
    assert json.loads(json.dumps(document)) == index.read([whole[0].work_id], whole=True)[whole[0].work_id].source
