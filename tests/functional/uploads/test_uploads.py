"""Uploads through HTTP, with the bytes sent to the real store as a browser sends them."""

import datetime as dt
import hashlib
import json
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from core import clock, jobs
from media.models import ObjectState, StoredObject, Upload, UploadState
from media.store import store
from tests.browserlike import Browser, send
from tests.factories.files import LEAFLET as PDF
from tests.factories.media import ensure_bucket
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bucket(settings):
    ensure_bucket(settings.S3_BUCKET)


@pytest.fixture
def browser(db):
    return Browser(make_user("contributor"))


def test_a_file_goes_from_browser_to_store_and_is_verified(browser):
    started = browser.upload(PDF, sha256=hashlib.sha256(PDF).hexdigest())
    assert browser.state(started)["state"] == "uploaded"
    assert browser.state(started)["message"]
    jobs.run_due()
    state = browser.state(started)
    assert (state["state"], state["message"], state["type_label"], state["size"]) == ("verified", "", "PDF", len(PDF))
    stored = StoredObject.objects.get(pk=started["object_id"])
    assert stored.created_by_id
    assert stored.version_id
    assert b"".join(store().stream(stored.key, stored.version_id)) == PDF


def test_a_file_of_several_parts_and_its_list(browser):
    body = b"PK\x05\x06" + bytes(18 + 17 * 1024 * 1024)
    status, started = browser.start(body, "big.zip")
    assert (status, started["part_count"]) == (201, 3)
    browser.put(started, body)
    parts = browser.call("GET", f"{started['upload_id']}/parts/")[1]["parts"]
    assert [part["PartNumber"] for part in parts] == [1, 2, 3]
    assert sum(part["Size"] for part in parts) == len(body)
    browser.call("POST", f"{started['upload_id']}/complete/")
    jobs.run_due()
    assert browser.state(started)["state"] == "verified"


def test_a_missing_part_is_named_and_the_upload_stays_open(browser):
    body = b"PK\x05\x06" + bytes(18 + 17 * 1024 * 1024)
    _, started = browser.start(body, "big.zip")
    size = started["part_size"]
    for number in (1, 3):
        url = browser.call("POST", f"{started['upload_id']}/parts/{number}/")[1]["url"]
        send(url, body[(number - 1) * size : number * size])
    status, problem = browser.call("POST", f"{started['upload_id']}/complete/")
    assert (status, problem["code"]) == (409, "part-missing")
    assert "2" in problem["detail"]
    assert Upload.objects.get().state == UploadState.OPEN
    browser.put(started, body)
    assert browser.call("POST", f"{started['upload_id']}/complete/")[0] == 202


def test_a_checksum_that_differs_is_rejected_and_said(browser):
    started = browser.upload(PDF, sha256="0" * 64)
    jobs.run_due()
    state = browser.state(started)
    assert state["state"] == "rejected"
    assert "checksum" in state["message"]
    jobs.run_due()
    assert store().head(StoredObject.objects.get().key) is None


def test_what_a_browser_could_run_is_rejected_whatever_its_name(browser):
    started = browser.upload(b"<html><script>alert(1)</script></html>", "picture.png", content_type="image/png")
    jobs.run_due()
    assert browser.state(started)["state"] == "rejected"
    assert StoredObject.objects.get().rejection == "type-not-allowed"


def test_an_upload_that_the_store_lost_before_completion_is_said(browser):
    _, started = browser.start(PDF)
    browser.put(started, PDF)
    upload = Upload.objects.get()
    store().abort_upload(upload.stored_object.key, upload.s3_upload_id)
    status, problem = browser.call("POST", f"{started['upload_id']}/complete/")
    assert (status, problem["code"]) == (409, "lost")
    assert browser.state(started)["state"] == "abandoned"


def test_an_object_that_is_gone_after_completion_is_said(browser, monkeypatch):
    monkeypatch.setattr("media.settling.PATIENCE_SECONDS", 0)
    started = browser.upload(PDF)
    upload = Upload.objects.get()
    store().abort_upload(upload.stored_object.key, upload.s3_upload_id)
    jobs.run_due()
    assert StoredObject.objects.get().rejection == "lost"
    assert "upload" in browser.state(started)["message"]


def test_a_complete_that_was_done_already_is_recognised(browser):
    """A worker killed between the store's completion and our note of it."""
    browser.upload(PDF)
    upload = Upload.objects.get()
    key = upload.stored_object.key
    store().complete_upload(key, upload.s3_upload_id, store().list_parts(key, upload.s3_upload_id))
    jobs.run_due()
    assert StoredObject.objects.get().state == ObjectState.VERIFIED


def test_aborting_leaves_nothing_in_the_store(browser):
    _, started = browser.start(PDF)
    browser.put(started, PDF)
    upload = Upload.objects.get()
    assert browser.call("DELETE", f"{started['upload_id']}/")[0] == 200
    assert browser.call("DELETE", f"{started['upload_id']}/")[0] == 200
    jobs.run_due()
    assert store().list_parts(upload.stored_object.key, upload.s3_upload_id) is None
    assert browser.state(started)["state"] == "abandoned"
    assert browser.call("POST", f"{started['upload_id']}/parts/1/")[0] == 409
    assert browser.call("POST", f"{started['upload_id']}/complete/")[0] == 409


def test_a_completed_upload_can_neither_be_aborted_nor_added_to(browser):
    started = browser.upload(PDF)
    assert browser.call("DELETE", f"{started['upload_id']}/")[0] == 409
    assert browser.call("POST", f"{started['upload_id']}/parts/1/")[0] == 409
    assert browser.call("POST", f"{started['upload_id']}/complete/")[0] == 202


def test_the_same_bytes_twice_point_to_the_first(browser):
    browser.upload(PDF, "one.pdf")
    jobs.run_due()
    browser.upload(PDF, "two.pdf")
    jobs.run_due()
    first, second = StoredObject.objects.order_by("created_at")
    assert (second.state, second.duplicate_of, second.filename) == ("verified", first, "two.pdf")
    assert store().head(second.key) is None


@pytest.mark.parametrize("path", ["{upload}/parts/", "{upload}/parts/1/", "{upload}/complete/", "{upload}/"])
@pytest.mark.parametrize("who", ["colleague", "stranger", "curator", "nobody"])
def test_an_upload_is_its_user_s_alone(browser, path, who):
    _, started = browser.start(PDF)
    users = {
        "colleague": lambda: make_user("contributor", institution=Upload.objects.get().user.institution),
        "stranger": lambda: make_user("contributor"),
        "curator": lambda: make_user("curator"),
        "nobody": lambda: None,
    }
    other = Browser(users[who]())
    method = {"{upload}/parts/": "GET", "{upload}/": "DELETE"}.get(path, "POST")
    status, problem = other.call(method, path.format(upload=started["upload_id"]))
    assert status == (401 if who == "nobody" else 404)
    assert problem["detail"]
    assert Upload.objects.get().state == UploadState.OPEN


def test_who_left_the_institution_has_no_upload_there_any_more(browser):
    user = make_user("contributor")
    mine = Browser(user)
    _, started = mine.start(PDF)
    user.institution = make_institution()
    user.save()
    assert mine.call("POST", f"{started['upload_id']}/parts/1/")[0] == 404


def test_nobody_uploads_for_another_institution(browser):
    other = make_institution()
    status, problem = browser.start(PDF, institution=str(other.id))
    assert (status, problem["code"]) == (403, "not-allowed")
    assert not Upload.objects.exists()


@pytest.mark.parametrize("roles", [["curator"], ["secretariat"]])
def test_roles_of_the_network_do_not_upload(roles):
    status, _ = Browser(make_user(*roles)).start(PDF, institution=str(make_institution().id))
    assert status == 403


def test_the_state_of_a_file_is_for_its_institution_and_the_curators(browser):
    started = browser.upload(PDF)
    assert Browser(make_user("curator")).state(started)["filename"] == "leaflet.pdf"
    assert "filename" not in Browser(make_user("contributor")).state(started)
    assert Browser(None).call("GET", f"objects/{started['object_id']}/")[0] == 401


def test_without_its_token_nothing_is_done(browser):
    user = make_user("contributor")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post("/uploads/", json.dumps({"filename": "a.pdf", "size": 3}), content_type="application/json")
    assert answer.status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"filename": "a.pdf", "size": 0}, "empty"),
        ({"filename": "a.pdf", "size": -1}, "empty"),
        ({"filename": "a.pdf", "size": 10**15}, "too-large"),
        ({"filename": "a.pdf", "size": 10**400}, "too-large"),
        ({"filename": "a.pdf", "size": "big"}, "field"),
        ({"filename": "a.pdf", "size": True}, "field"),
        ({"filename": "a.pdf", "size": 1.5}, "field"),
        ({"filename": "a.pdf"}, "field"),
        ({"size": 3}, "field"),
        ({"filename": "", "size": 3}, "no-name"),
        ({"filename": "\x00\x01", "size": 3}, "no-name"),
        ({"filename": "a/", "size": 3, "institution": "no-uuid"}, "field"),
        ({"filename": "a.pdf", "size": 3, "sha256": "xyz"}, "sha256"),
        ({"filename": ["a"], "size": 3}, "field"),
        ({"filename": "\ud800", "size": 3}, "no-name"),
    ],
)
def test_what_cannot_be_used_is_said(browser, sent, code):
    status, problem = browser.call("POST", "", **sent)
    assert (status, problem["code"]) == (400, code)
    assert problem["detail"].endswith(".")
    assert not StoredObject.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\x00", b"\xff\xfe", "[" * 100_000])
def test_malformed_bodies_are_said(browser, body):
    answer = browser.client.generic("POST", "/uploads/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_half_a_character_is_left_out(browser):
    status, started = browser.call("POST", "", filename="a.pdf", size=3, content_type="text/\ud800plain")
    assert status == 201
    assert StoredObject.objects.get(pk=started["object_id"]).content_type == "text/plain"


def test_part_numbers_outside_the_file_are_said(browser):
    _, started = browser.start(PDF)
    for number in (0, 2, 10**9):
        status, problem = browser.call("POST", f"{started['upload_id']}/parts/{number}/")
        assert (status, problem["code"]) == (400, "part-number")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("图" * 300 + ".pdf", "图" * 250 + "….pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Plan.pdf", "Plan.pdf"),
        ("a\x00b\nc\t.pdf", "ab c .pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("  العلوم.pdf ", "العلوم.pdf"),
    ],
)
def test_names_are_kept_clean_and_are_no_part_of_the_key(browser, given, kept):
    status, _ = browser.start(PDF, given)
    stored = StoredObject.objects.get()
    assert status == 201
    assert stored.filename == kept
    assert stored.key == f"objects/{stored.id}"


def test_the_space_of_an_institution_counts_what_is_announced(browser):
    user = make_user("contributor")
    user.institution.quota_bytes = 100
    user.institution.save()
    mine = Browser(user)
    assert mine.start(b"x" * 60)[0] == 201
    status, problem = mine.start(b"x" * 60)
    assert (status, problem["code"]) == (409, "quota")


def test_an_upload_left_open_too_long_is_closed(browser, settings):
    _, started = browser.start(PDF)
    with clock.travel(clock.now() + settings.UPLOAD_LIFETIME + dt.timedelta(minutes=1)):
        status, problem = browser.call("POST", f"{started['upload_id']}/parts/1/")
    assert (status, problem["code"]) == (409, "expired")


def test_when_the_store_is_away_it_is_said_and_nothing_is_left(browser, settings):
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    status, problem = browser.start(PDF)
    assert (status, problem["code"]) == (503, "unavailable")
    assert not StoredObject.objects.exists()


def test_a_store_that_goes_away_before_the_check_loses_nothing(browser, settings):
    started = browser.upload(PDF)
    settings.S3_ENDPOINT_URL, there = "http://127.0.0.1:9", settings.S3_ENDPOINT_URL
    jobs.run_due()
    assert browser.state(started)["state"] == "uploaded"
    settings.S3_ENDPOINT_URL = there
    with clock.travel(clock.now() + dt.timedelta(minutes=10)):
        jobs.run_due()
    assert browser.state(started)["state"] == "verified"


def test_unknown_ids_and_methods_are_said(browser):
    assert browser.call("POST", f"{uuid.uuid4()}/complete/")[0] == 404
    assert browser.call("GET", f"objects/{uuid.uuid4()}/")[0] == 404
    assert browser.call("PUT", "")[0] == 405


@pytest.mark.django_db(transaction=True)
def test_completing_twice_at_once_ends_in_one_object(settings):
    browser = Browser(make_user("contributor"))
    _, started = browser.start(PDF)
    browser.put(started, PDF)
    statuses = []

    def complete():
        try:
            statuses.append(browser.call("POST", f"{started['upload_id']}/complete/")[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [202] * 4
    jobs.run_due()
    assert StoredObject.objects.get().state == ObjectState.VERIFIED
