"""The real index of this test worker, filled once a module: what is asked of it here changes nothing."""

import pytest

from search import index, rebuild
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker):
    """Works in several scripts, in a database that is emptied again, and the index of them."""
    from django.db import transaction  # noqa: PLC0415

    index.delete(index.ours())
    with django_db_blocker.unblock(), transaction.atomic():
        house = make_institution(slug="severn", names={"fr": "Festival de la Severn"})
        make_resource(house, title="Soap volcano", keywords=["foam", "C++"], subjects=["water"], year=2020)
        make_resource(house, title="Salt volcano", abstract="Note: either lava OR ash, but NOT both.", year=2021)
        make_resource(house, title="Title and body", language="de")
        make_resource(house, title="月球陨石坑", language="zh-Hans")
        make_resource(house, title="فوهات القمر", language="ar")
        rebuild.rebuild()
        yield
        transaction.set_rollback(True)
    index.delete(index.ours())
