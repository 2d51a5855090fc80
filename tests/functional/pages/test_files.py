"""Who gets a file: through HTTP, with files that lie in the real store."""

import datetime as dt

import pytest

from catalogue.services import submit, withdraw
from core import clock
from media.models import ObjectState
from media.store import store
from members.models import Role
from sharing.models import Download
from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.media import make_object, make_object_row
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db

ACCESS = {
    # access:      who gets it, and what everybody else reads
    "public": ({"anonymous", "no institution", "owner", "member", "curator", "secretariat", "superuser"}, None),
    "members": ({"owner", "member", "curator", "secretariat", "superuser"}, "The files are for members of the network."),
    "agreement": ({"owner", "curator", "secretariat", "superuser"}, "Severnside gives the files by agreement."),
}
PEOPLE = ["anonymous", "no institution", "owner", "member", "curator", "secretariat", "superuser"]


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("access", ACCESS)
def test_published_files_go_to_whom_the_access_says(access, kind, owner, viewer, file_url, take):  # noqa: PLR0917
    stored = make_object(owner, body=b"The tide is coming in.", filename="潮.txt")
    edition = make_resource(owner, access=access, files=[stored])
    allowed, sentence = ACCESS[access]

    response = viewer(kind).get(file_url(edition, stored))

    assert response["Cache-Control"] in {"no-store, private", "private, no-store"}
    if kind in allowed:
        assert response.status_code == 302
        with take(response["Location"]) as answer:
            assert answer.read() == b"The tide is coming in."
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "%E6%BD%AE.txt" in answer.headers["Content-Disposition"]
        assert Download.objects.get().stored_object_id == stored.pk
    else:
        assert response.status_code == 403
        assert sentence in response.content.decode()
        assert not Download.objects.exists()


def test_a_refusal_says_what_to_do_next(owner, client, file_url, soup):
    stored = make_object_row(owner)
    for_members = make_resource(owner, access="members", files=[stored])
    by_agreement = make_resource(owner, access="agreement", files=[stored])

    page = soup(client.get(file_url(for_members, stored)))
    assert page.main.find("a", href=lambda href: href.startswith("/en/login/?next=")).text == "Sign in"

    page = soup(client.get(file_url(by_agreement, stored)))
    assert "Write to Bronwen Attwell" in page.main.text
    assert page.main.find("a", href=lambda href: href.startswith("mailto:ask@severn.example"))


def test_a_refusal_is_read_in_the_language_of_the_page_it_was_met_on(owner, client, file_url):
    stored = make_object_row(owner)
    edition = make_resource(owner, access="members", files=[stored])
    for language in ("fr", "zh-hans"):
        response = client.get(file_url(edition, stored), headers={"Referer": f"http://testserver/{language}/institutions/"})
        assert f'<html lang="{language}"' in response.content.decode()
    elsewhere = client.get(file_url(edition, stored), headers={"Referer": "http://elsewhere.example/fr/"})
    assert '<html lang="en"' in elsewhere.content.decode()


def test_an_embargo_holds_until_its_day(owner, viewer, file_url):
    stored = make_object(owner)
    edition = make_resource(owner, embargo_until=dt.date(2027, 3, 1), files=[stored])
    client = viewer("member")
    with clock.travel(dt.datetime(2027, 2, 28, 12, tzinfo=dt.UTC)):
        response = client.get(file_url(edition, stored))
        assert response.status_code == 403
        assert "March 1, 2027" in response.content.decode()
    with clock.travel(dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)):
        assert client.get(file_url(edition, stored)).status_code == 302


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_draft_that_was_never_submitted_is_its_institutions_own(kind, owner, viewer, file_url):
    stored = make_object(owner)
    edition = make_resource(owner, publish=False, files=[stored])
    assert viewer(kind).get(file_url(edition, stored)).status_code == (302 if kind in {"owner", "superuser"} else 404)


@pytest.mark.parametrize("kind", PEOPLE)
def test_what_waits_for_the_curators_goes_to_them_too(kind, owner, viewer, file_url):
    stored = make_object(owner)
    edition = make_submitted(owner, files=[stored])
    insiders = {"owner", "curator", "secretariat", "superuser"}
    assert viewer(kind).get(file_url(edition, stored)).status_code == (302 if kind in insiders else 404)


def test_a_file_of_a_new_draft_stays_inside_while_the_old_version_is_public(owner, client, file_url):
    old, new = make_object(owner), make_object(owner)
    edition = make_resource(owner, files=[old])
    draft = edition.get_latest_revision_as_object()
    row = draft.files.first()
    row.stored_object = new
    draft.files = [row]
    draft.save_revision()

    assert client.get(file_url(edition, old)).status_code == 302
    assert client.get(file_url(edition, new)).status_code == 404

    author, curator = make_user(Role.CONTRIBUTOR, institution=owner), make_user(Role.CURATOR)
    client.force_login(curator)
    assert client.get(file_url(edition, new)).status_code == 404
    submit(draft, by=author)
    assert client.get(file_url(edition, new)).status_code == 302
    client.force_login(author)
    assert client.get(file_url(edition, new)).status_code == 302


def test_withdrawn_files_are_gone_for_the_public(owner, client, file_url):
    stored = make_object(owner)
    edition = make_resource(owner, files=[stored])
    withdraw(edition, by=make_user(Role.MANAGER, institution=owner))
    assert client.get(file_url(edition, stored)).status_code == 404
    client.force_login(make_user(Role.CONTRIBUTOR, institution=owner))
    assert client.get(file_url(edition, stored)).status_code == 302


def test_files_of_an_inactive_institution_are_gone_for_the_public(owner, client, file_url):
    stored = make_object(owner)
    edition = make_resource(owner, files=[stored])
    owner.is_active = False
    owner.save()
    assert client.get(file_url(edition, stored)).status_code == 404


def test_no_file_comes_under_another_resources_address(owner, client, file_url):
    """Terms are those of the edition that carries the file; a more generous one must not serve as a way round."""
    closed = make_object(owner)
    make_resource(owner, access="agreement", files=[closed])
    open_edition = make_resource(owner, files=[make_object(owner)])
    assert client.get(file_url(open_edition, closed)).status_code == 404
    foreign = make_object()
    client.force_login(make_user(Role.CONTRIBUTOR, institution=owner))
    assert client.get(file_url(open_edition, foreign)).status_code == 404


@pytest.mark.parametrize("state", [ObjectState.UPLOADED, ObjectState.REJECTED])
def test_a_file_that_is_not_checked_is_not_given(state, owner, client, file_url):
    stored = make_object_row(owner, state=state, rejection="empty" if state == ObjectState.REJECTED else "")
    edition = make_resource(owner, files=[stored])
    response = client.get(file_url(edition, stored))
    assert response.status_code == 409
    assert not Download.objects.exists()


def test_a_file_that_the_store_lost_says_so(owner, client, file_url):
    stored = make_object(owner)
    edition = make_resource(owner, files=[stored])
    store().delete(stored.key)
    response = client.get(file_url(edition, stored))
    assert response.status_code == 404
    assert "not in the file store any more" in response.content.decode()
    assert not Download.objects.exists()


def test_a_dead_store_says_what_to_do_and_pages_stay_open(owner, client, file_url, settings):
    stored = make_object(owner)
    edition = make_resource(owner, files=[stored])
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    response = client.get(file_url(edition, stored))
    page = client.get(edition.get_url())
    assert response.status_code == 503
    assert "Nothing" in response.content.decode()
    assert response["Retry-After"]
    assert page.status_code == 200
    assert not Download.objects.exists()


def test_the_record_of_a_download_says_why_and_keeps_no_name_of_a_stranger(owner, viewer, file_url):
    stored = make_object(owner)
    edition = make_resource(owner, access="members", files=[stored])
    client = viewer("member")
    client.get(file_url(edition, stored))
    record = Download.objects.get()
    assert (record.because, record.licence, record.work_id) == ("member", "CC-BY-4.0", edition.work_id)
    assert record.user_id
    assert record.institution_id != owner.pk

    client.logout()
    public = make_resource(owner, files=[stored])
    client.get(file_url(public, stored))
    record = Download.objects.get(edition_id=public.edition_id)
    assert (record.because, record.user_id, record.institution_id) == ("public", None, None)


def test_only_reading_is_possible(owner, client, file_url):
    stored = make_object_row(owner)
    edition = make_resource(owner, files=[stored])
    assert client.post(file_url(edition, stored)).status_code == 405


def test_who_lends_something_by_agreement_is_named_without_files_too(owner, client, soup):
    page = soup(client.get(make_resource(owner, access="agreement", files=[]).url))
    assert "There are no files" not in page.text
    assert "gives the files by agreement" in page.text
