"""The commands of search: what they print, and how they end. search_check has a file of its own."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import ResourcePage
from core import clock
from search import health, index, rebuild, services, sync
from search.checks import index_has_shape_of_this_version
from search.mapping import settings_hash
from search.models import IndexTarget, WorkSync
from search.types import SearchRequest
from tests import processes
from tests.factories.catalogue import make_resource

pytestmark = pytest.mark.django_db


def _status(capsys):
    """Return (exit status, output) of search_status."""
    capsys.readouterr()
    try:
        call_command("search_status")
    except SystemExit as end:
        return end.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


def _cannot_be_indexed(edition, attempts=sync.MOST_ATTEMPTS):
    ResourcePage.objects.filter(pk=edition.pk).update(alternative_titles={"sw": ["no", "text"]})
    WorkSync.objects.filter(pk=edition.work_id).update(attempts=attempts, error="TypeError(...)")


def _start_web(environment):
    """Return what a web process logs at its start."""
    web = [sys.executable, "-c", "import config.wsgi"]
    return subprocess.run(web, env=environment, capture_output=True, text=True, check=True, timeout=120).stderr


class TestStatus:
    def test_all_is_well(self, live_index, capsys):
        make_resource()
        code, out = _status(capsys)
        assert code == 0
        assert "works behind:    1, the oldest for" in out
        sync.catch_up()
        code, out = _status(capsys)
        assert "works behind:    0\n" in out
        assert f"{live_index}: live, 1 works\n" in out

    def test_works_that_fail_are_told_from_those_that_are_set_aside(self, live_index, capsys):
        retried, aside = make_resource(title="Retried"), make_resource(title="Resting")
        _cannot_be_indexed(retried, attempts=3)
        assert _status(capsys)[0] == 0
        _cannot_be_indexed(aside)
        code, out = _status(capsys)
        assert code == 1
        assert "works behind:    1, the oldest" in out
        assert "1 of them failed and are tried again" in out
        assert "works set aside: 1\n" in out
        assert f"{aside.work_id} Resting" in out
        assert "a mistake in the software" in out
        assert "! 1 work could not be indexed and is set aside." in out

    def test_the_worker_does_not_run(self, live_index, capsys):
        make_resource()
        with clock.travel(clock.now() + dt.timedelta(minutes=10)):
            code, out = _status(capsys)
        assert (code, "! The oldest change has been waiting for 10 minutes. Is the worker running?" in out) == (1, True)

    def test_there_is_no_index(self, db, capsys):
        code, out = _status(capsys)
        assert (code, "! There is no live index." in out) == (1, True)

    def test_the_index_was_wiped(self, live_index, capsys):
        index.delete([live_index])
        code, out = _status(capsys)
        assert (code, "! There is no live index." in out) == (1, True)
        assert f"{live_index}: gone" in out

    def test_elasticsearch_is_away(self, line, live_index, capsys):
        line.cut()
        code, out = _status(capsys)
        assert (code, "! Elasticsearch does not answer." in out) == (1, True)

    def test_how_far_a_rebuild_is(self, live_index, monkeypatch, capsys):
        monkeypatch.setattr(rebuild, "BATCH", 2)
        editions = sorted((make_resource() for _ in range(4)), key=lambda edition: edition.work_id)
        seen = []
        rebuild.rebuild(lambda _works: seen.append(_status(capsys)[1]))
        share = editions[1].work_id.int / 2**128
        assert f"being filled, about {share:.0%}" in seen[0]


class TestOldShape:
    """After an upgrade, until the worker has built the new index, somebody says so; nothing is refused."""

    @pytest.fixture
    def old(self, live_index):
        make_resource()
        IndexTarget.objects.update(settings_hash="of another version")
        yield
        rebuild.IndexKeeper().step()
        assert index_has_shape_of_this_version() == []
        assert not health.uses_old_shape()

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(("shape", "said"), [("of another version", 1), (None, 0)])
    def test_a_web_process_says_so_when_it_starts(self, shape, said, settings):
        settings.SEARCH_ENCODER = ""  # the web process starts sooner without one
        IndexTarget.objects.create(name="there", is_live=True, settings_hash=shape or settings_hash())
        log = _start_web(processes.environment(SEARCH_ENCODER=""))
        assert log.count("index_has_old_shape") == said
        assert log.count("Search still uses the index in its old shape") == said

    def test_a_web_process_that_meets_no_tables_says_nothing(self, tmp_path):
        log = _start_web(os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3", "SEARCH_ENCODER": ""})
        assert "Traceback" not in log
        assert "old shape" not in log

    def test_check_and_status_say_so_and_do_not_fail(self, old, capsys):
        call_command("check", deploy=True, tags=["compatibility"])
        assert [(message.id, message.is_serious()) for message in index_has_shape_of_this_version()] == [("search.I001", False)]
        code, out = _status(capsys)
        assert code == 0
        assert ", of another version of the software" in out
        assert "- Search still uses the index in its old shape" in out


class TestSync:
    def test_it_writes_what_is_due(self, live_index, capsys):
        make_resource()
        call_command("search_sync", "--once")
        assert "1 works written, 0 still behind" in capsys.readouterr().out

    def test_it_tries_again_what_is_set_aside_only_if_asked_and_fails_if_that_fails(self, live_index, capsys):
        bad = make_resource(title="Mended")
        _cannot_be_indexed(bad)
        with pytest.raises(CommandError, match="1 of them could not be indexed"):
            call_command("search_sync", "--once", "--retry")
        assert WorkSync.objects.get(pk=bad.work_id).attempts == 1
        _cannot_be_indexed(bad)
        ResourcePage.objects.filter(pk=bad.pk).update(alternative_titles={})
        with pytest.raises(CommandError):
            call_command("search_sync", "--once")
        call_command("search_sync", "--once", "--retry")
        assert services.search(SearchRequest()).count == 1


class TestRebuild:
    def test_it_makes_a_new_index_live(self, live_index, capsys):
        make_resource()
        call_command("search_rebuild")
        assert index.live() != [live_index]
        assert f"Searches now go to {index.live()[0]}." in capsys.readouterr().out
        assert services.search(SearchRequest()).count == 1

    def test_it_fails_where_a_work_could_not_be_indexed_though_searches_go_to_the_new_one(self, live_index, capsys):
        _cannot_be_indexed(make_resource())
        make_resource()
        with pytest.raises(CommandError, match="1 works could not be indexed"):
            call_command("search_rebuild")
        assert index.live() != [live_index]
        assert services.search(SearchRequest()).count == 1

    def test_it_does_not_blame_works_that_failed_before_and_are_well_now(self, live_index):
        edition = make_resource()
        WorkSync.objects.filter(pk=edition.work_id).update(attempts=sync.MOST_ATTEMPTS, error="TypeError(...)")
        call_command("search_rebuild")
        assert services.search(SearchRequest()).count == 1

    def test_one_that_is_stopped_by_ctrl_c_can_be_continued_at_once(self, live_index, monkeypatch):
        monkeypatch.setattr(rebuild, "BATCH", 2)
        for _ in range(4):
            make_resource()

        def stop(_works):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild.rebuild(stop)
        done = []
        rebuild.rebuild(done.append)
        assert done == [2]


def test_they_fail_with_a_sentence(line, db):
    with pytest.raises(CommandError, match="There is no index yet"):
        call_command("search_sync", "--once")
    rebuild.rebuild()
    make_resource()
    line.cut()
    for command in (["search_sync", "--once"], ["search_rebuild"]):
        with pytest.raises(CommandError, match="does not answer"):
            call_command(*command)
