"""What the audit finds in a store that was tampered with, and what it sets right only when it is told to."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command
from structlog.testing import capture_logs

from core import clock, jobs
from core.models import AuditEntry, Job
from exchange.health import OK
from media import auditing, selectors
from media.auditing import Fault
from media.models import DerivedFile, ObjectState, StoredObject
from media.services import sign_download, unwell
from media.store import store
from tests.factories.media import ensure_bucket, make_object
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db

IN_TWO_DAYS = dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def _bucket(settings):
    settings.S3_BUCKET = f"{settings.S3_BUCKET}-audit"  # with nothing in it of other tests: every key is looked at
    ensure_bucket(settings.S3_BUCKET)
    for prefix in auditing.PREFIXES:
        for listed in store().objects(prefix):
            store().delete(listed.key)


def audit(*arguments):
    """Return exit status and output of the command, as it is run some days later."""
    out = io.StringIO()
    try:
        with clock.travel(clock.now() + IN_TWO_DAYS):
            call_command("media_audit", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def replace_bytes(stored, body):
    """Let the pinned version hold other bytes, as a broken disk would."""
    store().put(stored.key, io.BytesIO(body), "application/octet-stream")
    StoredObject.objects.filter(pk=stored.pk).update(version_id=store().head(stored.key).version_id)


@pytest.fixture
def picture():
    from PIL import Image  # noqa: PLC0415

    file = io.BytesIO()
    Image.new("RGB", (500, 400), "teal").save(file, "PNG")
    stored = make_object(body=file.getvalue(), filename="boat.png")
    jobs.run_due()
    assert DerivedFile.objects.filter(source=stored).exists()
    return stored


@pytest.mark.parametrize("how", [[], ["--full"], ["--sample", "10"], ["--full", "--repair"]])
def test_a_store_that_holds_what_the_table_says(picture, how):
    make_object(picture.institution, b"same", "a.txt")
    make_object(picture.institution, b"same", "b.txt")
    status, said = audit(*how)
    assert (status, "holds what the table says" in said, "2 files looked at" in said) == (0, True, True)
    assert {stored.state for stored in StoredObject.objects.all()} == {ObjectState.VERIFIED}


def test_a_missing_object_is_found_and_marked_only_when_told(settings):
    stored = make_object(body=b"Fill a tray with water.")
    twin = make_object(stored.institution, b"Fill a tray with water.", "twin.txt")
    store().delete(stored.key)
    status, said = audit()
    assert status == 1
    assert f"missing           {stored.key}  notes.txt" in said
    stored.refresh_from_db()
    assert stored.state == ObjectState.VERIFIED
    assert "differ" in unwell()
    status, said = audit("--repair")
    assert (status, "1 files are lost" in said) == (1, True)
    stored.refresh_from_db()
    twin.refresh_from_db()
    assert (stored.state, twin.state) == (ObjectState.LOST, ObjectState.LOST)
    assert AuditEntry.objects.filter(action="media.object.lost").count() == 2
    assert "2 files are lost" in unwell()
    assert set(selectors.lost()) == set(selectors.lost(stored.institution_id)) == {stored, twin}
    assert not selectors.lost(make_institution().id).exists()
    assert audit()[0] == 0, "what is known to be lost is no news"


def test_a_truncated_object_is_found_by_its_size():
    stored = make_object(body=b"Fill a tray with water and wait.")
    replace_bytes(stored, b"Fill a tray")
    status, said = audit()
    assert (status, "size-differs" in said) == (1, True)


def test_swapped_bytes_are_found_by_reading_them():
    stored = make_object(body=b"Fill a tray with water.")
    replace_bytes(stored, b"Fill a tray with acid!!")
    assert audit()[0] == 0, "their size is right, and that is all a quick look sees"
    for how in (["--full"], ["--sample", "1"]):
        status, said = audit(*how)
        assert (status, "checksum-differs" in said) == (1, True)
    audit("--full", "--repair")
    stored.refresh_from_db()
    assert stored.state == ObjectState.LOST


def test_other_bytes_are_not_forgotten_by_audits_that_did_not_read_them(monkeypatch):
    stored = make_object(body=b"Fill a tray with water.")
    replace_bytes(stored, b"Fill a tray with acid!!")
    auditing.audit_a_sample()
    monkeypatch.setattr(auditing, "look_at_objects", lambda **_how: iter(()))
    auditing.audit_a_sample()
    monkeypatch.undo()
    assert audit()[0] == 0
    assert audit("--repair")[0] == 0
    assert "media_audit --full names" in unwell()
    status, said = audit("--full")
    assert (status, stored.key in said, "media_audit --full --repair`" in said) == (1, True, True)
    audit("--full", "--repair")
    assert "1 file is lost: the front page of the admin names it." in unwell()
    store().put(stored.key, io.BytesIO(b"Fill a tray with water."), "text/plain")
    assert audit("--repair")[0] == 0
    assert unwell() is None, "the full audit left nothing as it was, and the file is whole again"


def test_a_quick_audit_is_the_last_word_on_what_it_sees(picture):
    store().delete(DerivedFile.objects.filter(source=picture).first().key)
    status, said = audit()
    assert (status, "media_audit --repair`" in said) == (1, True)
    assert "differ" in unwell()
    audit("--sample", "0")
    assert "differ" in unwell(), "a sample proves nothing of the rest"
    assert audit("--repair")[0] == 0
    assert unwell() is None


def test_what_is_lost_can_be_had_by_nobody_and_is_said():
    stored = make_object()
    store().delete(stored.key)
    assert "0 set right, 1 files are lost and marked so." in audit("--repair")[1]
    assert "1 files are known to be lost" in audit()[1]
    stored.refresh_from_db()
    with pytest.raises(Exception, match="lost this file"):
        sign_download(stored)
    assert selectors.not_ready([stored.pk])


def test_a_lost_file_that_comes_back_is_found_again(settings):
    stored = make_object(body=b"Fill a tray with water.")
    store().delete(stored.key)
    audit("--repair")
    store().put(stored.key, io.BytesIO(b"Fill a tray with acid!!"), "text/plain")
    assert audit("--repair")[0] == 0, "other bytes are no find"
    store().put(stored.key, io.BytesIO(b"Fill a tray with water."), "text/plain")
    status, said = audit()
    assert (status, "found-again" in said) == (1, True)
    assert audit("--repair")[0] == 0
    stored.refresh_from_db()
    assert stored.state == ObjectState.VERIFIED
    assert b"".join(store().stream(stored.key, stored.version_id)) == b"Fill a tray with water."
    assert unwell() is None


def test_the_same_file_uploaded_again_stands_in_for_the_lost_one():
    stored = make_object(body=b"Fill a tray with water.")
    twin = make_object(stored.institution, b"Fill a tray with water.", "twin.txt")
    elsewhere = make_object(body=b"Fill a tray with water.")
    store().delete(stored.key)
    audit("--repair")
    anew = make_object(stored.institution, b"Fill a tray with water.", "anew.txt")
    for each in (stored, twin):
        each.refresh_from_db()
        assert (each.state, each.duplicate_of) == (ObjectState.VERIFIED, anew)
        assert b"".join(store().stream(each.bytes_key, each.bytes_version_id)) == b"Fill a tray with water."
    elsewhere.refresh_from_db()
    assert elsewhere.duplicate_of is None
    jobs.run_due()
    assert audit("--full")[0] == 0


def test_orphans_are_deleted_only_when_told_and_only_old_ones():
    for key in ("objects/nobodys", "derived/nobodys/thumbnail-320", "elsewhere/of-another-program"):
        store().put(key, io.BytesIO(b"x"), "text/plain")
    out = io.StringIO()
    call_command("media_audit", "--repair", stdout=out, stderr=io.StringIO())
    assert "holds what the table says" in out.getvalue(), "they may belong to rows that are just being written"
    status, said = audit()
    assert (status, said.count("orphan  ")) == (1, 3), said
    assert store().head("objects/nobodys")
    assert audit("--repair")[0] == 0
    assert store().head("objects/nobodys") is None
    assert store().head("derived/nobodys/thumbnail-320") is None
    assert store().head("elsewhere/of-another-program"), "it is none of ours"
    store().delete("elsewhere/of-another-program")


def test_bytes_of_a_rejected_file_that_were_not_deleted_are_orphans():
    stored = make_object()
    StoredObject.objects.update(state=ObjectState.REJECTED, rejection="type-not-allowed")
    assert audit("--repair")[0] == 0
    assert store().head(stored.key) is None


@pytest.mark.parametrize("state", [ObjectState.UPLOADING, ObjectState.UPLOADED])
def test_bytes_of_an_upload_under_way_stay(state):
    stored = make_object()
    StoredObject.objects.update(state=state)
    assert audit("--repair")[0] == 0
    assert store().head(stored.key)


def test_a_thumbnail_that_is_gone_is_made_again(picture):
    key = DerivedFile.objects.filter(source=picture).first().key
    store().delete(key)
    status, said = audit()
    assert (status, "derived-missing" in said) == (1, True)
    assert audit("--repair")[0] == 0
    with clock.travel(clock.now() + IN_TWO_DAYS):
        jobs.run_due()
    assert store().head(key)


def test_an_object_that_is_deleted_while_it_is_looked_at_is_no_loss(monkeypatch):
    stored = make_object()
    looks = auditing.look_at_objects(whole=False)
    head = type(store()).head

    def gone_meanwhile(self, key, version_id=""):
        StoredObject.objects.filter(pk=stored.pk).delete()
        store().delete(key)
        return head(self, key, version_id)

    monkeypatch.setattr(type(store()), "head", gone_meanwhile)
    assert [look.findings for look in looks] == [()]


def test_many_objects_are_looked_at_each_once(monkeypatch):
    monkeypatch.setattr(auditing, "BATCH", 2)
    institution = make_institution()
    for _ in range(5):
        make_object(institution)
    assert len(list(auditing.look_at_objects(whole=False))) == 5
    assert len(list(auditing.look_at_objects(whole=True, sample=3))) == 3
    assert len(list(auditing.look_for_orphans())) == 5


def test_a_store_that_is_away_finds_no_loss(settings):
    make_object()
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError) as caught:
        audit("--repair")
    assert caught.value.returncode == 2
    assert StoredObject.objects.get().state == ObjectState.VERIFIED


def test_the_weekly_look_tells_health_and_repairs_nothing(settings, client):
    assert unwell() is None
    stored = make_object(body=b"Fill a tray with water.")
    replace_bytes(stored, b"Fill a tray with acid!!")
    with capture_logs() as logs:
        assert auditing.audit_a_sample() == 1
    assert {"event": "media_audit_finding", "log_level": "error", "fault": Fault.CHECKSUM, "key": stored.key} in logs
    entry = AuditEntry.objects.get(action="media.audit")
    assert (entry.data["scope"], entry.data["faults"]) == ("sample", {Fault.CHECKSUM: 1})
    assert clock.today().isoformat() in unwell()
    stored.refresh_from_db()
    assert stored.state == ObjectState.VERIFIED
    settings.AUDIT_SAMPLE = 0
    assert auditing.audit_a_sample() == 0
    assert AuditEntry.objects.filter(action="media.audit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_site_with_a_lost_file_is_ready_and_says_so(client):
    StoredObject.objects.filter(pk=make_object().pk).update(state=ObjectState.LOST)
    answer = client.get("/readyz")
    parts = json.loads(answer.content)
    assert "1 file is lost" in parts["files"]
    wrong = {name for name, said in parts.items() if said != OK}
    assert answer.status_code == (200 if wrong == {"files"} else 503)
    assert not Job.objects.filter(kind="media.audit").exists()
