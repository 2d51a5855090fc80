"""The real index of this test worker, empty at the start of each test and deleted at its end."""

import pytest

from search import index, rebuild, services, sync
from search.client import client
from search.types import SearchRequest
from tests.cut_line import CutLine


@pytest.fixture(autouse=True)
def _no_index_left():
    """Every test begins and ends without an index of this worker."""
    index.delete(index.ours())
    yield
    index.delete(index.ours())


@pytest.fixture(scope="module")
def empty_index():
    """An index without works, for questions about its settings."""
    name = f"{index.alias()}-settings"
    index.delete([name])
    index.create(name)
    yield name
    index.delete([name])


@pytest.fixture
def live_index(db):
    """An index that is live and holds what the database holds now."""
    return rebuild.rebuild()


@pytest.fixture
def find(live_index):
    """Bring the index up to date and search."""

    def find(q="", **fields):
        sync.catch_up()
        return services.search(SearchRequest(q=q, **fields))

    return find


@pytest.fixture
def line(settings):
    """The line between the site and Elasticsearch, which the test may cut."""
    there = CutLine(settings.ELASTICSEARCH_URL)
    settings.ELASTICSEARCH_URL = there.url
    yield there
    client().close()
    there.cut()
