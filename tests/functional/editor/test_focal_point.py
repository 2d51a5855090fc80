"""The focal point of a picture in the editor: what is taken, what is refused, to what it belongs."""

import io

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from catalogue.models import ResourceFile, ResourcePage
from core import jobs
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object, make_object_row
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(desk):
    return make_resource(desk.institution, files=[make_object_row(desk.institution, filename="curie.png")])


def send(desk, edition, **numbers):
    url = desk.edit_url(edition)
    changed = {f"files-0-focal_point_{axis}": value for axis, value in numbers.items()}
    return desk.client.post(url, {**desk.form(url), **changed})


def of_draft(edition):
    return ResourcePage.objects.get(pk=edition.pk).get_latest_revision_as_object().files.get().focal_point


def test_it_belongs_to_the_revision(desk, edition):
    assert send(desk, edition, x="30", y="100").status_code == 302
    assert of_draft(edition) == (30, 100)
    assert ResourceFile.objects.get(page=edition).focal_point == (50, 0), "what is published stays"


@pytest.mark.parametrize("number", ["101", "-1", "70000", "1.5", "left", ""])
def test_a_point_outside_the_picture_is_refused_in_one_sentence(number, desk, edition):
    answer = send(desk, edition, x=number, y="10")
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    [said] = page.select("[id$=focal_point_x-errors] .error-message")
    assert said.text.strip() == "Please give a whole number from 0 to 100: the point lies within the picture."
    assert of_draft(edition) == (50, 0)


def test_the_database_takes_none_outside_the_picture(edition):
    with pytest.raises(IntegrityError, match="focal_point_in_picture"), transaction.atomic():
        ResourceFile.objects.update(focal_point_x=101)


def test_the_row_shows_a_picture_only_of_what_has_one(desk):
    body = io.BytesIO()
    Image.new("RGB", (400, 800)).save(body, "PNG")
    picture = make_object(desk.institution, body=body.getvalue(), filename="curie.png")
    text = make_object(desk.institution, body=b"Curie", filename="curie.txt")
    while jobs.run_due(10):
        pass
    edition = make_resource(desk.institution, files=[picture, text])
    page = BeautifulSoup(desk.client.get(desk.edit_url(edition)).content.decode(), "html.parser")
    first, second = page.select("#id_files-FORMS [data-stored-object]")
    assert first.has_attr("data-thumbnail")
    assert not second.has_attr("data-thumbnail")
    state = reverse("uploads:object", args=[picture.pk])
    assert "/thumbnail-" in desk.client.get(state).json()["thumbnail_url"]
    curator = Client()
    curator.force_login(make_user("curator"))
    assert curator.get(state).json()["thumbnail_url"] == "", "a draft's pictures are its institution's"
