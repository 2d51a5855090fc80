"""A small catalogue in a real index, the same for all scenarios of a module."""

import pytest

from search import index, rebuild


@pytest.fixture
def catalogue(db):
    """Make an index of what a scenario put into the database, and delete it afterwards."""
    index.delete(index.ours())
    yield rebuild.rebuild
    index.delete(index.ours())
