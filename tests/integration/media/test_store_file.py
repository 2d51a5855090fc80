"""Files that lie on the server: imports and the demo network."""

import pytest
from django.utils.translation import override

from core import jobs
from core.errors import ConflictError, InvalidInputError, UnavailableError
from core.models import Job
from media.models import ObjectState, StoredObject
from media.services import store_file
from media.store import store
from tests.factories.media import ensure_bucket, make_object
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bucket(settings):
    ensure_bucket(settings.S3_BUCKET)


def test_a_file_is_stored_measured_and_pinned():
    stored = make_object(body=b"hello, world\n", filename="../some/dir/notes.txt")
    assert stored.state == ObjectState.VERIFIED
    assert (stored.size, stored.filename, stored.content_type) == (13, "notes.txt", "text/plain")
    assert stored.sha256 == "853ff93762a06ddbf722c4ebe9ddd66d8f63ddaea97f521c3ecc20da7c976020"
    assert stored.scan == "not-scanned"
    assert stored.version_id
    assert stored.key == f"objects/{stored.id}"
    assert b"".join(store().stream(stored.key, stored.version_id)) == b"hello, world\n"


def test_a_file_of_many_parts_arrives_whole():
    body = bytes(range(256)) * 4 * 1024 * 20 + b"the end"  # 20 MiB and a little
    stored = make_object(body=b"PK\x05\x06" + bytes(18) + body, filename="big.zip")
    assert stored.size == len(body) + 22


def test_the_same_file_again_is_the_same_object():
    institution = make_institution()
    first = make_object(institution, b"same bytes", "a.txt")
    assert make_object(institution, b"same bytes", "a.txt") == first
    assert StoredObject.objects.count() == 1


def test_the_same_bytes_under_another_name_are_kept_once():
    institution = make_institution()
    first = make_object(institution, b"same bytes", "a.txt")
    second = make_object(institution, b"same bytes", "b.txt")
    assert second.duplicate_of == first
    assert second.bytes_key == first.key
    jobs.run_due()
    assert store().head(second.key) is None
    assert store().head(first.key) is not None


def test_the_same_bytes_of_another_institution_are_its_own():
    first = make_object(body=b"same bytes")
    second = make_object(body=b"same bytes")
    assert second.duplicate_of is None
    assert second.key != first.key


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        (b"", "empty.pdf", "empty"),
        (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "picture.png", "type-not-allowed"),
        (b"\x7fELF" + bytes(200), "programme.pdf", "type-not-allowed"),
        (b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0" + bytes(200), "setup.pdf", "type-not-allowed"),
        (b"#!/bin/sh\nrm -rf /\n", "notes.txt", "type-not-allowed"),
        (b"x", "///", "no-name"),
    ],
)
def test_what_is_not_taken_is_said_and_leaves_nothing(body, name, code):
    with override("en"), pytest.raises(InvalidInputError) as refused:
        make_object(body=body, filename=name)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert not StoredObject.objects.exists()


def test_an_institution_s_space_is_its_limit():
    institution = make_institution()
    institution.quota_bytes = 10
    institution.save()
    make_object(institution, b"123456")
    with pytest.raises(ConflictError) as full:
        make_object(institution, b"another")
    assert full.value.code == "quota"
    assert make_object(institution, b"123456", "copy.txt").duplicate_of is not None


def test_when_the_store_is_away_it_is_said(settings, tmp_path):
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(UnavailableError):
        store_file(tmp_path / "a.txt", institution=make_institution(), created_by=None, filename="a.txt")
    assert not StoredObject.objects.filter(state=ObjectState.VERIFIED).exists()
    assert not Job.objects.filter(kind="media.derive").exists()
