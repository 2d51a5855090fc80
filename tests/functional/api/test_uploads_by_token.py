"""Uploads and drafts by programs, with the bytes sent to the real store."""

import base64
import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.test import Client

from catalogue.models import ResourcePage
from core import audit, clock, jobs
from core.models import AuditEntry
from media.models import ObjectState, StoredObject, Upload, UploadState
from members import tokens
from tests.browserlike import send
from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.media import ensure_bucket, make_object, make_object_row
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db

TEXT = b"Fill a tray with water and wait until it is still.\n"


@pytest.fixture(autouse=True)
def _bucket(settings):
    ensure_bucket(settings.S3_BUCKET)


class Program:
    """What an institution's script does."""

    def __init__(self, manager=None, institution=None):
        manager = manager or make_user("manager")
        self.institution = institution or manager.institution
        self.token, self.secret = tokens.create_token(self.institution, name="Script", days=30, by=manager)

    def call(self, method, path, body=None, secret=None, **headers):
        headers = {"authorization": f"Bearer {secret or self.secret}", **headers}
        sent = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        answer = Client().generic(method, f"/api/v1/{path}", sent, content_type="application/json", headers=headers)
        return answer.status_code, json.loads(answer.content or b"null")

    def start(self, body, filename="notes.txt", **more):
        return self.call("POST", "uploads", {"filename": filename, "size": len(body), **more})

    def upload(self, body, filename="notes.txt", **complete):
        _, started = self.start(body, filename)
        numbers = list(range(1, started["part_count"] + 1))
        status, signed = self.call("POST", f"uploads/{started['upload_id']}/parts", {"numbers": numbers})
        assert status == 200, signed
        for part in signed["parts"]:
            place = (part["number"] - 1) * started["part_size"]
            assert send(part["url"], body[place : place + part["size"]])[0] == 200
        status, stored = self.call("POST", f"uploads/{started['upload_id']}/complete", complete or None)
        assert status == 202, stored
        return started

    def status(self, started):
        return self.call("GET", f"uploads/objects/{started['object_id']}")[1]


@pytest.fixture
def program(db):
    return Program()


def test_a_file_goes_all_the_way(program):
    started = program.upload(TEXT, sha256=hashlib.sha256(TEXT).hexdigest())
    assert program.status(started)["state"] == "uploaded"
    jobs.run_due()
    status = program.status(started)
    assert (status["state"], status["message"], status["size"]) == ("verified", "", len(TEXT))
    assert (status["content_type"], status["sha256"]) == ("text/plain", hashlib.sha256(TEXT).hexdigest())
    stored = StoredObject.objects.get()
    assert (stored.institution, stored.filename) == (program.institution, "notes.txt")
    assert AuditEntry.objects.get(action="exchange.upload.start").data == {"token": str(program.token.id)}


def test_a_file_of_several_parts_goes_on_where_it_stopped(program):
    body = b"PK\x05\x06" + bytes(18 + 17 * 1024 * 1024)
    _, started = program.start(body, "big.zip")
    size = started["part_size"]
    for number in (1, 3):
        status, part = program.call("POST", f"uploads/{started['upload_id']}/parts/{number}")
        assert (status, part["number"]) == (200, number)
        send(part["url"], body[(number - 1) * size : number * size])
    status, problem = program.call("POST", f"uploads/{started['upload_id']}/complete")
    assert (status, problem["code"]) == (409, "part-missing")
    parts = program.call("GET", f"uploads/{started['upload_id']}/parts")[1]["parts"]
    assert [(part["PartNumber"], part["Size"]) for part in parts] == [(1, size), (3, len(body) - 2 * size)]
    send(program.call("POST", f"uploads/{started['upload_id']}/parts/2")[1]["url"], body[size : 2 * size])
    assert program.call("POST", f"uploads/{started['upload_id']}/complete")[0] == 202
    jobs.run_due()
    assert program.status(started)["state"] == "verified"


@pytest.mark.parametrize("path", ["parts", "parts/1"])
def test_a_part_signed_with_its_checksum_is_taken_whole_or_not_at_all(program, path):
    _, started = program.start(TEXT)
    address = f"uploads/{started['upload_id']}/{path}"

    def sign(md5):
        return program.call("POST", address, {"numbers": [1], "md5s": [md5]} if path == "parts" else {"md5": md5})

    assert sign("short")[1]["code"] == "md5"
    md5 = base64.b64encode(hashlib.md5(TEXT, usedforsecurity=False).digest()).decode()
    status, signed = sign(md5)
    assert status == 200, signed
    url = signed["parts"][0]["url"] if path == "parts" else signed["url"]
    assert send(url, TEXT[:-1] + b"x", **{"Content-MD5": md5})[0] == 400
    assert send(url, TEXT)[0] == 403
    assert send(url, TEXT, **{"Content-MD5": md5})[0] == 200


def test_a_checksum_given_at_the_end_is_compared(program):
    started = program.upload(TEXT, sha256="0" * 64)
    jobs.run_due()
    status = program.status(started)
    assert status["state"] == "rejected"
    assert "checksum" in status["message"]


def test_an_upload_is_given_up(program):
    _, started = program.start(TEXT)
    assert program.call("DELETE", f"uploads/{started['upload_id']}") == (204, None)
    assert program.call("DELETE", f"uploads/{started['upload_id']}") == (204, None)
    assert Upload.objects.get().state == UploadState.ABORTED
    assert program.call("POST", f"uploads/{started['upload_id']}/parts/1")[0] == 409


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer fct_nothing", "Basic Zm9vOmJhcg==", "bearer é"])
def test_without_a_valid_token_nothing_is_done(program, header):
    headers = {"authorization": header} if header else {}
    answer = Client().post("/api/v1/uploads", {"filename": "a.txt", "size": 3}, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert "licensing manager" in json.loads(answer.content)["detail"]
    assert not StoredObject.objects.exists()


def test_a_session_is_no_token(program):
    client = Client()
    client.force_login(make_user("manager"))
    assert client.post("/api/v1/uploads", {"filename": "a.txt", "size": 3}, content_type="application/json").status_code == 401


def test_a_token_that_ended_in_the_middle_ends_the_upload(program):
    _, started = program.start(TEXT)
    with clock.travel(clock.now() + dt.timedelta(days=31)):
        assert program.call("POST", f"uploads/{started['upload_id']}/parts/1")[0] == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "parts/1"), ("GET", "parts"), ("POST", "complete"), ("DELETE", "")],
)
def test_what_belongs_to_another_institution_is_not_there(program, method, path):
    _, started = program.start(TEXT)
    address = f"uploads/{started['upload_id']}/{path}".rstrip("/")
    assert Program().call(method, address)[0] == 404
    assert Upload.objects.get().state == UploadState.OPEN


def test_a_secretariat_s_token_for_one_institution_reaches_no_other():
    secretariat = make_user("secretariat")
    one, other = Program(secretariat, make_institution()), Program(secretariat, make_institution())
    _, started = one.start(TEXT)
    assert other.call("POST", f"uploads/{started['upload_id']}/complete")[0] == 404
    assert other.call("GET", f"uploads/objects/{started['object_id']}")[0] == 404


def test_a_curator_s_token_sees_no_files_of_others():
    curator = make_user("curator", "manager")
    foreign = make_object_row()
    assert Program(curator).call("GET", f"uploads/objects/{foreign.id}")[0] == 404


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"filename": "a.txt", "size": 0}, "empty"),
        ({"filename": "a.txt", "size": 10**15}, "too-large"),
        ({"filename": "", "size": 3}, "no-name"),
        ({"filename": "a.txt", "size": 3, "sha256": "xyz"}, "sha256"),
        ({"filename": "a.txt", "size": "3"}, "size"),
        ({"filename": "a.txt", "size": True}, "size"),
        ({"filename": "a.txt", "size": 1.5}, "size"),
        ({"filename": "a.txt"}, "size"),
        ({"size": 3}, "filename"),
        ({"filename": "a.txt", "size": 3, "sha": "x"}, "sha"),
        ({"filename": "a.txt", "size": 3, "content_type": "a\x00b"}, "content_type"),
        ("[", "not-json"),
        (b"\xff\xfe", "not-json"),
    ],
)
def test_what_cannot_be_used_is_said(program, sent, named):
    status, problem = program.call("POST", "uploads", sent)
    assert status == 400
    assert named in {problem["code"], *[error["parameter"] for error in problem.get("errors", [])]}
    assert problem["detail"].endswith(".")
    assert not StoredObject.objects.exists()


@pytest.mark.parametrize("numbers", [[], [0], [2], [1] * 101, ["x"], [10**9]])
def test_part_numbers_that_there_are_not_are_said(program, numbers):
    _, started = program.start(TEXT)
    assert program.call("POST", f"uploads/{started['upload_id']}/parts", {"numbers": numbers})[0] == 400


def test_sentences_are_in_the_language_that_is_asked_for(program):
    _, problem = program.call("POST", f"uploads/{uuid.uuid4()}/complete", **{"accept-language": "fr"})
    assert problem["detail"] != program.call("POST", f"uploads/{uuid.uuid4()}/complete")[1]["detail"]


def test_the_description_names_the_token(client):
    document = json.loads(client.get("/api/v1/openapi.json").content)
    assert document["paths"]["/api/v1/uploads"]["post"]["security"] == [{"TokenAuth": []}]
    assert document["components"]["securitySchemes"]["TokenAuth"] == {"type": "http", "scheme": "bearer"}
    assert "security" not in document["paths"]["/api/v1/resources"]["get"]


ROW = {"identifier": "soap-boats", "title": "Soap boats", "languages": "en", "resource_type": "experiment", "licence": "CC-BY-4.0"}


def test_a_draft_is_written_with_its_files(program):
    stored = make_object(program.institution, TEXT)
    status, written = program.call("POST", "drafts", {**ROW, "files": [str(stored.id)], "subjects": ["physics", "nonsense"]})
    assert (status, written["status"]) == (200, "created")
    edition = ResourcePage.objects.get(edition_id=written["edition_id"])
    draft = edition.get_latest_revision_as_object()
    assert (edition.live, draft.title, edition.institution) == (False, "Soap boats", program.institution)
    assert [file.stored_object for file in draft.files.all()] == [stored]
    assert written["edit_url"].endswith(f"/admin/pages/{edition.pk}/edit/")
    effects = {(problem["field"], problem["effect"]) for problem in written["problems"]}
    assert ("subjects", "left-out") in effects
    assert ("abstract", "missing") in effects
    assert program.call("POST", "drafts", {**ROW, "files": [str(stored.id)]})[1]["status"] == "unchanged"


def test_what_is_published_stays_until_a_curator_approves(program):
    published = make_resource(program.institution, identifier="soap-boats", title="As it was")
    status, written = program.call("POST", "drafts", {**ROW, "title": "As the script has it"})
    assert (status, written["status"]) == (200, "updated")
    published.refresh_from_db()
    assert (published.live, published.title) == (True, "As it was")
    assert published.get_latest_revision_as_object().title == "As the script has it"
    assert not AuditEntry.objects.filter(action__contains="publish").exists()


def test_a_draft_touches_nothing_of_another_institution(program):
    theirs = make_resource(identifier="soap-boats", title="Theirs")
    assert program.call("POST", "drafts", ROW)[1]["status"] == "created"
    theirs.refresh_from_db()
    assert theirs.get_latest_revision_as_object().title == "Theirs"


def test_what_is_being_judged_is_not_changed(program):
    contributor = make_user("contributor", institution=program.institution)
    waiting = make_submitted(program.institution, by=contributor, identifier="soap-boats")
    status, problem = program.call("POST", "drafts", ROW)
    assert (status, problem["code"]) == (409, "conflict")
    assert "waits for the curators" in problem["detail"]
    assert ResourcePage.objects.get(pk=waiting.pk).latest_revision_id == waiting.latest_revision_id


@pytest.mark.parametrize("field", ["translation_of", "adapted_from"])
def test_a_reference_to_what_another_institution_has_not_published_leads_nowhere(program, field):
    other = make_institution(slug="rhone")
    secret = make_resource(other, publish=False, identifier="secret")
    make_resource(other, identifier="open")
    said = {}
    for reference in ("rhone/secret", str(secret.edition_id), "rhone/nothing", "rhone/open"):
        _, written = program.call("POST", "drafts", {**ROW, "identifier": f"to {reference}", field: reference})
        said[reference] = [problem["reason"] for problem in written["problems"] if problem["field"] == field]
        draft = ResourcePage.objects.get(edition_id=written["edition_id"]).get_latest_revision_as_object()
        assert (getattr(draft, field) is not None) == (reference == "rhone/open")
    assert said.pop("rhone/open") == []
    assert said == {reference: [f"No other resource “{reference}” was found."] for reference in said}


def test_problems_name_the_fields_as_programs_send_them(program):
    _, written = program.call("POST", "drafts", {"identifier": "soap-boats", "title": "Soap boats"})
    missing = {problem["field"] for problem in written["problems"] if problem["effect"] == "missing"}
    assert "languages" in missing
    assert "language" not in missing


def test_a_draft_that_cannot_be_recorded_is_not_written(program, monkeypatch):
    record = audit.record

    def failing(action, **about):
        if action == "exchange.draft.write":
            raise OSError("The disk is full.")
        return record(action, **about)

    monkeypatch.setattr(audit, "record", failing)
    with pytest.raises(OSError, match="full"):
        program.call("POST", "drafts", ROW)
    assert not ResourcePage.objects.exists()


@pytest.mark.parametrize("whose", ["foreign", "rejected", "nobody's"])
def test_files_that_are_not_theirs_or_not_good_are_refused(program, whose):
    made = {
        "foreign": lambda: make_object_row().id,
        "rejected": lambda: make_object_row(program.institution, ObjectState.REJECTED, rejection="lost").id,
        "nobody's": uuid.uuid4,
    }
    status, problem = program.call("POST", "drafts", {**ROW, "files": [str(made[whose]())]})
    assert (status, problem["code"]) == (400, "files")
    assert not ResourcePage.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"title": "x"}, {"identifier": ""}, {"identifier": "a", "access": "nobody"}, {"identifier": "a", "files": "x"}]
)
def test_a_draft_that_cannot_be_written_is_said(program, sent):
    status, problem = program.call("POST", "drafts", sent)
    assert status == 400
    assert problem["detail"]
    assert not ResourcePage.objects.exists()
