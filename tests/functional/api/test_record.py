"""GET /api/v1/resources/{id}: the whole record, with the files as this viewer may have them."""

import datetime as dt
import json

import pytest
from django.conf import settings

from core import clock
from media import services as media_services
from media.models import ObjectState, StoredObject
from tests.factories.catalogue import make_resource, revise
from tests.factories.files import LEAFLET as PDF
from tests.factories.media import ensure_bucket
from tests.factories.members import make_institution, make_superuser, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def poster(tmp_path):
    """Return a function that stores a real PDF for an institution in the real store."""
    ensure_bucket(settings.S3_BUCKET)
    path = tmp_path / "Plakat ärger.pdf"
    path.write_bytes(PDF)
    return lambda institution: media_services.store_file(path, institution=institution, created_by=None, filename=path.name)


def get(client, edition, **headers):
    response = client.get(f"/api/v1/resources/{edition.work_id}", headers=headers)
    response.data = json.loads(response.content) if response.content else None
    return response


def file_of(client, edition):
    return get(client, edition).data["editions"][0]["files"][0]


def test_the_whole_record(client, poster):
    institution = make_institution(slug="severn", name="Severnside", country="GB")
    stored = poster(institution)
    edition = make_resource(
        institution,
        title="Soap boats",
        files=[stored],
        keywords=["soap"],
        materials="card\nsoap",
        cost="low",
        setting=["classroom"],
        accessibility=["captions"],
        alternative_titles={"de": "Seifenboote"},
        age_min=6,
        credit_line="Severnside",
    )
    french = make_resource(institution, title="Bateaux", language="fr", translation_of=edition)
    answer = get(client, edition)
    assert answer.status_code == 200
    record = answer.data
    assert (record["id"], record["title"], record["languages"]) == (str(edition.work_id), "Soap boats", ["en", "fr"])
    whole, translation = record["editions"]
    assert whole["materials"] == ["card", "soap"]
    assert whole["cost"] == {"slug": "low", "label": "Low (up to about €20)"}
    assert whole["institution"]["slug"] == "severn"
    assert whole["licence"]["slug"] == "CC-BY-4.0"
    assert whole["licence"]["may_adapt"] is True
    assert "Severnside" in whole["attribution"]
    assert translation["id"] == str(french.edition_id)
    assert translation["translation_of"] == str(edition.edition_id)
    [file] = whole["files"]
    assert (file["name"], file["type"], file["size"], file["sha256"]) == (stored.filename, "application/pdf", stored.size, stored.sha256)
    assert file["download_url"] == f"{settings.SITE_URL}/files/{edition.edition_id}/{stored.pk}/"


def test_the_editions_stand_in_the_order_of_the_readers_language(client):
    edition = make_resource(title="Soap boats")
    make_resource(title="Bateaux", language="fr", translation_of=edition)
    assert get(client, edition, **{"accept-language": "fr"}).data["title"] == "Bateaux"


def test_the_download_address_leads_to_the_file(client, poster):
    institution = make_institution()
    edition = make_resource(institution, files=[poster(institution)])
    url = file_of(client, edition)["download_url"].removeprefix(settings.SITE_URL)
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(settings.S3_PUBLIC_ENDPOINT_URL)


@pytest.mark.parametrize("role", [None, "contributor", "curator", "superuser"])
def test_a_members_file_is_offered_to_members_only(client, poster, role):
    institution = make_institution()
    edition = make_resource(institution, files=[poster(institution)], access="members")
    if role:
        client.force_login(make_superuser() if role == "superuser" else make_user(role))
    file = file_of(client, edition)
    assert bool(file["download_url"]) is (role is not None)
    assert file["why"]
    assert bool(file["what_next"]) is (role is None)


def test_by_agreement_and_embargo_say_why_not(client, poster):
    institution = make_institution(name="Severnside")
    stored = poster(institution)
    agreement = make_resource(institution, files=[stored], access="agreement")
    tomorrow = clock.today() + dt.timedelta(days=1)
    later = make_resource(institution, files=[stored], embargo_until=tomorrow)
    for edition in (agreement, later):
        file = file_of(client, edition)
        assert file["download_url"] is None
        assert "Severnside" in file["why"]
    client.force_login(make_user("contributor", institution=institution))
    assert file_of(client, agreement)["download_url"]


def test_a_file_that_is_not_checked_yet_is_not_offered(client, poster):
    institution = make_institution()
    stored = poster(institution)
    edition = make_resource(institution, files=[stored])
    StoredObject.objects.filter(pk=stored.pk).update(state=ObjectState.REJECTED, rejection="type")
    file = file_of(client, edition)
    assert file["download_url"] is None
    assert "check" in file["why"]


def test_what_is_not_published_does_not_exist(client):
    draft = make_resource(publish=False)
    answer = get(client, draft)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "no published resource" in answer.data["detail"]
    client.force_login(make_superuser())
    assert get(client, draft).status_code == 404


def test_a_new_draft_changes_nothing_of_the_record(client):
    edition = make_resource(title="Soap boats")
    revise(edition, title="Secret plan")
    assert get(client, edition).data["title"] == "Soap boats"


def test_ids_of_what_is_not_published_stay_hidden(client):
    original = make_resource(publish=False)
    edition = make_resource(adapted_from=original.work)
    assert get(client, edition).data["editions"][0]["adapted_from"] is None


def test_the_address_of_a_merged_work_leads_on(client):
    original, other = make_resource(), make_resource(language="fr")
    left = other.work_id
    revise(other, translation_of=original).publish()
    answer = client.get(f"/api/v1/resources/{left}")
    assert answer.status_code == 301
    assert answer["Location"] == f"/api/v1/resources/{original.work_id}"


@pytest.mark.parametrize("identifier", ["nonsense", "00000000-0000-0000-0000-000000000000", "1", "%00", "..%2f..%2fetc"])
def test_an_id_that_leads_nowhere(client, identifier):
    answer = client.get(f"/api/v1/resources/{identifier}")
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_an_answer_to_a_member_is_theirs_alone(client):
    edition = make_resource()
    assert get(client, edition)["Cache-Control"] == "no-cache"
    client.force_login(make_user("curator"))
    assert get(client, edition)["Cache-Control"] == "private, no-cache"
