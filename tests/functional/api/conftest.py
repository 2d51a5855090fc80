"""The real index of this test worker, filled from the database."""

import pytest

from search import index, rebuild, sync


@pytest.fixture(autouse=True)
def _no_index_left():
    index.delete(index.ours())
    yield
    index.delete(index.ours())


@pytest.fixture
def live_index(db):
    """An index that is live and follows the database when `live_index()` is called."""
    rebuild.rebuild()
    return sync.catch_up
