"""A draft as Wagtail shows it before it is published: the same page, with files for whom may have them."""

import pytest
from django.urls import reverse

from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.media import make_object_row

pytestmark = pytest.mark.django_db


def view_draft(edition):
    return reverse("wagtailadmin_pages:view_draft", args=[edition.pk])


def test_the_institution_sees_its_draft_with_its_files(owner, viewer, file_url, soup):
    stored = make_object_row(owner)
    edition = make_resource(owner, publish=False, title="Unfinished", access="agreement", files=[stored])
    page = soup(viewer("owner").get(view_draft(edition)))
    assert page.h1.text == "Unfinished"
    assert page.find("a", href=file_url(edition, stored))


def test_a_new_draft_of_a_published_resource_shows_the_new_file_to_its_institution(owner, viewer, file_url, soup):
    old, new = make_object_row(owner), make_object_row(owner)
    edition = make_resource(owner, files=[old])
    draft = edition.get_latest_revision_as_object()
    row = draft.files.first()
    row.stored_object = new
    draft.files = [row]
    draft.save_revision()
    client = viewer("owner")
    assert soup(client.get(view_draft(edition))).find("a", href=file_url(edition, new))
    public = soup(client.get(edition.get_url()))
    assert public.find("a", href=file_url(edition, old))
    assert not public.find("a", href=file_url(edition, new))


def test_a_curator_sees_what_is_to_be_judged_with_its_files(owner, viewer, file_url, soup):
    stored = make_object_row(owner)
    edition = make_submitted(owner, title="Please judge", files=[stored])
    task_state = edition.current_workflow_task_state
    page = soup(viewer("curator").get(reverse("wagtailadmin_pages:workflow_preview", args=[edition.pk, task_state.task_id])))
    assert page.h1.text == "Please judge"
    assert page.find("a", href=file_url(edition, stored))


@pytest.mark.parametrize("kind", ["anonymous", "member", "no institution"])
def test_nobody_else_sees_it(kind, owner, viewer):
    edition = make_resource(owner, publish=False, title="Unfinished")
    response = viewer(kind).get(view_draft(edition))
    assert response.status_code in {302, 403, 404}
    assert "Unfinished" not in response.content.decode()
