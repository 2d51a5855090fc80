"""What is in use is never deleted; what nobody uses goes after its grace time, row and bytes alike."""

import datetime as dt
import io
import threading
import uuid

import pytest
from django.db import connection, transaction

from core import clock, jobs
from core.errors import ConflictError
from core.models import Job
from media import reaping, uploads
from media.ledger import record_uses, release_uses
from media.models import ObjectState, ObjectUse, StoredObject, Upload, UploadState
from media.selectors import not_ready
from media.store import store
from members.viewer import Viewer
from tests.factories.media import ensure_bucket, make_object, make_object_row
from tests.factories.members import make_institution, make_user
from tests.waiting import until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bucket(settings):
    ensure_bucket(settings.S3_BUCKET)


@pytest.fixture
def after_grace(settings):
    with clock.travel(clock.now() + settings.UNUSED_FILE_GRACE + dt.timedelta(days=1)):
        yield


def start(user, size=1000):
    return uploads.start_upload(Viewer.of(user), institution_id=user.institution_id, filename="a.pdf", size=size)


def test_the_ledger_holds_exactly_what_was_said_last():
    first, second, third = (make_object_row() for _ in range(3))
    record_uses("revision", 7, [first.id, second.id, second.id])
    record_uses("page", 7, [first.id])
    record_uses("revision", 7, [second.id, third.id])
    assert set(ObjectUse.objects.filter(user_type="revision").values_list("stored_object_id", flat=True)) == {second.id, third.id}
    assert ObjectUse.objects.filter(user_type="page").count() == 1
    release_uses("revision", 7)
    assert list(ObjectUse.objects.values_list("user_type", flat=True)) == ["page"]


def test_a_file_that_is_gone_cannot_be_used():
    there = make_object_row()
    with pytest.raises(ConflictError):
        record_uses("revision", 1, [there.id, uuid.uuid4()])
    assert not ObjectUse.objects.exists()


@pytest.mark.usefixtures("after_grace")
def test_what_nobody_uses_goes_with_its_bytes_and_thumbnails(settings):
    from PIL import Image  # noqa: PLC0415

    file = io.BytesIO()
    Image.new("RGB", (500, 500)).save(file, "PNG")
    stored = make_object(body=file.getvalue(), filename="a.png")
    jobs.run_due()
    StoredObject.objects.update(created_at=clock.now() - settings.UNUSED_FILE_GRACE - dt.timedelta(days=1))
    assert reaping.delete_unused() == 1
    assert not StoredObject.objects.exists()
    jobs.run_due()
    assert store().head(stored.key) is None
    assert store().head(f"derived/{stored.id}/thumbnail-320") is None


def old(stored, settings):
    StoredObject.objects.filter(pk=stored.pk).update(created_at=clock.now() - settings.UNUSED_FILE_GRACE - dt.timedelta(days=1))


def test_what_is_in_use_or_young_stays(settings):
    used, young, unused = (make_object_row() for _ in range(3))
    record_uses("revision", 1, [used.id])
    old(used, settings)
    old(unused, settings)
    assert reaping.delete_unused() == 1
    assert set(StoredObject.objects.all()) == {used, young}


def test_the_grace_begins_anew_when_a_file_is_let_go(settings):
    let_go, replaced, kept = (make_object_row() for _ in range(3))
    record_uses("revision", 1, [let_go.id, replaced.id])
    record_uses("revision", 2, [kept.id])
    for stored in (let_go, replaced, kept):
        old(stored, settings)
    record_uses("revision", 1, [let_go.id])
    release_uses("revision", 1)
    assert reaping.delete_unused() == 0
    with clock.travel(clock.now() + settings.UNUSED_FILE_GRACE + dt.timedelta(minutes=1)):
        assert reaping.delete_unused() == 2
    assert StoredObject.objects.get() == kept


def test_bytes_that_another_row_points_to_stay(settings):
    institution = make_institution()
    first = make_object(institution, b"same", "a.txt")
    second = make_object(institution, b"same", "b.txt")
    record_uses("page", 1, [second.id])
    old(first, settings)
    old(second, settings)
    reaping.delete_unused()
    jobs.run_due()
    assert store().head(second.bytes_key) is not None
    release_uses("page", 1)
    with clock.travel(clock.now() + settings.UNUSED_FILE_GRACE + dt.timedelta(minutes=1)):
        reaping.delete_unused()
        reaping.delete_unused()
        jobs.run_due()
    assert not StoredObject.objects.exists()
    assert store().head(first.key) is None


def test_a_deletion_that_fails_halfway_leaves_nothing_half(settings):
    stored = make_object(body=b"text")
    old(stored, settings)
    there, settings.S3_ENDPOINT_URL = settings.S3_ENDPOINT_URL, "http://127.0.0.1:9"
    assert reaping.delete_unused() == 1
    jobs.run_due()
    settings.S3_ENDPOINT_URL = there
    assert store().head(stored.key) is not None
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        jobs.run_due()
    assert store().head(stored.key) is None


@pytest.mark.django_db(transaction=True)
def test_a_file_taken_into_use_while_it_is_reaped_is_either_kept_or_refused(settings):
    """Two transactions at once: whichever comes second sees what the first did."""
    for _ in range(5):
        stored = make_object_row()
        old(stored, settings)
        outcome = []

        def take(object_id=stored.id, outcome=outcome):
            try:
                with transaction.atomic():
                    record_uses("revision", 1, [object_id])
                outcome.append("used")
            except ConflictError:
                outcome.append("refused")
            finally:
                connection.close()

        thread = threading.Thread(target=take)
        thread.start()
        reaping.delete_unused()
        thread.join()
        assert StoredObject.objects.filter(pk=stored.pk).exists() == (outcome == ["used"])
        ObjectUse.objects.all().delete()
        StoredObject.objects.all().delete()


def test_uploads_past_their_time_are_given_up(settings):
    user = make_user("contributor")
    start(user)
    upload = Upload.objects.get()
    assert reaping.give_up_expired_uploads() == 0
    with clock.travel(clock.now() + settings.UPLOAD_LIFETIME + dt.timedelta(minutes=1)):
        assert reaping.give_up_expired_uploads() == 1
        assert reaping.give_up_expired_uploads() == 0
        jobs.run_due()
    upload.refresh_from_db()
    assert (upload.state, upload.stored_object.state) == (UploadState.ABORTED, ObjectState.ABANDONED)
    assert store().list_parts(upload.stored_object.key, upload.s3_upload_id) is None


def test_an_open_upload_is_not_unused(settings):
    start(make_user("contributor"))
    with clock.travel(clock.now() + settings.UNUSED_FILE_GRACE + dt.timedelta(days=1)):
        assert reaping.delete_unused() == 0
        reaping.give_up_expired_uploads()
        assert reaping.delete_unused() == 1


def test_uploads_of_the_store_that_no_row_knows_are_aborted(settings):
    start(make_user("contributor"))
    known = Upload.objects.get()
    stray = store().create_upload("objects/stray")
    reaping.abort_stray_uploads()
    assert store().list_parts("objects/stray", stray) is not None, "it may be one that is just beginning"
    with clock.travel(clock.now() + settings.UPLOAD_LIFETIME + dt.timedelta(days=2)):
        reaping.abort_stray_uploads()
    assert store().list_parts("objects/stray", stray) is None
    assert store().list_parts(known.stored_object.key, known.s3_upload_id) is not None


def test_a_file_whose_check_was_lost_is_checked_after_all():
    stored = make_object_row(state=ObjectState.UPLOADED)
    reaping.look_again_at_stuck_files()
    assert not Job.objects.exists()
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        reaping.look_again_at_stuck_files()
        reaping.look_again_at_stuck_files()
    assert Job.objects.get().payload == {"object_id": str(stored.id)}


def test_what_is_not_ready_is_said_one_by_one():
    ready = make_object_row()
    waiting = make_object_row(state=ObjectState.UPLOADED)
    rejected = make_object_row(state=ObjectState.REJECTED, rejection="type-not-allowed")
    said = dict(not_ready([ready.id, waiting.id, rejected.id]))
    assert set(said) == {waiting, rejected}
    assert "checked" in said[waiting]
    assert "ZIP" in said[rejected]


@pytest.mark.django_db(transaction=True)
def test_the_clock_s_tasks_are_registered():
    from core import tick  # noqa: PLC0415

    tick.run_due()
    until(lambda: Job.objects.filter(kind__startswith="tick.media.", state=Job.State.DONE).count() == 6, seconds=1)
