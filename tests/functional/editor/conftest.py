"""A contributor at the editor."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import InstitutionPage
from tests.factories.members import make_institution, make_user
from tests.forms import fields_of


class Desk:
    """A signed-in contributor with what they see and send."""

    def __init__(self, institution):
        self.institution = institution
        self.user = make_user("contributor", institution=institution)
        self.client = Client()
        self.client.force_login(self.user)

    @property
    def add_url(self):
        parent = InstitutionPage.objects.get(institution=self.institution)
        return reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", parent.pk))

    def edit_url(self, page):
        return reverse("wagtailadmin_pages:edit", args=(page.pk,))

    def form(self, url):
        """Return what the browser would send back, unchanged."""
        return fields_of(self.client.get(url).content.decode(), form_id="page-edit-form")


@pytest.fixture
def desk(db):
    return Desk(make_institution(name="Severn Festival", usual_licence="CC-BY-4.0", language="cy"))
