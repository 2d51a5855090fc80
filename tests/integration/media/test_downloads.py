"""Links to files: for minutes, under the name that people gave, and never for what is not checked."""

from urllib.request import urlopen

import pytest

from core.errors import ConflictError, NotFoundError, UnavailableError
from media.models import ObjectState
from media.services import sign_download, store_ready
from media.store import store
from tests.browserlike import send
from tests.factories.media import make_object, make_object_row
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db


def test_a_download_has_its_name_and_is_saved_not_shown():
    stored = make_object(body=b"words\n", filename="实验 手册.txt")
    status, headers, body = send(sign_download(stored), method="GET")
    assert (status, body) == (200, b"words\n")
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "%E5%AE%9E%E9%AA%8C" in headers["Content-Disposition"]


def test_another_name_can_be_given():
    with urlopen(sign_download(make_object(), filename="renamed.txt")) as answer:  # noqa: S310 - signed by us
        assert 'filename="renamed.txt"' in answer.headers["Content-Disposition"]


def test_what_could_run_something_is_never_shown_inline():
    svg = make_object(body=b"<svg xmlns='http://www.w3.org/2000/svg'><a href='https://example.org/'/></svg>", filename="a.svg")
    assert send(sign_download(svg, inline=True), method="GET")[1]["Content-Disposition"].startswith("attachment;")


def test_a_duplicate_gives_the_bytes_of_the_first_under_its_own_name():
    institution = make_institution()
    make_object(institution, b"same", "one.txt")
    status, headers, body = send(sign_download(make_object(institution, b"same", "two.txt")), method="GET")
    assert (status, body) == (200, b"same")
    assert 'filename="two.txt"' in headers["Content-Disposition"]


@pytest.mark.parametrize("state", [state for state in ObjectState if state != ObjectState.VERIFIED])
def test_what_is_not_verified_has_no_link(state):
    rejection = "type-not-allowed" if state == ObjectState.REJECTED else ""
    with pytest.raises(ConflictError):
        sign_download(make_object_row(state=state, rejection=rejection))


def test_what_the_store_lost_is_said():
    stored = make_object()
    store().delete(stored.key)
    with pytest.raises(NotFoundError):
        sign_download(stored)


def test_a_store_that_is_away_is_said(settings):
    stored = make_object()
    assert store_ready() is None
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    with pytest.raises(UnavailableError):
        sign_download(stored)
    assert store_ready()


def test_the_browser_s_address_of_the_store_is_the_one_that_is_signed(settings):
    stored = make_object()
    settings.S3_PUBLIC_ENDPOINT_URL = "https://files.festival.example"
    assert sign_download(stored).startswith("https://files.festival.example/")
