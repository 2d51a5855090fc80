"""Uploads from browsers: the bytes go straight to the store, and every call is bound to user, institution, upload id and key."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import audit, clock, events, jobs
from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from media import filenames, records
from media.models import ObjectState, StoredObject, Upload, UploadState
from media.policies import may_upload
from media.store import Part, store
from media.transitions import next_object_state, next_upload_state
from members.viewer import Viewer

SMALLEST_PART = 8 * 1024 * 1024
MOST_PARTS = 5000  # S3 takes 10,000; half of it leaves room
NAMED_PARTS = 10
MOST_LISTED = 200
OPEN_AT_MOST = dt.timedelta(days=30)
PROLONGED_EVERY = dt.timedelta(hours=1)
MOST_BYTES = 2**63 - 1  # a number in a request may have thousands of digits


@dataclass(frozen=True, slots=True)
class UploadStarted:
    """What a browser needs to send its parts: all of `part_size` bytes but the last."""

    upload_id: UUID
    object_id: UUID
    part_size: int
    part_count: int
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SignedPart:
    """Where to PUT one part, until when, and how many bytes it must have."""

    url: str
    size: int
    expires_at: dt.datetime


def part_size_for(size: int) -> int:
    """Return the bytes of a part: small ones, so that little is lost on a bad line, but never more than MOST_PARTS of them."""
    return max(SMALLEST_PART, -(-size // MOST_PARTS))


def part_sizes(size: int, part_size: int) -> list[int]:
    """Return the bytes of each part of a file, in order."""
    whole, rest = divmod(size, part_size)
    return [part_size] * whole + ([rest] if rest else [])


def start_upload(
    viewer: Viewer, *, institution_id: UUID, filename: str, size: int, content_type: str = "", sha256: str = "", fingerprint: str = ""
) -> UploadStarted:
    """Begin an upload for one's own institution.

    `content_type` is what the browser thinks; the content decides later. `fingerprint`: SHA-256 of what the file is recognised by
    when it is chosen again. Raises NotAllowedError, InvalidInputError (name, size, checksum), ConflictError (quota),
    UnavailableError (the store is away; nothing is left behind).
    """
    user_id = _allowed(viewer, institution_id)
    _check_size(size)
    sha256, fingerprint = _sha256(sha256), _sha256(fingerprint)
    identifier = uuid4()
    stored = StoredObject(
        id=identifier,
        institution_id=institution_id,
        created_by_id=user_id,
        filename=filenames.clean(filename),
        declared_size=size,
        declared_sha256=sha256,
        content_type=content_type[:100],
        key=f"objects/{identifier}",
    )
    upload = _admit(stored, user_id, fingerprint)
    try:
        upload.s3_upload_id = store().create_upload(stored.key)
    except Exception:
        stored.delete()
        raise
    upload.save(update_fields=["s3_upload_id"])
    return UploadStarted(upload.id, stored.id, upload.part_size, len(part_sizes(size, upload.part_size)), upload.expires_at)


def _allowed(viewer: Viewer, institution_id: UUID) -> UUID:
    """Return the viewer's user id if they may upload for the institution; raise NotAllowedError that says who could."""
    if viewer.user_id is None or not may_upload(viewer, institution_id):
        raise NotAllowedError(_("Files are uploaded by contributors and licensing managers of the institution itself."))
    return viewer.user_id


def _sha256(given: str) -> str:
    """Return a SHA-256 as it is kept, or nothing for nothing; raise InvalidInputError for anything else."""
    if given and not re.fullmatch(r"[0-9a-fA-F]{64}", given):
        raise InvalidInputError(_("The checksum is not a SHA-256 in hexadecimal."), code="sha256")
    return given.lower()


def _check_size(size: int) -> None:
    if size <= 0:
        raise InvalidInputError(_("This file is empty (0 bytes). Please choose it again."), code="empty")
    if size > settings.UPLOAD_MAX_BYTES:
        raise InvalidInputError(
            _("This file has %(size)s; the largest that can be taken has %(limit)s.")
            % {"size": filesizeformat(min(size, MOST_BYTES)), "limit": filesizeformat(settings.UPLOAD_MAX_BYTES)},
            code="too-large",
        )


@transaction.atomic
def _admit(stored: StoredObject, user_id: UUID, fingerprint: str) -> Upload:
    """Save the rows of a new upload if the institution has room for it."""
    records.check_quota(records.lock_institution(stored.institution_id), stored.declared_size)
    stored.save(force_insert=True)
    expires_at = clock.now() + settings.UPLOAD_LIFETIME
    return Upload.objects.create(
        stored_object=stored,
        user_id=user_id,
        part_size=part_size_for(stored.declared_size),
        fingerprint=fingerprint,
        expires_at=expires_at,
    )


def open_uploads(viewer: Viewer, institution_id: UUID) -> list[Upload]:
    """Return the viewer's own uploads that can go on, with their objects, the newest first. Raises NotAllowedError."""
    own = Upload.objects.filter(user_id=_allowed(viewer, institution_id), stored_object__institution_id=institution_id)
    going = own.filter(state=UploadState.OPEN, expires_at__gt=clock.now()).exclude(s3_upload_id="")
    return list(going.select_related("stored_object").order_by("-created_at")[:MOST_LISTED])


def own_upload(viewer: Viewer, upload_id: UUID, *, lock: bool = False) -> Upload:
    """Return the viewer's own upload; raise NotFoundError for anybody else's, as if there were none."""
    uploads = Upload.objects.select_related("stored_object")
    if lock:
        uploads = uploads.select_for_update(of=("self",))
    upload = uploads.filter(pk=upload_id, user_id=viewer.user_id).first() if viewer.user_id else None
    if upload is None or not may_upload(viewer, upload.stored_object.institution_id):
        raise NotFoundError(_("There is no such upload, or it is not yours."))
    return upload


def _open_upload(viewer: Viewer, upload_id: UUID) -> Upload:
    upload = own_upload(viewer, upload_id)
    _check_open(upload)
    return upload


def _check_open(upload: Upload) -> None:
    """Raise ConflictError unless parts may still be added to the upload, as it was when it was read."""
    if upload.state != UploadState.OPEN or not upload.s3_upload_id:
        raise ConflictError(_("This upload is closed. Please choose the file again."), code="closed")
    if upload.expires_at <= clock.now():
        raise ConflictError(_("This upload was left open too long. Please choose the file again."), code="expired")


def sign_part(viewer: Viewer, upload_id: UUID, number: int, *, md5: str = "") -> SignedPart:
    """Return where the browser may PUT part `number` (from 1), with the header Content-MD5 if its `md5` (base64) is given."""
    return sign_parts(viewer, upload_id, [number], md5s=[md5])[0]


def sign_parts(viewer: Viewer, upload_id: UUID, numbers: Sequence[int], *, md5s: Sequence[str] = ()) -> list[SignedPart]:
    """Return the same for several parts, in the order of their numbers given; `md5s`, if any, in that order, too.

    Give them, or keep the ETags of the answers: some stores take what a broken line left of a part for the whole.
    """
    if not all(re.fullmatch(r"([A-Za-z0-9+/]{22}==)?", md5) for md5 in md5s) or len(md5s) not in {0, len(numbers)}:
        raise InvalidInputError(_("The checksum of the part is not an MD5 in base64."), code="md5")
    upload = _open_upload(viewer, upload_id)
    stored, lifetime = upload.stored_object, settings.UPLOAD_LINK_LIFETIME
    sizes = part_sizes(stored.declared_size, upload.part_size)
    if not all(1 <= number <= len(sizes) for number in numbers):
        raise InvalidInputError(_("This upload has parts 1 to %(count)d.") % {"count": len(sizes)}, code="part-number")
    _prolong(upload)
    expires_at = clock.now() + lifetime
    return [
        SignedPart(
            store().sign_part(stored.key, upload.s3_upload_id, number, sizes[number - 1], lifetime, md5=md5), sizes[number - 1], expires_at
        )
        for number, md5 in zip(numbers, md5s or [""] * len(numbers), strict=True)
    ]


def _prolong(upload: Upload) -> None:
    """Let the time to rest begin anew, for somebody is sending: on a bad line a large file takes days."""
    until = min(clock.now() + settings.UPLOAD_LIFETIME, upload.created_at + open_at_most())
    if until - upload.expires_at >= PROLONGED_EVERY:
        Upload.objects.filter(pk=upload.pk, state=UploadState.OPEN).update(expires_at=until)


def open_at_most() -> dt.timedelta:
    """Return how long an upload may take in all, however busily it is sent; the bucket's own rule counts from the beginning, too."""
    return max(settings.UPLOAD_LIFETIME, OPEN_AT_MOST)


def list_parts(viewer: Viewer, upload_id: UUID) -> list[Part]:
    """Return the parts that lie in the store already, so that a broken upload goes on where it stopped.

    Raises ConflictError if the upload is closed, or lost by the store: then it is given up.
    """
    return _parts_in_store(viewer, _open_upload(viewer, upload_id)) or []


def _parts_in_store(viewer: Viewer, upload: Upload) -> list[Part] | None:
    """Return the parts, or None if another call has completed the upload since it was read."""
    parts = store().list_parts(upload.stored_object.key, upload.s3_upload_id)
    if parts is None and not _completed_meanwhile(upload.id):
        abort_upload(viewer, upload.id)
        raise ConflictError(_("The file store does not know this upload any more. Please choose the file again."), code="lost")
    return parts


def complete_upload(viewer: Viewer, upload_id: UUID, *, sha256: str = "", etags: Mapping[int, str] | None = None) -> StoredObject:
    """Close an upload whose parts are all in the store; the worker then puts them together and looks at them.

    `sha256` is what the browser counted while it sent; the worker compares. `etags` are what the store answered, by number of part:
    a part that has another now was written over, as a broken line's late remains may do. Calling it again changes nothing. Raises
    InvalidInputError (checksum), ConflictError if a part is missing or short (the upload stays open), or if the upload is closed or lost.
    """
    sha256 = _sha256(sha256)
    upload = own_upload(viewer, upload_id)
    if upload.state in {UploadState.COMPLETING, UploadState.COMPLETED}:
        return upload.stored_object
    _check_open(upload)  # not read again: another call may complete it at this moment
    stored = upload.stored_object
    parts = _parts_in_store(viewer, upload)
    if parts is not None:
        check_parts(parts, stored.declared_size, upload.part_size, etags or {})
    return _close(viewer, upload_id, sha256)


def _completed_meanwhile(upload_id: UUID) -> bool:
    return Upload.objects.filter(pk=upload_id, state__in=[UploadState.COMPLETING, UploadState.COMPLETED]).exists()


@transaction.atomic
def _close(viewer: Viewer, upload_id: UUID, sha256: str) -> StoredObject:
    upload = own_upload(viewer, upload_id, lock=True)
    stored = upload.stored_object
    if upload.state == UploadState.ABORTED:
        raise ConflictError(_("This upload is closed. Please choose the file again."), code="closed")
    if upload.state != UploadState.OPEN:
        return stored
    upload.state = next_upload_state(upload.state, UploadState.COMPLETING)
    upload.save(update_fields=["state"])
    stored.state = next_object_state(stored.state, ObjectState.UPLOADED)
    stored.declared_sha256 = sha256 or stored.declared_sha256
    stored.save(update_fields=["state", "declared_sha256"])
    jobs.enqueue("media.verify", {"object_id": stored.id}, key=str(stored.id))
    audit.record("media.upload.complete", actor_id=viewer.user_id, object_type="stored_object", object_id=stored.id)
    events.object_changed.send(sender=None, object_id=stored.id)
    return stored


def check_parts(parts: Sequence[Part], size: int, part_size: int, etags: Mapping[int, str]) -> None:
    """Raise ConflictError that names the parts which are missing, or have another size than they must, or another ETag."""
    lying = {part.number: part.size for part in parts if etags.get(part.number, part.etag).strip('"') == part.etag.strip('"')}
    wrong = [number for number, due in enumerate(part_sizes(size, part_size), 1) if lying.get(number) != due]
    if wrong:
        named = ", ".join(str(number) for number in wrong[:NAMED_PARTS]) + (", …" if len(wrong) > NAMED_PARTS else "")
        raise ConflictError(
            ngettext(
                "Part %(parts)s of the file has not arrived whole. The upload is still open; please try again.",
                "Parts %(parts)s of the file have not arrived whole. The upload is still open; please try again.",
                len(wrong),
            )
            % {"parts": named},
            code="part-missing",
        )


@transaction.atomic
def abort_upload(viewer: Viewer, upload_id: UUID) -> None:
    """Give an upload up; nothing of it stays in the store. Doing it again changes nothing."""
    upload = own_upload(viewer, upload_id, lock=True)
    if upload.state == UploadState.ABORTED:
        return
    if upload.state != UploadState.OPEN:
        raise ConflictError(_("This upload is complete already."), code="closed")
    abandon(upload)
    audit.record("media.upload.abort", actor_id=viewer.user_id, object_type="stored_object", object_id=upload.stored_object_id)


def abandon(upload: Upload) -> None:
    """Close an open upload for good; needs the row locked in an open transaction."""
    upload.state = next_upload_state(upload.state, UploadState.ABORTED)
    upload.save(update_fields=["state"])
    stored = upload.stored_object
    stored.state = next_object_state(stored.state, ObjectState.ABANDONED)
    stored.save(update_fields=["state"])
    records.discard(stored.key, upload.s3_upload_id)
    events.object_changed.send(sender=None, object_id=stored.id)
