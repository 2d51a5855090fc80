"""What the clock brings to files: uploads left open are given up, files that nobody uses are deleted after a grace time.

A row is deleted in one transaction with the job that deletes its bytes, so a crash leaves either both or a job to do.
"""

import datetime as dt
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from core import clock, jobs
from core.tick import on_tick
from media import records
from media.models import DerivedFile, ObjectState, ObjectUse, StoredObject, Upload, UploadState
from media.store import store
from media.uploads import abandon

logger = structlog.stdlib.get_logger(__name__)

BATCH = 500
STUCK_AFTER = dt.timedelta(minutes=30)
STRAY_AFTER = dt.timedelta(days=1)


@on_tick(every=dt.timedelta(minutes=10))
def give_up_expired_uploads() -> int:
    """Close uploads past their time; return how many."""
    expired = Upload.objects.filter(state=UploadState.OPEN, expires_at__lte=clock.now()).values_list("pk", flat=True)
    return sum(_give_up(pk) for pk in list(expired[:BATCH]))


@transaction.atomic
def _give_up(upload_id: UUID) -> int:
    rows = Upload.objects.select_for_update(of=("self",)).select_related("stored_object")
    upload = rows.filter(pk=upload_id, state=UploadState.OPEN, expires_at__lte=clock.now()).first()
    if upload is None:
        return 0
    abandon(upload)
    return 1


@on_tick(every=dt.timedelta(minutes=10))
def look_again_at_stuck_files() -> int:
    """Have files checked whose check never ended: its job was set aside, or is lost with a restored backup."""
    open_jobs = jobs.open_keys("media.verify")
    stuck = StoredObject.objects.filter(state=ObjectState.UPLOADED, created_at__lt=clock.now() - STUCK_AFTER)
    stuck = stuck.exclude(pk__in=[UUID(key) for key in open_jobs if key])
    for object_id in stuck.values_list("pk", flat=True)[:BATCH]:
        jobs.enqueue("media.verify", {"object_id": object_id}, key=str(object_id))
    return len(stuck)


@on_tick(every=dt.timedelta(hours=1))
def delete_unused() -> int:
    """Delete objects that nobody has used for settings.UNUSED_FILE_GRACE, since they came or were last let go; return how many."""
    return sum(_delete_if_unused(pk) for pk in list(unused().values_list("pk", flat=True)[:BATCH]))


def unused() -> QuerySet[StoredObject]:
    """Return the objects whose grace is over, that no revision or page carries and no other row points to."""
    uses = ObjectUse.objects.filter(stored_object=OuterRef("pk"))
    duplicates = StoredObject.objects.filter(duplicate_of=OuterRef("pk"))
    free = StoredObject.objects.annotate(free_since=Coalesce("released_at", "created_at"))
    old = free.filter(free_since__lt=clock.now() - settings.UNUSED_FILE_GRACE)
    open_upload = Upload.objects.filter(stored_object=OuterRef("pk"), state__in=[UploadState.OPEN, UploadState.COMPLETING])
    return old.filter(~Exists(uses), ~Exists(duplicates), ~Exists(open_upload))


@transaction.atomic
def _delete_if_unused(object_id: UUID) -> int:
    """Look again with the row locked: a page may have taken the file since, or another row may point to its bytes."""
    stored = StoredObject.objects.filter(pk=object_id).first()
    if stored is None:
        return 0
    records.lock_institution(stored.institution_id)
    if not StoredObject.objects.select_for_update().filter(pk=object_id).exists() or not unused().filter(pk=object_id).exists():
        return 0
    for key in DerivedFile.objects.filter(source=stored).values_list("key", flat=True):
        records.discard(key)
    records.discard(stored.key)
    stored.delete()
    logger.info("unused_file_deleted", object=str(object_id), state=stored.state)
    return 1


@on_tick(every=dt.timedelta(days=1))
def abort_stray_uploads() -> int:
    """Abort multipart uploads of the store that no row of ours knows: what a crash between store and database leaves."""
    oldest = clock.now() - settings.UPLOAD_LIFETIME - STRAY_AFTER
    s3 = store()
    old = [upload for upload in s3.open_uploads() if upload.initiated < oldest]
    known = Upload.objects.filter(state__in=[UploadState.OPEN, UploadState.COMPLETING]).values_list("s3_upload_id", flat=True)
    strays = [upload for upload in old if upload.upload_id not in set(known)]
    for upload in strays:
        s3.abort_upload(upload.key, upload.upload_id)
    return len(strays)
