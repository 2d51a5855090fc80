"""Several addresses in ELASTICSEARCH_URL: a search is answered, and a change written, as long as one of them answers."""

import contextlib
import socket
import time
from pathlib import Path

import pytest

from search import checks, index, services, sync
from search.client import RequestRefusedError, SearchUnavailableError, client
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.reading import titles

pytestmark = pytest.mark.index

TIMEOUT = 1.0
TRIES = 3
SLACK_SECONDS = 5.0  # for a machine that has much else to do


class Silent:
    """A server that takes connections and never answers."""

    def __init__(self, server):
        self.server = server
        self.port = server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def asked(self):
        """Return how many connections came, once."""
        self.server.setblocking(False)
        connections = []
        with contextlib.suppress(BlockingIOError):
            while True:
                connections.append(self.server.accept()[0])
        for connection in connections:
            connection.close()
        return len(connections)


@pytest.fixture
def silent():
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield Silent(server)


@pytest.fixture
def closed():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def bound(settings):
    """Give every search of the test a short time; return how long it may take at most, in seconds."""
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = TIMEOUT
    settings.ELASTICSEARCH_RETRIES = TRIES - 1
    return TIMEOUT * TRIES


def _passed_over(find, settings, bad, bound):
    make_resource(title="Kite")
    assert titles(find()) == ["Kite"]
    settings.ELASTICSEARCH_URL = f"{bad}, {settings.ELASTICSEARCH_URL}"
    for _ in range(4):
        began = time.monotonic()
        assert titles(services.search(SearchRequest(q="kite"))) == ["Kite"]
        assert time.monotonic() - began < bound + SLACK_SECONDS


def test_a_search_passes_over_a_node_that_is_gone(find, settings, closed, bound):
    _passed_over(find, settings, closed, bound)


def test_a_search_passes_over_a_node_that_hangs_and_then_lets_it_rest(find, settings, silent, bound):
    _passed_over(find, settings, silent.url, bound)
    assert 1 <= silent.asked() < 4


def test_a_change_is_written_past_a_node_that_does_not_answer(settings, live_index, closed):
    settings.ELASTICSEARCH_URL = f"{closed},{settings.ELASTICSEARCH_URL}"
    for number in range(4):
        make_resource(title=f"Kite {number}")
        assert sync.sync_due() == 1
        assert len(titles(services.search(SearchRequest(q="kite")))) == number + 1


def test_where_all_hang_the_search_ends_within_its_bound(settings, db, silent, bound):
    settings.ELASTICSEARCH_URL = f"{silent.url},http://localhost:{silent.port}"
    began = time.monotonic()
    with pytest.raises(SearchUnavailableError):
        services.search(SearchRequest(q="kite"))
    assert time.monotonic() - began < bound + SLACK_SECONDS
    assert silent.asked() == TRIES


def test_a_single_node_that_hangs_is_not_asked_again(settings, db, silent, bound):
    settings.ELASTICSEARCH_URL = silent.url
    with pytest.raises(SearchUnavailableError):
        services.search(SearchRequest(q="kite"))
    assert silent.asked() == 1


def test_an_address_given_twice_is_one(settings):
    settings.ELASTICSEARCH_URL = f"{settings.ELASTICSEARCH_URL},{settings.ELASTICSEARCH_URL},"
    assert len(client().transport.node_pool) == 1


def test_an_index_that_an_unanswered_try_has_made_is_no_error(settings):
    name = index.new_name()
    index.create(name)
    index.create(name)
    assert index.ours() == [name]
    settings.SEARCH_SHARDS = 0
    with pytest.raises(RequestRefusedError, match="number_of_shards"):
        index.create(index.new_name())


NONSENSE = [
    ("ELASTICSEARCH_URL", "search:9200", "search.E001"),
    ("ELASTICSEARCH_URL", "http://a:9200;http://b:9200", "search.E001"),
    ("ELASTICSEARCH_URL", "http://a:9200,ftp://b", "search.E001"),
    ("ELASTICSEARCH_URL", "http://a:port", "search.E001"),
    ("ELASTICSEARCH_TIMEOUT_SECONDS", 0.0, "search.E002"),
    ("ELASTICSEARCH_TIMEOUT_SECONDS", 10.5, "search.E004"),
    ("ELASTICSEARCH_RETRIES", -1, "search.E003"),
    ("ELASTICSEARCH_RETRIES", 6, "search.E004"),
    ("SEARCH_SHARDS", 0, "search.E005"),
    ("SEARCH_REPLICAS", -1, "search.E006"),
    ("SEARCH_INDEX_PREFIX", "Festival", "search.E007"),
    ("SEARCH_INDEX_PREFIX", "-festival", "search.E007"),
    ("SEARCH_INDEX_PREFIX", "", "search.E007"),
]


def _all_checks():
    each = (checks.addresses_can_be_asked, checks.a_search_ends_in_time, checks.index_can_be_made)
    return [error.id for check in each for error in check()]


@pytest.mark.parametrize(("name", "value", "code"), NONSENSE)
def test_settings_that_cannot_work_are_named(settings, name, value, code):
    assert _all_checks() == []
    setattr(settings, name, value)
    assert _all_checks() == [code]


def test_a_wrong_address_is_named_without_its_password(settings):
    settings.ELASTICSEARCH_URL = "elastic://user:geheim@search:9200"
    assert "geheim" not in checks.addresses_can_be_asked()[0].msg


def test_two_searches_end_before_the_web_server_gives_up():
    given = {}
    exec((Path(__file__).resolve().parents[3] / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8"), given)  # noqa: S102 - ours
    assert given["timeout"] >= 2 * checks.LONGEST_SEARCH_SECONDS
