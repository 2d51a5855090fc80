"""The rows of stored objects as they change: shared by uploads, imports and the worker. Every function needs an open transaction."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from core import audit, clock, events, jobs
from core.errors import ConflictError
from media import derivations, file_types, selectors
from media.models import ObjectState, StoredObject
from media.transitions import next_object_state
from media.verdicts import FileWarning, Rejection, Scan
from media.verification import Measurement
from members.models import Institution

FACTS = ("width", "height", "duration_seconds", "pages")


def lock_institution(institution_id: UUID) -> Institution:
    """Return the institution, locked to the end of the transaction: two files of one institution are not settled at once."""
    return Institution.objects.select_for_update().get(pk=institution_id)


def check_quota(institution: Institution, more: int) -> None:
    """Raise ConflictError if one file of `more` bytes would not fit."""
    used = selectors.usage(institution.id)
    if used.bytes + more > institution.quota_bytes:
        sizes = {
            "quota": filesizeformat(institution.quota_bytes),
            "free": filesizeformat(max(institution.quota_bytes - used.bytes, 0)),
            "size": filesizeformat(more),
        }
        raise ConflictError(
            _("Your institution's space of %(quota)s is full: %(free)s are left, this file has %(size)s. The secretariat can give more.")
            % sizes,
            code="quota",
        )
    if used.files >= institution.quota_files:
        raise ConflictError(
            _("Your institution keeps as many files as it may: %(number)s. The secretariat can allow more.") % {"number": used.files},
            code="quota",
        )


def first_with_bytes(institution_id: UUID, found: Measurement) -> StoredObject | None:
    """Return the verified object of the institution that holds these very bytes, if there is one."""
    return StoredObject.objects.filter(
        institution_id=institution_id, state=ObjectState.VERIFIED, sha256=found.sha256, size=found.size, duplicate_of=None
    ).first()


def reject(stored: StoredObject, reason: Rejection, found: Measurement | None = None) -> None:
    """Write down why a file is not taken, and let its bytes go: nobody may have them."""
    stored.state = next_object_state(stored.state, ObjectState.REJECTED)
    stored.rejection = reason
    if found:
        stored.size, stored.sha256, stored.content_type = found.size, found.sha256, found.content_type
    stored.save()
    discard(stored.key)
    events.object_changed.send(sender=None, object_id=stored.id)


def accept(stored: StoredObject, found: Measurement, *, warnings: Iterable[FileWarning] = (), scan: Scan = Scan.NOT_SCANNED) -> None:
    """Write down that a file is good. Bytes that the institution has already are not kept twice: the row points to the first."""
    stored.state = next_object_state(stored.state, ObjectState.VERIFIED)
    stored.size, stored.sha256, stored.content_type = found.size, found.sha256, found.content_type
    stored.scan, stored.warnings, stored.verified_at = scan, list(warnings), clock.now()
    first = first_with_bytes(stored.institution_id, found)
    if first:
        stored.duplicate_of = first
        for fact in FACTS:
            setattr(stored, fact, getattr(first, fact))
        discard(stored.key)
    elif file_types.decoder_of(found.content_type):
        derivations.ask(stored)
    stored.save()
    events.object_changed.send(sender=None, object_id=stored.id)
    if not first:
        _stand_in_for_lost(stored)


def _stand_in_for_lost(stored: StoredObject) -> None:
    """Let a new file take the place of those of its institution that had the same bytes and that the store has lost."""
    alike = StoredObject.objects.filter(sha256=stored.sha256, size=stored.size, institution_id=stored.institution_id)
    for lost in alike.filter(state=ObjectState.LOST):
        lost.state = next_object_state(lost.state, ObjectState.VERIFIED)
        lost.duplicate_of = stored
        lost.save(update_fields=["state", "duplicate_of"])
        discard(lost.key)
        events.object_changed.send(sender=None, object_id=lost.id)


def mark_lost(stored: StoredObject, reason: str) -> None:
    """Write down that the store has not the bytes of a file any more, nor those of the rows that point to it."""
    for each in StoredObject.objects.filter(Q(pk=stored.pk) | Q(duplicate_of=stored), state=ObjectState.VERIFIED):
        each.state = next_object_state(each.state, ObjectState.LOST)
        each.save(update_fields=["state"])
        audit.record("media.object.lost", actor_id=None, object_type="stored_object", object_id=each.id, reason=reason)
        events.object_changed.send(sender=None, object_id=each.id)


def mark_found(stored: StoredObject, version_id: str) -> None:
    """Write down that the store has the bytes of a lost file after all, in this version."""
    StoredObject.objects.filter(pk=stored.pk).update(version_id=version_id)
    for each in StoredObject.objects.filter(Q(pk=stored.pk) | Q(duplicate_of=stored), state=ObjectState.LOST):
        each.state = next_object_state(each.state, ObjectState.VERIFIED)
        each.save(update_fields=["state"])
        audit.record("media.object.found", actor_id=None, object_type="stored_object", object_id=each.id)
        events.object_changed.send(sender=None, object_id=each.id)


def discard(key: str, upload_id: str = "") -> None:
    """Have the worker delete what lies under a key of the store, once this transaction is committed, however often it takes."""
    jobs.enqueue("media.discard", {"key": key, "upload_id": upload_id}, key=key)
