"""The web process or the object store is killed in the middle of an upload: it goes on when they are back, and the file is whole."""

import re

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import expect

from media.store import store
from tests.browser.conftest import Visit
from tests.browser.patience import eventually
from tests.browser.servers import Servers
from tests.browser.uploading import Puts, arrived, choose_path, going, hold, is_whole, needs_front_end, opened_editor, parts_in_store, rows
from tests.factories.members import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), needs_front_end]

MIB = 1024 * 1024


@pytest.fixture
def servers(settings, transactional_db):
    with Servers(settings) as servers:
        store().ensure_bucket([servers.web_url])
        yield servers


@pytest.fixture
def page(servers, chromium, worker, user):
    """The form of a new resource, from the web process that can be killed."""
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)  # it does not know the quick one of the tests
    user.save()
    visited = Visit(chromium, servers.web_url, 1280)
    yield opened_editor(visited, user).page
    visited.context.close()


def test_the_web_process_is_killed_before_all_parts_are_signed(servers, page, film):
    puts, held = Puts(page), hold(page, 1, 2, 3)
    choose_path(page, film)
    eventually(page, lambda: len(held) == 3)
    servers.web.kill()
    page.unroute_all()
    expect(going(page)).to_contain_text("goes on by itself", timeout=20_000)
    arrived(page, 1, 2, 3)
    servers.web.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(rows(page, "verified")).to_have_count(1, timeout=40_000)
    assert sorted(puts.numbers) == [1, 2, 3, 4]
    assert is_whole(film)


def test_the_store_is_killed_in_the_middle_of_a_part(servers, page, film):
    puts = Puts(page)
    held = hold(page, 3)
    choose_path(page, film)
    arrived(page, 1, 2, 4)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": MIB}
    line.send("Network.emulateNetworkConditions", limits)
    assert len(held) == 1
    page.unroute_all()
    expect(going(page)).to_contain_text(re.compile(r"(7[1-9]|[89]\d)%"), timeout=20_000)
    assert parts_in_store() == {1, 2, 4}
    servers.store.kill()
    line.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": -1})
    expect(going(page)).to_contain_text("goes on by itself", timeout=20_000)
    servers.store.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(rows(page, "verified")).to_have_count(1, timeout=40_000)
    assert sorted(number for number in puts.numbers if number != 3) == [1, 2, 4]
    assert puts.numbers.count(3) > 1
    assert is_whole(film)
