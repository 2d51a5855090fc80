"""A curator learns that another institution has the same file, and of that no more than everybody may know."""

import pytest
from django.urls import reverse

from catalogue.services import set_institution_active
from media.models import ObjectState, StoredObject
from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.media import make_object_row
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db

SHA = "ab" * 32
WARNING = "The same file is at another institution"


@pytest.fixture
def page(scene):
    """What the curator sees of a submission with a file."""
    stored = make_object_row(scene.owner, sha256=SHA, size=1000)
    submission = make_submitted(scene.owner, by=scene.people["author"], title="With a file", files=[stored])
    address = reverse("moderation_review", args=(submission.current_workflow_task_state.pk,))
    return lambda: " ".join(scene.client("curator").get(address).content.decode().split())


def elsewhere(**fields):
    return make_object_row(make_institution(name="Secret Partners"), **{"sha256": SHA, "size": 1000, **fields})


def test_one_that_nobody_else_has(page, scene):
    make_object_row(scene.owner, sha256=SHA, size=1000)
    elsewhere(size=999)
    elsewhere(state=ObjectState.REJECTED, rejection="type-not-allowed")
    assert WARNING not in page()


def test_a_draft_of_others_is_not_named(page):
    stored = elsewhere(filename="private-plan.pdf")
    make_resource(stored.institution, publish=False, title="Private plan", files=[stored])
    said = page()
    assert f"{WARNING}." in said
    assert not any(secret in said for secret in ("Secret Partners", "Private plan", "private-plan.pdf"))


def test_what_is_published_is_named_with_its_institution(page):
    stored = elsewhere()
    published = make_resource(stored.institution, title="Known to everybody", files=[stored])
    said = page()
    assert f"{WARNING}: Secret Partners has published it." in said
    assert published.url in said
    assert "Known to everybody" in said


def test_a_file_that_is_published_under_a_duplicate_is_named_too(page):
    first = elsewhere()
    twin = make_object_row(first.institution, sha256=SHA, size=1000, duplicate_of=first)
    make_resource(first.institution, files=[twin])
    assert "Secret Partners" in page()


def test_when_the_membership_has_ended_it_is_not_named_any_more(page):
    stored = elsewhere()
    make_resource(stored.institution, title="Known to everybody", files=[stored])
    set_institution_active(stored.institution, False, by=None)
    said = page()
    assert f"{WARNING}." in said
    assert not any(secret in said for secret in ("Secret Partners", "Known to everybody"))


def test_a_newer_draft_with_the_file_beside_a_published_page_without_it_is_not_named(page):
    stored = elsewhere()
    resource = make_resource(stored.institution, title="Known to everybody")
    draft = resource.get_latest_revision_as_object()
    draft.files.add(type(draft.files.model())(stored_object=stored))
    draft.save_revision()
    assert StoredObject.objects.get(pk=stored.pk).uses.exists()
    assert "Secret Partners" not in page()
