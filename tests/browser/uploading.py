"""What a person does in the uploader of the editor, and what has come of it in the store."""

import datetime as dt
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import expect

from catalogue.models import InstitutionPage
from core import clock
from media.models import ObjectState, StoredObject, Upload
from media.store import store
from tests.browser.patience import eventually
from tests.factories.members import PASSWORD

needs_front_end = pytest.mark.skipif(
    not all((settings.BASE_DIR / "static" / "dist" / name).is_file() for name in ("editor.js", "uploader.js")),
    reason="The front end is not built: npm run build.",
)


def opened_editor(visited, user, page=None):
    """Open the editor of a page, or the form of a new one, as this user."""
    visited.sign_in(user.email, PASSWORD)
    visited.page.on("dialog", lambda dialog: dialog.accept())
    home = InstitutionPage.objects.get(institution=user.institution)
    visited.page.goto(f"/admin/pages/{page.pk}/edit/" if page else f"/admin/pages/add/catalogue/resourcepage/{home.pk}/")
    expect(visited.page.locator("[data-uploads][data-ready]")).to_be_attached()
    return visited


def choose(page, *files):
    """Choose files that are made up: pairs of name and bytes."""
    payloads = [{"name": name, "mimeType": "application/octet-stream", "buffer": body} for name, body in files]
    page.locator("[data-uploads] input[type=file]").set_input_files(payloads)


def choose_path(page, path):
    """Choose a file on disk."""
    page.locator("[data-uploads] input[type=file]").set_input_files(path)


def going(page):
    """The files on their way."""
    return page.locator("[data-uploads-list] li")


def resting(page):
    """The files that are not finished."""
    return page.locator("[data-uploads-unfinished] li")


def rows(page, state):
    """The rows of files that have arrived, in a certain state."""
    return page.locator(f"[data-stored-object][data-state={state}]")


class Puts:
    """The parts that a page asks the store to take, in order."""

    def __init__(self, page):
        self.numbers = []
        page.on("request", self._note)

    def _note(self, request):
        if request.method == "PUT":
            self.numbers.append(number_of(request))


def number_of(request):
    """Return which part a request to the store carries."""
    return int(parse_qs(urlsplit(request.url).query)["partNumber"][0])


def has_ended(url):
    """Whether the time of a link to the store is over."""
    query = parse_qs(urlsplit(url).query)
    signed = dt.datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%S%z")
    return clock.now() > signed + dt.timedelta(seconds=int(query["X-Amz-Expires"][0]))


def hold(page, *numbers):
    """Let these parts wait on their way to the store until `page.unroute_all()`, which sends them on; return those that do."""
    held = []

    def keep(route):
        held.append(route)

    page.route(re.compile(f"partNumber=({'|'.join(map(str, numbers))})&"), keep)
    return held


def parts_in_store():
    """Return the numbers of the parts that have arrived, of the only upload; none while the store does not know it yet."""
    upload = Upload.objects.select_related("stored_object").get()
    return {part.number for part in store().list_parts(upload.stored_object.key, upload.s3_upload_id) or ()}


def arrived(page, *numbers):
    """Wait until exactly these parts lie in the store."""
    eventually(page, lambda: Upload.objects.exists() and parts_in_store() == set(numbers))


def is_whole(path):
    """Whether one object came of it, with the bytes of the file, and the browser's own sum was compared."""
    stored = StoredObject.objects.get(state=ObjectState.VERIFIED)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert stored.declared_sha256 == sha256
    return hashlib.sha256(b"".join(store().stream(stored.key, stored.version_id))).hexdigest() == sha256
