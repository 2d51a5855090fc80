"""The way in for files that lie on this machine: imports and the demo network."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import InvalidInputError, UnavailableError
from media import filenames, records
from media.examination import Verdict, examine
from media.models import ObjectState, StoredObject
from media.settling import settle
from media.store import store
from media.uploads import part_size_for
from media.verification import SENTENCES, measure
from members.models import Institution, User

BLOCK = 1024 * 1024


def store_file(path: Path, *, institution: Institution, created_by: User | None, filename: str) -> StoredObject:
    """Return a verified object with this file's bytes.

    Bytes that the institution has already under this name give the object that is there; under another name, a row that points
    to them. Raises InvalidInputError (empty, not taken, no name), ConflictError (quota), UnavailableError (store away).
    """
    name = filenames.clean(filename)
    verdict = examine(_blocks(path), name)
    if verdict.rejection:
        raise InvalidInputError(SENTENCES[verdict.rejection], code=verdict.rejection)
    stored, is_new = _row(institution, created_by, name, verdict)
    if is_new:
        _send(path, stored, verdict)
    return stored


@transaction.atomic
def _row(institution: Institution, created_by: User | None, name: str, verdict: Verdict) -> tuple[StoredObject, bool]:
    """Return the object and whether its bytes must still be sent."""
    found = verdict.found
    records.lock_institution(institution.id)
    same = StoredObject.objects.filter(institution=institution, state=ObjectState.VERIFIED, sha256=found.sha256, filename=name).first()
    if same:
        return same, False
    first = records.first_with_bytes(institution.id, found)
    if not first:
        records.check_quota(institution, found.size)
    identifier = uuid4()
    stored = StoredObject.objects.create(
        id=identifier,
        institution=institution,
        created_by=created_by,
        filename=name,
        declared_size=found.size,
        declared_sha256=found.sha256,
        key=f"objects/{identifier}",
        state=ObjectState.UPLOADED if first else ObjectState.UPLOADING,
    )
    actor = created_by.id if created_by else None
    audit.record("media.object.store", actor_id=actor, object_type="stored_object", object_id=stored.id)
    if first:
        _accept(stored, verdict)
    return stored, first is None


def _send(path: Path, stored: StoredObject, verdict: Verdict) -> None:
    """Send the bytes in parts and read them back once: what the store gives is what counts."""
    found = verdict.found
    s3 = store()
    upload_id = s3.create_upload(stored.key)
    for number, body in enumerate(_blocks(path, part_size_for(found.size)), 1):
        s3.send_part(stored.key, upload_id, number, body)
    stat = settle(s3, stored.key, upload_id, found.size)
    if stat is None or measure(s3.stream(stored.key, stat.version_id), stored.filename).sha256 != found.sha256:
        raise UnavailableError(_("The file store did not keep this file. Please try again."))
    with transaction.atomic():
        records.lock_institution(stored.institution_id)
        stored.version_id = stat.version_id
        stored.state = ObjectState.UPLOADED
        _accept(stored, verdict)


def _accept(stored: StoredObject, verdict: Verdict) -> None:
    records.accept(stored, verdict.found, warnings=verdict.warnings, scan=verdict.scan)


def _blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(size):
            yield block
