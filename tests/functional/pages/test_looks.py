"""Looking at files in the page: what is shown, and to whom."""

import datetime as dt
import io
from urllib.request import Request

import pytest
from django.urls import reverse
from PIL import Image

from core import clock, jobs
from sharing.models import Download
from tests.factories import documents
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object, make_object_row

pytestmark = pytest.mark.django_db

VIDEO = {"content_type": "video/mp4", "filename": "tide.mp4", "duration_seconds": 65}


@pytest.fixture
def stored(owner):
    """Store a file of the owner and let the worker make what is looked at."""

    def stored(body, filename):
        made = make_object(owner, body=body, filename=filename)
        while jobs.run_due(10):
            pass
        return made

    return stored


@pytest.fixture
def tracks(stored):
    """Subtitles of a film in two languages."""
    return [stored(documents.srt("The tide comes in."), "tide.srt"), stored(documents.srt("La marée monte."), "tide.fr.srt")]


def picture(size=(2400, 1600)):
    body = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(body, "PNG")
    return body.getvalue()


def address(name, edition, stored, *more):
    return reverse(name, args=[edition.edition_id, stored.pk, *more])


PEOPLE = ["anonymous", "owner", "member", "curator"]
ALLOWED = {"public": set(PEOPLE), "members": {"owner", "member", "curator"}, "agreement": {"owner", "curator"}}


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("access", ALLOWED)
def test_pages_are_looked_at_by_those_who_may_have_the_file(access, kind, owner, stored, viewer, soup, take):  # noqa: PLR0917
    file = stored(documents.pdf("One", "Two"), "sheet.pdf")
    edition = make_resource(owner, access=access, files=[file])
    client = viewer(kind)
    response = client.get(address("look", edition, file, "page-2"))
    pages = soup(client.get(edition.get_url())).select(".look__pages li img")
    if kind in ALLOWED[access]:
        assert [page["alt"] for page in pages] == ["Page 1", "Page 2"]
        assert "private" in response["Cache-Control"]
        with take(response["Location"]) as answer:
            assert answer.headers["Content-Type"] == "image/webp"
            assert answer.headers["Content-Disposition"] == "inline"
    else:
        assert (response.status_code, pages) == (404, [])
        assert "no-store" in response["Cache-Control"]


def test_an_embargo_holds_for_looking_too(owner, stored, client, soup):
    file = stored(documents.pdf("One"), "sheet.pdf")
    edition = make_resource(owner, embargo_until=dt.date(2027, 3, 1), files=[file])
    with clock.travel(dt.datetime(2027, 2, 28, 12, tzinfo=dt.UTC)):
        assert client.get(address("look", edition, file, "page-1")).status_code == 404
        assert not soup(client.get(edition.get_url())).select(".look")
    with clock.travel(dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)):
        assert client.get(address("look", edition, file, "page-1")).status_code == 302


@pytest.mark.parametrize("variant", ["page-3", "320", "webvtt", "nothing"])
def test_only_what_was_made_to_be_looked_at_is_there(variant, owner, stored, client):
    file = stored(documents.pdf("One"), "sheet.pdf")
    edition = make_resource(owner, files=[file])
    assert client.get(address("look", edition, file, variant)).status_code == 404


def test_a_picture_is_enlarged_and_says_what_it_shows(owner, stored, client, soup, take):
    file = stored(picture(), "boat.png")
    edition = make_resource(owner, files=[file])
    edition.files.update(alt_text="A boat of card in a tray")
    link = soup(client.get(edition.get_url())).select_one(".record__picture a")
    assert link.img["alt"] == "A boat of card in a tray"
    with take(client.get(link["href"])["Location"]) as answer:
        assert Image.open(io.BytesIO(answer.read())).width == 1920


def test_what_members_alone_may_have_is_a_thumbnail_for_others_and_no_more(owner, stored, client, soup):
    file = stored(picture(), "boat.png")
    edition = make_resource(owner, access="members", files=[file])
    page = soup(client.get(edition.get_url()))
    assert page.select_one(".record__picture img")
    assert not page.select_one(".record__picture a")
    assert client.get(address("look", edition, file, "enlarged")).status_code == 404


def test_a_film_is_played_with_its_subtitles(owner, tracks, client, soup, take):
    film = make_object_row(owner, **VIDEO)
    edition = make_resource(owner, files=[film, *tracks])
    player = soup(client.get(edition.get_url())).main.video
    assert player.source["src"] == address("play", edition, film)
    assert (player["preload"], player.has_attr("crossorigin")) == ("none", True)
    assert [(track["srclang"], track["label"]) for track in player("track")] == [("en", "English"), ("fr", "Français")]
    with take(client.get(player("track")[1]["src"])["Location"]) as answer:
        assert answer.headers["Content-Type"] == "text/vtt"
        assert "La marée monte." in answer.read().decode()


def test_playing_gives_the_file_itself_for_hours_by_pieces_and_is_recorded(owner, client, settings, take):
    body = documents.wav()
    file = make_object(owner, body=body, filename="waves.wav")
    edition = make_resource(owner, files=[file])
    response = client.get(address("play", edition, file))
    assert f"X-Amz-Expires={int(settings.PLAYER_LINK_LIFETIME.total_seconds())}" in response["Location"]
    with take(response["Location"]) as answer:
        assert answer.headers["Content-Disposition"].startswith("inline")
    with take(Request(response["Location"], headers={"Range": "bytes=10-19"})) as answer:  # noqa: S310 - signed by us
        assert (answer.status, answer.read()) == (206, body[10:20])
    assert Download.objects.get().because == "public"


@pytest.mark.parametrize("access", ["members", "agreement"])
def test_films_are_played_by_those_alone_who_may_have_them(access, owner, tracks, client, soup):
    film = make_object_row(owner, **VIDEO)
    edition = make_resource(owner, access=access, files=[film, *tracks])
    assert not soup(client.get(edition.get_url())).main.video
    assert client.get(address("play", edition, film)).status_code == 404
    assert client.get(address("look", edition, tracks[0], "webvtt")).status_code == 404
    assert not Download.objects.exists()


@pytest.mark.parametrize("content_type", ["application/pdf", "image/svg+xml", "text/plain", "video/x-msvideo", "image/jpeg"])
def test_what_is_no_recording_is_not_played(content_type, owner, client):
    file = make_object_row(owner, content_type=content_type)
    edition = make_resource(owner, files=[file])
    assert client.get(address("play", edition, file)).status_code == 404


def test_files_without_a_picture_have_a_symbol(owner, stored, client, soup):
    edition = make_resource(
        owner, files=[stored(documents.docx("x"), "a.docx"), stored(picture(), "a.png"), make_object_row(owner, content_type="x/y")]
    )
    pictures = soup(client.get(edition.get_url())).select(".file__picture")
    assert [part.use["href"].rpartition("#")[2] if part.use else "img" for part in pictures] == ["document", "img", "file"]
