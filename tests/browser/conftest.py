"""A real Chromium against the real site. CHROMIUM names the program; `make test` sets it."""

import os
import shutil
import threading
import zipfile

import pytest
from django.db import connection
from playwright.sync_api import sync_playwright

from core import jobs
from media.store import store
from tests.browser.uploading import opened_editor
from tests.factories.members import make_user

PROGRAM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """Playwright's own loop runs in this thread, so Django must be told that its database may be used beside it."""
    if PROGRAM is None:
        pytest.skip("There is no Chromium here; set CHROMIUM to the program.")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visit:
    """A tab with a window of some width, that remembers what the browser complained about."""

    def __init__(self, chromium, base, width, **options):
        self.context = chromium.new_context(viewport={"width": width, "height": 844}, base_url=base, **options)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def _note(self, kind, text):
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def sign_in(self, email, password):
        """Through the form, as a person does."""
        self.page.goto("/en/login/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.locator("main").get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def overflow(self):
        """Return by how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def visit(chromium, live_server, settings):
    """Open a tab: `visit(width=390)`; further options are Playwright's for a context."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    visits = []

    def opened(width=1280, **options):
        visits.append(Visit(chromium, live_server.url, width, **options))
        return visits[-1]

    yield opened
    for each in visits:
        each.context.close()


@pytest.fixture
def worker():
    """Background work, as long as the test runs."""
    stop = threading.Event()

    def work():
        while not stop.wait(0.1):
            jobs.run_due()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def user(db):
    return make_user("contributor")


@pytest.fixture
def editor(visit, live_server, worker, user):
    """The form of a new resource, opened by a contributor."""
    store().ensure_bucket([live_server.url])
    return opened_editor(visit(), user)


@pytest.fixture
def film(tmp_path):
    """A file of four parts on disk, as a person chooses it."""
    path = tmp_path / "film.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("film.mp4", os.urandom(25 * 1024 * 1024))
    return path
