"""Uploads that are taken up again: what is listed, what is compared at the end, how long they may rest, and how much may come."""

import base64
import datetime as dt
import hashlib

import pytest

from core import clock, jobs
from media.models import StoredObject, Upload
from media.store import store
from media.uploads import open_at_most
from tests.browserlike import Browser, send
from tests.factories.files import LEAFLET as PDF
from tests.factories.media import ensure_bucket
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bucket(settings):
    ensure_bucket(settings.S3_BUCKET)


@pytest.fixture
def browser(db):
    return Browser(make_user("contributor"))


def test_open_uploads_are_listed_for_their_user_until_they_are_closed(browser):
    mark = hashlib.sha256(b"ends").hexdigest()
    body = b"PK\x05\x06" + bytes(18 + 9 * 1024 * 1024)
    _, started = browser.start(body, "big.zip", fingerprint=mark.upper())
    _, other = browser.start(PDF)
    status, answer = browser.call("GET", "")
    assert status == 200
    assert [upload["upload_id"] for upload in answer["uploads"]] == [other["upload_id"], started["upload_id"]]
    listed = answer["uploads"][1]
    assert (listed["filename"], listed["size"], listed["fingerprint"], listed["size_label"]) == ("big.zip", len(body), mark, "9.0\xa0MB")
    assert {name: listed[name] for name in started} == started
    browser.call("DELETE", f"{other['upload_id']}/")
    browser.put(started, body)
    browser.call("POST", f"{started['upload_id']}/complete/")
    assert browser.call("GET", "")[1] == {"uploads": []}


def test_nobody_else_s_uploads_are_listed(browser):
    browser.start(PDF)
    institution = StoredObject.objects.get().institution
    colleague = Browser(make_user("manager", institution=institution))
    assert colleague.call("GET", f"?institution={institution.id}") == (200, {"uploads": []})
    status, problem = Browser(make_user("contributor")).call("GET", f"?institution={institution.id}")
    assert (status, problem["code"]) == (403, "not-allowed")
    assert "contributors and licensing managers" in problem["detail"]
    assert browser.call("GET", "?institution=x")[0] == 400


def test_the_states_of_files_are_said_in_the_language_that_the_editor_speaks_whatever_the_browser_wants(browser):
    _, started = browser.start(PDF)
    french = Browser(make_user("contributor", language="fr", institution=StoredObject.objects.get().institution))
    french.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert french.state(started)["message"] == "Ce fichier n’a pas été envoyé en entier."
    assert browser.state(started)["message"] == "This file has not been uploaded completely."


def test_the_checksum_may_come_at_the_end(browser):
    for sha256, state in ((hashlib.sha256(PDF).hexdigest(), "verified"), ("0" * 64, "rejected")):
        _, started = browser.start(PDF)
        browser.put(started, PDF)
        assert browser.call("POST", f"{started['upload_id']}/complete/", sha256="short")[1]["code"] == "sha256"
        assert browser.call("POST", f"{started['upload_id']}/complete/", sha256=sha256)[0] == 202
        jobs.run_due()
        assert browser.state(started)["state"] == state
    assert "checksum" in browser.state(started)["message"]


def test_the_checksum_of_a_part_is_signed_with_it(browser):
    _, started = browser.start(PDF)
    path = f"{started['upload_id']}/parts/1/"
    assert browser.call("POST", path, md5="short")[1]["code"] == "md5"
    md5 = base64.b64encode(hashlib.md5(PDF, usedforsecurity=False).digest()).decode()
    url = browser.call("POST", path, md5=md5)[1]["url"]
    assert send(url, PDF)[0] == 403
    assert send(url, PDF[:-1] + b"x", **{"Content-MD5": md5})[0] == 400
    assert send(url, PDF, **{"Content-MD5": md5})[0] == 200


def test_an_upload_that_the_store_lost_is_said_when_it_goes_on(browser):
    _, started = browser.start(PDF)
    upload = Upload.objects.get()
    store().abort_upload(upload.stored_object.key, upload.s3_upload_id)
    status, problem = browser.call("GET", f"{started['upload_id']}/parts/")
    assert (status, problem["code"]) == (409, "lost")
    assert browser.call("GET", "")[1] == {"uploads": []}


def test_while_it_is_sent_an_upload_does_not_run_out_of_time_but_in_the_end_it_does(browser, settings):
    _, started = browser.start(PDF)
    path = f"{started['upload_id']}/parts/1/"
    begun = clock.now()
    step = settings.UPLOAD_LIFETIME - dt.timedelta(hours=2)
    for number in range(1, 12):
        with clock.travel(begun + number * step):
            status = browser.call("POST", path)[0]
        if begun + number * step < begun + open_at_most():
            assert status == 200
    assert status == 409


def test_the_number_of_files_has_a_limit_too(browser):
    user = make_user("contributor")
    user.institution.quota_files = 1
    user.institution.save()
    mine = Browser(user)
    mine.upload(PDF)
    jobs.run_due()
    status, problem = mine.start(b"x")
    assert (status, problem["code"]) == (409, "quota")
    assert "as it may: 1." in problem["detail"]
