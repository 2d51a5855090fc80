"""The ledger: what any revision or page carries is in use."""

import pytest

from catalogue.models import ResourceFile
from media.models import ObjectUse, StoredObject
from tests.factories.catalogue import make_resource, revise
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db


def stored(institution, name):
    return StoredObject.objects.create(institution=institution, filename=name, declared_size=3, key=f"objects/{name}")


def users_of(thing):
    return sorted(ObjectUse.objects.filter(stored_object=thing).values_list("user_type", "user_id"))


def test_a_file_is_in_use_while_a_revision_or_the_page_carries_it():
    institution = make_institution()
    first, second = stored(institution, "first.pdf"), stored(institution, "second.pdf")
    edition = make_resource(institution, files=[first])
    old = edition.get_latest_revision()
    assert users_of(first) == [("page", str(edition.pk)), ("revision", str(old.pk))]

    draft = revise(edition, files=[ResourceFile(stored_object=second)])
    assert users_of(second) == [("revision", str(draft.pk))], "a draft's file has no row, but it is in use"
    assert len(users_of(first)) == 2

    draft.publish(skip_permission_checks=True)
    assert ("page", str(edition.pk)) in users_of(second)
    assert users_of(first) == [("revision", str(old.pk))], "the old revision can be brought back"

    old.delete()
    assert users_of(first) == []


def test_a_page_that_is_gone_uses_nothing():
    institution = make_institution()
    thing = stored(institution, "first.pdf")
    edition = make_resource(institution, files=[thing])
    edition.delete()
    assert users_of(thing) == []
