"""What stands on many works is renamed, moved or ended in the admin, and search follows for all that carry it, and for no other."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue import changes
from catalogue.vocabulary import VOCABULARIES, Subject
from search import sync
from search.models import WorkSync
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution, make_user
from tests.forms import fields_of
from tests.reading import counts, titles

pytestmark = pytest.mark.django_db

CARRIED = {
    "resource_types": {"resource_type": "kit"},
    "audiences": {"audience": ["educators"]},
    "settings": {"setting": ["classroom"]},
    "cost_bands": {"cost": "free"},
    "accessibility_features": {"accessibility": ["captions"]},
    "licences": {"licence": "CC0-1.0"},
}


@pytest.fixture
def secretariat():
    client = Client()
    client.force_login(make_user("secretariat"))
    return client


def _change_term(client, term, **fields):
    """Send the form of a term as a browser would, with some fields changed (None: unticked)."""
    url = reverse(f"wagtailsnippets_catalogue_{term._meta.model_name}:edit", args=(term.pk,))
    sent = fields_of(client.get(url).content.decode(), "w-editor-form") | fields
    response = client.post(url, {name: value for name, value in sent.items() if value is not None})
    assert response.status_code == 302, response.context["form"].errors


def _due():
    return set(sync.behind().values_list("pk", flat=True))


@pytest.mark.parametrize("name", CARRIED)
def test_a_term_s_new_label_makes_the_works_due_that_carry_it(secretariat, live_index, name):
    ((field, slug),) = CARRIED[name].items()
    term = VOCABULARIES[name].objects.get(slug=slug if isinstance(slug, str) else slug[0])
    carrying = make_resource(**{field: slug})
    make_resource()
    sync.catch_up()
    _change_term(secretariat, term, labels_en="Renamed thing")
    assert _due() == {carrying.work_id}
    term.refresh_from_db()
    assert term.label("en") == "Renamed thing"


def test_works_are_found_by_the_new_label_of_a_subject_above_theirs(secretariat, find):
    below = make_resource(title="Below", subjects=["mechanics"])
    make_resource(title="Elsewhere", subjects=["chemistry"])
    assert find("zymurgy").count == 0
    _change_term(secretariat, Subject.objects.get(slug="physics"), labels_en="Zymurgy")
    assert _due() == {below.work_id}
    assert titles(find("zymurgy")) == ["Below"]


def test_a_subject_moved_in_the_tree_takes_its_works_along(secretariat, find):
    make_resource(subjects=["mechanics"])
    assert counts(find(), "subject").keys() >= {"mechanics", "physics"}
    _change_term(secretariat, Subject.objects.get(slug="mechanics"), parent=Subject.objects.get(slug="chemistry").pk)
    after = counts(find(), "subject")
    assert after.keys() >= {"mechanics", "chemistry"}
    assert "physics" not in after


def test_a_term_that_is_deactivated_makes_its_works_due(secretariat, live_index):
    edition = make_resource(subjects=["mechanics"])
    sync.catch_up()
    _change_term(secretariat, Subject.objects.get(slug="mechanics"), is_active=None)
    assert not Subject.objects.get(slug="mechanics").is_active
    assert _due() == {edition.work_id}


def test_an_institution_s_works_are_found_by_its_new_name_and_lead_to_its_new_address(secretariat, find):
    institution = make_institution(name="Severn Festival")
    for _ in range(3):
        make_resource(institution)
    make_resource()
    assert find("severn").count == 3
    url = reverse("institution_profile", args=(institution.slug,))
    sent = fields_of(secretariat.get(url).content.decode()) | {"name": "Quantock Fair", "slug": "quantock", "country": "KE"}
    assert secretariat.post(url, sent).status_code == 302
    assert find("severn").count == 0
    found = find("quantock")
    assert found.count == 3
    assert {(hit.institution_name, hit.institution) for hit in found.hits} == {("Quantock Fair", "quantock")}
    assert all("/quantock/" in hit.path for hit in found.hits)
    assert counts(found, "country") == {"KE": 3}


def test_a_membership_that_ends_takes_its_works_out_and_back_in(secretariat, find):
    institution = make_institution()
    make_resource(institution, title="Ours")
    make_resource(title="Theirs")
    url = reverse("institution_activity", args=(institution.slug,))
    assert secretariat.post(url).status_code == 302
    assert titles(find()) == ["Theirs"]
    assert secretariat.post(url, {"active": "yes"}).status_code == 302
    assert set(titles(find())) == {"Ours", "Theirs"}


def test_thousands_of_works_cost_one_statement_a_thousand(live_index, monkeypatch):
    monkeypatch.setattr(changes, "MOST_AT_ONCE", 2)
    works = {make_resource(licence="CC0-1.0").work_id for _ in range(5)}
    sync.catch_up()
    before = dict(WorkSync.objects.values_list("work_id", "version"))
    with CaptureQueriesContext(connection) as queries:
        VOCABULARIES["licences"].objects.get(slug="CC0-1.0").save()
    bumps = [query["sql"] for query in queries if "INSERT INTO" in query["sql"] and WorkSync._meta.db_table in query["sql"]]
    assert len(bumps) == 3
    assert _due() == works
    assert {work_id: row.version - before[work_id] for work_id, row in WorkSync.objects.in_bulk(works).items()} == dict.fromkeys(works, 1)
