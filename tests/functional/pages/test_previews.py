"""Thumbnails of the public record: for whom, and how long a browser keeps the way to them."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from core import jobs
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(owner):
    body = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).save(body, "PNG")
    stored = make_object(owner, body=body.getvalue(), filename="gradient.png")
    while jobs.run_due(10):
        pass
    return stored


def preview_url(edition, stored, width=320):
    return reverse("preview", args=[edition.edition_id, stored.pk, width])


@pytest.mark.parametrize(("access", "status"), [("public", 302), ("members", 302), ("agreement", 404)])
def test_a_thumbnail_is_part_of_the_record_unless_files_go_by_agreement(access, status, owner, picture, client, take):  # noqa: PLR0917
    edition = make_resource(owner, access=access, files=[picture])
    response = client.get(preview_url(edition, picture))
    assert response.status_code == status
    if status == 302:
        assert "private" in response["Cache-Control"]
        assert 0 < int(response["Cache-Control"].split("max-age=")[1].split(",")[0]) < 300
        with take(response["Location"]) as answer:
            assert answer.headers["Content-Type"] == "image/webp"
            assert Image.open(io.BytesIO(answer.read())).width == 320


def test_what_must_stay_in_view_is_kept_wherever_the_picture_is_cut(owner, picture, client, soup):
    edition = make_resource(owner, files=[picture])
    edition.files.update(focal_point_x=30, focal_point_y=72)
    for url in ("/en/", "/en/catalogue/", owner.page.get_url(), edition.get_url()):
        shown = soup(client.get(url)).main.find("img", src=preview_url(edition, picture))
        assert shown["class"] == ["focal-x-30", "focal-y-70"], url


def test_pages_show_no_picture_that_would_be_refused(owner, picture, client, soup):
    shown = make_resource(owner, access="members", files=[picture], title="Shown")
    hidden = make_resource(owner, access="agreement", files=[picture], title="Hidden")
    assert soup(client.get(shown.get_url())).main.find("img", src=preview_url(shown, picture, 960))
    assert not soup(client.get(hidden.get_url())).main.find("img")
    cards = soup(client.get("/en/catalogue/")).main.find_all("img")
    assert [card["src"] for card in cards] == [preview_url(shown, picture)]
