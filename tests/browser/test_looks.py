"""Looking at files in a real browser: pages, enlarged pictures, films with subtitles, by the policy of the page and from the real store."""

import io
import shutil
import subprocess

import pytest
from PIL import Image

from core import jobs
from media.store import store
from tests.factories import documents
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db(transaction=True)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed.")

CUE_THAT_IS_SHOWN = """video => new Promise(done => {
  const track = video.textTracks[0]
  const look = () => track.activeCues?.length ? done(track.activeCues[0].text) : requestAnimationFrame(look)
  look()
})"""


@pytest.fixture
def owner(db):
    return make_institution(name="Severnside")


def make(owner, body, filename):
    made = make_object(owner, body=body, filename=filename)
    while jobs.run_due(10):
        pass
    return made


def picture():
    body = io.BytesIO()
    Image.linear_gradient("L").resize((2400, 1600)).save(body, "PNG")
    return body.getvalue()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_fetched_when_somebody_looks(width, owner, visit):
    sheet = make(owner, documents.pdf(*(f"Page {number}" for number in range(1, 13))), "sheet.pdf")
    edition = make_resource(owner, files=[make(owner, picture(), "boat.png"), sheet])
    tab = visit(width=width)
    fetched = []
    tab.page.on("request", lambda request: fetched.append(request.url))
    tab.page.goto(edition.get_url(), wait_until="networkidle")
    assert not [url for url in fetched if "/look/page-" in url]
    tab.page.get_by_text("Look at the first 10 of 12 pages").click()
    first = tab.page.get_by_role("img", name="Page 1", exact=True)
    assert first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    assert tab.overflow() == 0
    tab.page.get_by_role("list", name="sheet.pdf").press("End")
    assert tab.complaints == []


def test_a_click_enlarges_a_picture(owner, visit):
    edition = make_resource(owner, files=[make(owner, picture(), "boat.png")])
    tab = visit()
    tab.page.goto(edition.get_url())
    tab.page.locator(".record__picture a").click()
    tab.page.wait_for_url(lambda url: "/derived/" in url)
    assert tab.page.evaluate("document.images[0].naturalWidth") == 1920
    tab.page.go_back()
    assert tab.page.get_by_role("heading", name="Soap boats").is_visible()


@needs_ffmpeg
def test_a_film_plays_from_the_middle_with_subtitles(owner, visit, live_server, tmp_path):
    store().ensure_bucket([live_server.url])
    film = tmp_path / "tide.webm"
    source = ["-f", "lavfi", "-i", "testsrc=duration=8:size=320x240:rate=10"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-c:v", "libvpx", "-b:v", "200k", film], check=True)
    files = [make(owner, film, "tide.webm"), make(owner, documents.srt("One", "Two", "Three", "Four", "Five"), "tide.fr.srt")]
    edition = make_resource(owner, files=files)
    tab = visit()
    fetched = []
    tab.page.on("request", lambda request: fetched.append(request.url))
    tab.page.goto(edition.get_url(), wait_until="networkidle")
    assert not [url for url in fetched if "/play/" in url]
    player = tab.page.locator("video")
    player.evaluate("video => { video.muted = true; video.textTracks[0].mode = 'showing'; return video.play() }")
    player.evaluate("video => new Promise(done => { video.onseeked = done; video.currentTime = 4.5 })")
    assert player.evaluate(CUE_THAT_IS_SHOWN) in {"Four", "Five"}
    assert player.evaluate("video => video.textTracks[0].label") == "Français"
    assert tab.complaints == []
