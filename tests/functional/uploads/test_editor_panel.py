"""The files panel of the resource editor, as the server sends it."""

import pytest
from django import forms
from django.test import Client

from catalogue.models import InstitutionPage
from media.models import ObjectState, StoredObject
from media.widgets import StoredObjectInput
from tests.factories.media import make_object_row
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


def rendered(choices, value):
    """The widget as a form over these choices shows it."""
    field = forms.ModelChoiceField(queryset=choices, widget=StoredObjectInput)
    return field.widget.render("file", value)


def test_a_contributor_s_editor_has_the_uploader_and_says_what_it_needs():
    user = make_user("contributor")
    client = Client()
    client.force_login(user)
    home = InstitutionPage.objects.get(institution=user.institution)
    page = client.get(f"/admin/pages/add/catalogue/resourcepage/{home.pk}/").content.decode()
    assert f'data-institution="{user.institution_id}"' in page
    assert "dist/uploader.js" in page
    assert "Uploading files needs JavaScript" in page.partition("<noscript>")[2]


def test_a_chosen_file_is_shown_with_its_state():
    stored = make_object_row(filename="<b>plan</b>.pdf")
    shown = rendered(StoredObject.objects.all(), stored.pk)
    assert str(stored.pk) in shown
    assert "&lt;b&gt;plan&lt;/b&gt;.pdf" in shown
    assert 'data-state="verified"' in shown


def test_a_rejected_file_says_why():
    stored = make_object_row(state=ObjectState.REJECTED, rejection="type-not-allowed")
    assert "inside a ZIP file" in rendered(StoredObject.objects.all(), stored.pk)


def test_a_file_that_was_taken_says_what_to_mind():
    stored = make_object_row(warnings=["holds-programs", "name-differs"], filename="kit.pdf", content_type="application/zip")
    shown = rendered(StoredObject.objects.all(), stored.pk)
    assert "There are programs inside this file" in shown
    assert "“kit.pdf.zip”" in shown


@pytest.mark.parametrize("value", [None, "", "no-uuid", "00000000-0000-0000-0000-000000000000"])
def test_values_that_are_no_file_show_none(value):
    assert 'data-state=""' in rendered(StoredObject.objects.all(), value)


def test_nothing_is_shown_of_another_institution_s_file():
    foreign = make_object_row(filename="secret.pdf")
    shown = rendered(StoredObject.objects.filter(institution=make_institution()), foreign.pk)
    assert "secret" not in shown
