"""A rebuild is killed in the middle and begun again while people publish, change, withdraw and search."""

import itertools
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from catalogue.models import ResourcePage
from catalogue.services import withdraw
from search import checking, index, rebuild, services, sync
from search.models import IndexTarget, WorkSync
from search.types import SearchRequest
from tests import processes
from tests.factories.catalogue import make_resource, revise
from tests.factories.members import make_institution, make_user
from tests.reading import titles
from tests.waiting import until

SCRIPT = Path(__file__).with_name("rebuild_process.py")
WORKS = 30


class Crowd:
    """People at work in threads of their own, until `stop`; what went wrong for any of them is in `failures`."""

    def __init__(self):
        self.stopping = threading.Event()
        self.failures = []
        self.done = {}
        self.threads = []

    def let(self, name, step):
        """Have somebody do this again and again; step is told how often it was done."""
        self.done[name] = 0
        self.threads.append(threading.Thread(target=self._repeat, args=(name, step)))
        self.threads[-1].start()

    def _repeat(self, name, step):
        try:
            for number in itertools.count():
                if self.stopping.is_set():
                    return
                step(number)
                self.done[name] += 1
        except Exception as error:  # noqa: BLE001 - told by the test
            self.failures.append(error)
        finally:
            connection.close()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def crowd():
    crowd = Crowd()
    yield crowd
    crowd.stop()


@pytest.fixture
def start_rebuild(tmp_path):
    started = []

    def start():
        with (tmp_path / "log").open("ab") as log:
            started.append(subprocess.Popen([sys.executable, SCRIPT], env=processes.environment(), stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def _filled():
    """Return how far a rebuild under way has come: (name of its index, last work)."""
    return IndexTarget.objects.filter(is_live=False, filled_up_to__isnull=False).values_list("name", "filled_up_to").first()


def _retitle(page, title):
    revise(page, title=title).publish(skip_permission_checks=True)


@pytest.mark.django_db(transaction=True)
def test_no_search_fails_and_no_change_is_lost(crowd, start_rebuild):
    institution, secretariat = make_institution(), make_user("secretariat")
    steady, changing, coming_and_going = (
        [make_resource(institution, title=f"{name} {number}") for number in range(WORKS // 3)] for name in ("Steady", "Changing", "Fickle")
    )
    rebuild.rebuild()
    sync.catch_up()

    def search(_number):
        found = services.search(SearchRequest(q="steady", page_size=100))
        assert {edition.title for edition in steady} <= set(titles(found)), "what nobody changes is always found"

    def change(number):
        edition = changing[number % len(changing)]
        _retitle(ResourcePage.objects.get(pk=edition.pk), f"Changing {edition.pk} in round {number}")

    def come_and_go(number):
        page = ResourcePage.objects.get(pk=coming_and_going[number % len(coming_and_going)].pk)
        if page.live:
            withdraw(page, by=secretariat)
        else:
            page.get_latest_revision().publish(skip_permission_checks=True)

    def publish_new(number):
        if number < 2 * WORKS:
            make_resource(institution, title=f"New {number}")
        else:
            crowd.stopping.wait(0.05)

    loop = sync.SyncLoop()
    worker = {"index": loop.step, "remember": loop.remember}
    for name, step in {"search": search, "search too": search, "change": change, "come and go": come_and_go, "new": publish_new}.items():
        crowd.let(name, step)
    for name, step in worker.items():
        crowd.let(name, lambda _number, step=step: step() or crowd.stopping.wait(0.05))

    first = start_rebuild()
    reached = until(_filled, seconds=120)
    first.kill()
    first.wait()
    assert index.live() != [reached[0]], "it was killed before it was done"
    searches = crowd.done["search"]
    until(lambda: crowd.done["search"] > searches or crowd.failures, seconds=60)

    until(lambda: start_rebuild().wait() == 0 or crowd.failures, seconds=180)
    assert index.live() == [reached[0]], "the second one went on with what the first had begun"
    until(lambda: min(crowd.done.values()) > 0 or crowd.failures, seconds=60)
    crowd.stop()
    assert crowd.failures == []

    sync.catch_up()
    assert [page.differences for page in checking.check(deep=True) if page.differences] == []
    live = set(ResourcePage.objects.filter(live=True).values_list("title", flat=True))
    assert set(titles(services.search(SearchRequest(page_size=100)))) == live
    assert not WorkSync.objects.exclude(error="").exists()
    assert index.ours() == [reached[0]]
