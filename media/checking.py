"""The worker's look at an upload: puts it together, streams it once, and settles what becomes of it."""

from uuid import UUID

from django.db import transaction

from core.errors import NotFoundError
from media import records
from media.examination import Verdict, examine
from media.models import ObjectState, StoredObject, Upload, UploadState
from media.scanning import ScannerAwayError
from media.settling import settle
from media.store import store
from media.transitions import next_upload_state
from media.verdicts import Rejection, Scan


def check(object_id: UUID) -> None:
    """Move an uploaded object to verified or rejected; do nothing for one in any other state. Stands repetition.

    Raises UnavailableError while the store or the virus scanner is away: the job comes again.
    """
    stored = StoredObject.objects.filter(pk=object_id, state=ObjectState.UPLOADED).first()
    if stored is None:
        return
    upload = Upload.objects.filter(stored_object=stored, state=UploadState.COMPLETING).first()
    if upload and not _pin(stored, upload):
        _settle(object_id, None)
        return
    blocks = store().stream(stored.key, stored.version_id)
    try:
        verdict = examine(blocks, stored.filename, declared_size=stored.declared_size, declared_sha256=stored.declared_sha256)
    except NotFoundError:
        verdict = None
    except ScannerAwayError:
        StoredObject.objects.filter(pk=object_id, state=ObjectState.UPLOADED).update(scan=Scan.WAITING)
        raise
    _settle(object_id, verdict)


def _pin(stored: StoredObject, upload: Upload) -> bool:
    """Have the parts put together and remember which version that gave; return False if the store lost them."""
    stat = settle(store(), stored.key, upload.s3_upload_id, stored.declared_size)
    if stat is None:
        return False
    with transaction.atomic():
        stored.version_id = stat.version_id
        stored.save(update_fields=["version_id"])
        upload.state = next_upload_state(upload.state, UploadState.COMPLETED)
        upload.save(update_fields=["state"])
    return True


@transaction.atomic
def _settle(object_id: UUID, verdict: Verdict | None) -> None:
    """Write the verdict, once: whoever comes second finds another state and leaves it. None: the store has lost the file."""
    stored = StoredObject.objects.get(pk=object_id)
    records.lock_institution(stored.institution_id)
    stored = StoredObject.objects.select_for_update().get(pk=object_id)
    if stored.state != ObjectState.UPLOADED:
        return
    if verdict is None:
        Upload.objects.filter(stored_object=stored, state=UploadState.COMPLETING).update(state=UploadState.ABORTED)
        records.reject(stored, Rejection.LOST)
    elif verdict.rejection:
        records.reject(stored, verdict.rejection, verdict.found)
    else:
        records.accept(stored, verdict.found, warnings=verdict.warnings, scan=verdict.scan)
