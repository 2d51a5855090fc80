"""An institution with one who imports."""

import pytest

from tests.factories.members import make_institution, make_user
from tests.functional.imports.desk import Desk


@pytest.fixture
def institution():
    return make_institution(slug="severn", language="it", usual_licence="CC-BY-4.0")


@pytest.fixture
def person(institution):
    return make_user("contributor", institution=institution)


@pytest.fixture
def desk(client, person):
    client.force_login(person)
    return Desk(client)
