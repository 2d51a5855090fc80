"""Lost files are told to those who can do something: their institution and the secretariat."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue import submission
from media.models import ObjectState
from tests.factories.catalogue import make_resource, revise
from tests.factories.media import make_object_row
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


def front_page(user):
    client = Client()
    client.force_login(user)
    return client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.fixture
def contributor(db):
    return make_user("contributor")


def test_nothing_lost_nothing_said(contributor):
    make_object_row(contributor.institution)
    assert "Lost files" not in front_page(contributor)
    assert "Lost files" not in front_page(make_user("secretariat"))


def test_the_institution_and_the_secretariat_see_which_and_where(contributor):
    lost = make_object_row(contributor.institution, ObjectState.LOST, filename="boats.pdf", size=5, sha256="a" * 64)
    page = make_resource(contributor.institution, title="Soap boats", files=[lost])
    revise(page, title="Soap boats, again")
    draft = make_resource(contributor.institution, publish=False, title="Only a draft", files=[lost])
    said = front_page(contributor)
    assert "boats.pdf" in said
    assert "Please upload the same file again" in said
    assert reverse("wagtailadmin_pages:edit", args=[draft.pk]) in said
    assert said.count("Soap boats, again") <= 2
    of_all = front_page(make_user("secretariat"))
    assert "boats.pdf" in of_all
    assert contributor.institution.name in of_all
    assert page.url in of_all


def test_of_a_resource_that_was_given_away_the_institution_reads_no_more(contributor):
    lost = make_object_row(contributor.institution, ObjectState.LOST, filename="boats.pdf", size=5, sha256="a" * 64)
    page = make_resource(contributor.institution, publish=False, title="Soap boats", files=[lost])
    submission.move_resource(page, to=make_institution(), by=make_user("secretariat"))
    assert "Soap boats" in front_page(make_user("secretariat"))
    said = front_page(contributor)
    assert "boats.pdf" in said
    assert "Soap boats" not in said


@pytest.mark.parametrize("roles", [["contributor"], ["curator"]])
def test_others_do_not(contributor, roles):
    make_object_row(contributor.institution, ObjectState.LOST, filename="boats.pdf", size=5, sha256="a" * 64)
    assert "boats.pdf" not in front_page(make_user(*roles))


def test_readers_are_told_that_it_cannot_be_had(contributor, client):
    lost = make_object_row(contributor.institution, ObjectState.LOST, size=5, sha256="a" * 64)
    page = make_resource(contributor.institution, files=[lost])
    said = client.get(page.url, follow=True).content.decode()
    assert "not available at the moment" in said
    assert reverse("download", args=[page.edition_id, lost.pk]) not in said
