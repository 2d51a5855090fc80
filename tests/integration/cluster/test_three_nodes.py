"""A node is killed under load, the master at that: every search is answered within its bound, and no change is lost."""

import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from catalogue.models import ResourcePage
from search import index, rebuild, services, sync
from search.client import client
from search.models import WorkSync
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution
from tests.integration.cluster.three_nodes import ThreeNodes
from tests.waiting import until

WORKS = 12
SEARCHERS = 3
TIMEOUT_SECONDS = 5.0
RETRIES = 2
CHANGES_AFTER_THE_KILL = 10


@pytest.fixture
def cluster(settings):
    folder = Path(tempfile.mkdtemp(prefix="three-nodes-", dir="/var/tmp"))
    folder.chmod(0o755)  # the servers' own account must reach it
    try:
        with ThreeNodes(folder) as nodes:
            settings.ELASTICSEARCH_URL = nodes.urls
            settings.ELASTICSEARCH_TIMEOUT_SECONDS, settings.ELASTICSEARCH_RETRIES = TIMEOUT_SECONDS, RETRIES
            settings.SEARCH_SHARDS, settings.SEARCH_REPLICAS = 2, 1
            yield nodes
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Load:
    """Threads that search, change works and write the changes to the index, until `stop`."""

    work_pages: list
    seconds: list = field(default_factory=list)
    troubles: list = field(default_factory=list)
    changes: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self):
        loop = sync.SyncLoop()
        bodies = [self._search] * SEARCHERS + [self._change, loop.step, loop.remember]
        self.threads = [threading.Thread(target=self._repeat, args=(body,)) for body in bodies]
        for thread in self.threads:
            thread.start()
        return loop

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _repeat(self, body):
        try:
            while not self.stopping.wait(0.01):
                body()
        except Exception as error:  # noqa: BLE001 - the test shows it
            self.troubles.append(error)
        finally:
            connection.close()

    def _search(self):
        began = time.monotonic()
        results = services.search(SearchRequest(q="kite"))
        self.seconds.append(time.monotonic() - began)
        assert results.count == WORKS

    def _change(self):
        page = ResourcePage.objects.get(pk=self.work_pages[self.changes % len(self.work_pages)])
        page.title = f"Kite, change {self.changes}"
        page.save()
        self.changes += 1


@pytest.mark.django_db(transaction=True)
def test_the_master_is_killed_under_load(cluster):
    house = make_institution()
    pages = [make_resource(house, title=f"Kite {number}").pk for number in range(WORKS)]
    name = rebuild.rebuild()
    client().indices.put_settings(index=name, settings={"index.unassigned.node_left.delayed_timeout": "0"})
    until(lambda: cluster.is_green(3), 30)
    services.warm_up()
    load = Load(pages)
    loop = load.run()
    try:
        until(lambda: load.changes > 0 and len(load.seconds) > SEARCHERS, 30)
        cluster.master().kill()
        searched, changed = len(load.seconds), load.changes
        until(lambda: cluster.is_green(2), 60)
        until(lambda: load.changes >= changed + CHANGES_AFTER_THE_KILL and len(load.seconds) > searched + SEARCHERS, 30)
    finally:
        load.stop()

    assert load.troubles == []
    assert max(load.seconds) < TIMEOUT_SECONDS * (RETRIES + 1)
    until(lambda: (loop.step(), loop.remember(), not sync.behind().exists())[-1], 30)
    assert not WorkSync.objects.exclude(error="").exists()
    index.refresh(name)
    found = {hit.id: hit.title for hit in services.search(SearchRequest(q="kite", page_size=100)).hits}
    assert found == dict(ResourcePage.objects.values_list("work_id", "title"))
    assert cluster.is_green(2)
