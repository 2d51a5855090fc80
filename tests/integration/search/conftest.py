"""The real index of this test worker, empty at the start of each test and deleted at its end."""

import pytest

from search import index, rebuild, services, sync
from search.types import SearchRequest


@pytest.fixture
def live_index(db):
    """An index that is live and holds what the database holds now."""
    index.delete(index.ours())
    yield rebuild.rebuild()
    index.delete(index.ours())


@pytest.fixture
def find(live_index):
    """Bring the index up to date and search."""

    def find(q="", **fields):
        sync.catch_up()
        return services.search(SearchRequest(q=q, **fields))

    return find
