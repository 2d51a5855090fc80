"""What any S3 must do to be our object store. Runs against the local server, and against S3_CONTRACT_* where that is given.

S3_CONTRACT_ENDPOINT_URL, S3_CONTRACT_BUCKET, S3_CONTRACT_ACCESS_KEY_ID, S3_CONTRACT_SECRET_ACCESS_KEY, S3_CONTRACT_REGION.
"""

import base64
import datetime as dt
import hashlib
import io
import os
import socket
import ssl
import uuid
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from core.errors import NotFoundError, UnavailableError
from media.s3 import S3Store
from media.store import store
from tests.browserlike import send
from tests.waiting import until

MINUTE = dt.timedelta(minutes=1)
ORIGIN = "http://site.example:8000"
MIB = 1024 * 1024


def given_store() -> S3Store:
    return S3Store(
        endpoint=os.environ["S3_CONTRACT_ENDPOINT_URL"],
        public_endpoint=os.environ["S3_CONTRACT_ENDPOINT_URL"],
        region=os.environ.get("S3_CONTRACT_REGION", "us-east-1"),
        bucket=os.environ["S3_CONTRACT_BUCKET"],
        access_key_id=os.environ["S3_CONTRACT_ACCESS_KEY_ID"],
        secret_access_key=os.environ["S3_CONTRACT_SECRET_ACCESS_KEY"],
    )


STORES = {"configured": store} | ({"given": given_store} if "S3_CONTRACT_ENDPOINT_URL" in os.environ else {})


@pytest.fixture(scope="module", params=list(STORES))
def s3(request):
    made = STORES[request.param]()
    made.ensure_bucket([ORIGIN])
    return made


@pytest.fixture
def key(s3):
    name = f"contract/{uuid.uuid4()}"
    yield name
    s3.delete(name)


def upload(s3, key: str, *bodies: bytes) -> str:
    upload_id = s3.create_upload(key)
    parts = [s3.send_part(key, upload_id, number, body) for number, body in enumerate(bodies, 1)]
    s3.complete_upload(key, upload_id, parts)
    return upload_id


def test_the_bucket_can_be_made_ready_again(s3):
    s3.ensure_bucket([ORIGIN], open_at_most=dt.timedelta(days=30))
    assert s3.check() is None


def test_what_a_broken_line_leaves_of_a_part_with_its_checksum_is_no_part(s3, key):
    body = os.urandom(5 * MIB)
    md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    upload_id = s3.create_upload(key)
    address = urlsplit(s3.sign_part(key, upload_id, 1, len(body), MINUTE, md5=md5))
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    with socket.create_connection((address.hostname, port)) as connection:
        line = connection
        if address.scheme == "https":
            line = ssl.create_default_context().wrap_socket(connection, server_hostname=address.hostname)
        head = [f"PUT {address.path}?{address.query} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(body)}"]
        line.sendall("\r\n".join([*head, f"Content-MD5: {md5}", "", ""]).encode() + body[: 2 * MIB])
    status, _, _ = send(s3.sign_part(key, upload_id, 2, len(body), MINUTE, md5=md5), body[:-1] + b"x", **{"Content-MD5": md5})
    assert status == 400
    assert s3.list_parts(key, upload_id) == []
    assert send(s3.sign_part(key, upload_id, 1, len(body), MINUTE, md5=md5), body, **{"Content-MD5": md5})[0] == 200
    assert [part.number for part in s3.list_parts(key, upload_id)] == [1]
    s3.abort_upload(key, upload_id)


def test_parts_put_by_a_browser_become_one_object(s3, key):
    bodies = [os.urandom(5 * MIB), os.urandom(1000)]
    upload_id = s3.create_upload(key)
    for number, body in enumerate(bodies, 1):
        url = s3.sign_part(key, upload_id, number, len(body), MINUTE)
        status, headers, _ = send(url, body, Origin=ORIGIN)
        assert status == 200
        assert headers["ETag"]
        assert headers["Access-Control-Allow-Origin"] in {ORIGIN, "*"}
        assert "etag" in headers["Access-Control-Expose-Headers"].lower()
    parts = s3.list_parts(key, upload_id)
    assert [(part.number, part.size) for part in parts] == [(1, 5 * MIB), (2, 1000)]
    s3.complete_upload(key, upload_id, parts)
    stat = s3.head(key)
    assert stat.size == 5 * MIB + 1000
    assert stat.version_id
    digest = hashlib.sha256()
    for block in s3.stream(key, stat.version_id):
        digest.update(block)
    assert digest.digest() == hashlib.sha256(b"".join(bodies)).digest()


def test_a_browser_of_the_site_may_send_and_others_may_not(s3, key):
    upload_id = s3.create_upload(key)
    url = s3.sign_part(key, upload_id, 1, 3, MINUTE)
    ask = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    status, headers, _ = send(url, method="OPTIONS", Origin=ORIGIN, **ask)
    assert status in {200, 204}
    assert headers["Access-Control-Allow-Origin"] in {ORIGIN, "*"}
    _, headers, _ = send(url, method="OPTIONS", Origin="http://elsewhere.example", **ask)
    assert headers.get("Access-Control-Allow-Origin") not in {"http://elsewhere.example", "*"}
    s3.abort_upload(key, upload_id)


def test_a_signed_part_takes_exactly_its_size(s3, key):
    upload_id = s3.create_upload(key)
    url = s3.sign_part(key, upload_id, 1, 3, MINUTE)
    assert send(url, b"four")[0] == 403
    assert send(url, b"abc")[0] == 200
    s3.abort_upload(key, upload_id)


def test_a_signature_is_for_one_part_of_one_upload(s3, key):
    upload_id = s3.create_upload(key)
    url = s3.sign_part(key, upload_id, 1, 3, MINUTE)
    assert send(url.replace("partNumber=1", "partNumber=2"), b"abc")[0] == 403
    assert send(url.replace(key, key + "x"), b"abc")[0] == 403
    s3.abort_upload(key, upload_id)


def test_an_aborted_upload_is_gone(s3, key):
    upload_id = s3.create_upload(key)
    s3.send_part(key, upload_id, 1, b"abc")
    assert (key, upload_id) in {(row.key, row.upload_id) for row in s3.open_uploads()}
    s3.abort_upload(key, upload_id)
    s3.abort_upload(key, upload_id)
    assert s3.list_parts(key, upload_id) is None
    assert (key, upload_id) not in {(row.key, row.upload_id) for row in s3.open_uploads()}


def test_a_completed_upload_is_no_open_one(s3, key):
    upload_id = upload(s3, key, b"abc")
    assert s3.list_parts(key, upload_id) is None
    assert s3.head(key).size == 3


def test_what_is_missing_is_said(s3, key):
    assert s3.head(key) is None
    with pytest.raises(NotFoundError):
        list(s3.stream(key))
    s3.delete(key)


def test_a_pinned_version_survives_another_write_to_its_key(s3, key):
    upload(s3, key, b"first")
    pinned = s3.head(key).version_id
    s3.put(key, io.BytesIO(b"second!"), "text/plain")
    assert b"".join(s3.stream(key, pinned)) == b"first"
    url = s3.sign_download(key, pinned, content_type="text/plain", disposition="attachment", lifetime=MINUTE)
    assert send(url, method="GET")[2] == b"first"


def test_delete_takes_all_versions_and_only_this_key(s3, key):
    upload(s3, key, b"first")
    pinned = s3.head(key).version_id
    s3.put(key, io.BytesIO(b"second"), "text/plain")
    s3.put(key + "-neighbour", io.BytesIO(b"x"), "text/plain")
    s3.delete(key)
    assert s3.head(key) is None
    with pytest.raises((NotFoundError, UnavailableError)):
        list(s3.stream(key, pinned))
    assert s3.head(key + "-neighbour") is not None
    s3.delete(key + "-neighbour")


def test_a_download_answers_with_the_headers_that_were_signed(s3, key):
    s3.put(key, io.BytesIO(b"<script>"), "text/html")
    disposition = "attachment; filename=\"x.pdf\"; filename*=UTF-8''%E4%B8%AD%E6%96%87.pdf"
    url = s3.sign_download(key, content_type="application/pdf", disposition=disposition, lifetime=MINUTE)
    status, headers, body = send(url, method="GET")
    assert (status, body) == (200, b"<script>")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == disposition
    assert send(url.replace("x.pdf", "y.pdf"), method="GET")[0] == 403


def test_a_part_of_a_download_can_be_asked_for(s3, key):
    s3.put(key, io.BytesIO(b"0123456789"), "text/plain")
    url = s3.sign_download(key, content_type="text/plain", disposition="attachment", lifetime=MINUTE)
    status, _, body = send(url, method="GET", Range="bytes=2-4")
    assert (status, body) == (206, b"234")


def test_nothing_is_given_without_a_signature(s3, key):
    s3.put(key, io.BytesIO(b"secret"), "text/plain")
    url = s3.sign_download(key, content_type="text/plain", disposition="attachment", lifetime=MINUTE)
    assert send(url.split("?")[0], method="GET")[0] == 403


def test_a_link_ends(s3, key):
    s3.put(key, io.BytesIO(b"x"), "text/plain")
    url = s3.sign_download(key, content_type="text/plain", disposition="attachment", lifetime=dt.timedelta(seconds=1))
    until(lambda: send(url, method="GET")[0] == 403, seconds=10)


def test_a_store_that_is_away_is_said_within_seconds():
    away = S3Store(
        endpoint="http://127.0.0.1:9",
        public_endpoint="http://127.0.0.1:9",
        region="us-east-1",
        bucket="none",
        access_key_id="x",
        secret_access_key="y",
    )
    assert "does not answer" in away.check()
    with pytest.raises(UnavailableError):
        away.head("x")


def test_a_wrong_key_is_said():
    stranger = S3Store(
        endpoint=settings.S3_ENDPOINT_URL,
        public_endpoint=settings.S3_ENDPOINT_URL,
        region=settings.S3_REGION,
        bucket=settings.S3_BUCKET,
        access_key_id="nobody",
        secret_access_key="nothing",
    )
    assert "answers" in stranger.check()


def test_objects_are_listed_by_the_beginning_of_their_key(s3, key):
    names = [f"{key}/{end}" for end in ("b", "a", "c/d")]
    for name in names:
        s3.put(name, io.BytesIO(name.encode()), "text/plain")
    listed = list(s3.objects(f"{key}/"))
    nothing = list(s3.objects(f"{key}/nothing"))
    for name in names:
        s3.delete(name)
    assert [each.key for each in listed] == sorted(names)
    assert [each.size for each in listed] == [len(each.key) for each in listed]
    assert abs(dt.datetime.now(tz=dt.UTC) - listed[0].modified) < dt.timedelta(minutes=5)
    assert nothing == []
