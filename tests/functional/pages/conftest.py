"""People to sign in as, a page read as a reader would, and files in the real store."""

from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from members.models import Role
from tests.factories.members import make_institution, make_superuser, make_user


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def owner(db):
    return make_institution(
        name="Severnside", names={"fr": "Severnside (fr)"}, contact_name="Bronwen Attwell", contact_email="ask@severn.example"
    )


@pytest.fixture
def viewer(client, owner):
    """Sign in as one of the kinds of people of the story, and return the client."""

    def become(kind):
        elsewhere = make_institution()
        makers = {
            "anonymous": lambda: None,
            "owner": lambda: make_user(Role.CONTRIBUTOR, institution=owner),
            "member": lambda: make_user(Role.CONTRIBUTOR, institution=elsewhere),
            "curator": lambda: make_user(Role.CURATOR, institution=elsewhere),
            "secretariat": lambda: make_user(Role.SECRETARIAT),
            "no institution": make_user,
            "superuser": make_superuser,
        }
        user = makers[kind]()
        if user is not None:
            client.force_login(user)
        return client

    return become


@pytest.fixture
def soup():
    """Parse a response, which must be whole HTML."""

    def parse(response):
        return BeautifulSoup(response.content.decode(), "html.parser")

    return parse


@pytest.fixture
def file_url():
    def address(edition, stored):
        return reverse("download", args=[edition.edition_id, stored.pk])

    return address


@pytest.fixture
def take():
    """Follow a signed link to the real store."""
    return urlopen
