"""Whether the store holds what the table says, and nothing else. Looks only; `repair` is a function of its own.

A look can be quick (existence and size, which the store tells) or whole (the bytes are read, and their SHA-256 compared).
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit, clock
from core.errors import NotFoundError
from core.models import AuditEntry
from core.tick import on_tick
from media import derivations, records
from media.models import DerivedFile, ObjectState, StoredObject
from media.store import Listed, store

logger = structlog.stdlib.get_logger(__name__)

BATCH = 500
PREFIXES = ("objects/", "derived/")
YOUNG = dt.timedelta(days=1)
"""What is younger may belong to a row that is just being written."""
NEEDED = Q(state__in=[ObjectState.UPLOADING, ObjectState.UPLOADED]) | Q(
    state__in=[ObjectState.VERIFIED, ObjectState.LOST], duplicate_of=None
)
AUDITED = "media.audit"


class Fault(StrEnum):
    """How store and table differ."""

    MISSING = "missing"
    SIZE = "size-differs"
    CHECKSUM = "checksum-differs"
    FOUND = "found-again"
    DERIVED = "derived-missing"
    ORPHAN = "orphan"


LOSSES = frozenset({Fault.MISSING, Fault.SIZE, Fault.CHECKSUM})


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. `object_id` is None for what no row knows."""

    fault: Fault
    key: str
    object_id: UUID | None = None
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at, and what is wrong with it."""

    findings: tuple[Finding, ...]


def audited() -> "QuerySet[StoredObject]":
    """Return the objects that must lie in the store, and those that it has lost."""
    return StoredObject.objects.filter(state__in=[ObjectState.VERIFIED, ObjectState.LOST], duplicate_of=None)


def look_at_objects(*, whole: bool, sample: int | None = None) -> Iterator[Look]:
    """Look at all objects, or at some taken at random. Raises UnavailableError when the store is away."""
    if sample is not None:
        ids: Iterable[UUID] = list(audited().order_by("?").values_list("pk", flat=True)[:sample])
    else:
        ids = _all_ids()
    for object_id in ids:
        stored = audited().filter(pk=object_id).first()
        if stored:
            yield look_at(stored, whole=whole)


def _all_ids() -> Iterator[UUID]:
    """Yield the ids batch by batch: no query stays open for hours."""
    after: UUID | None = None
    while True:
        rest = audited() if after is None else audited().filter(pk__gt=after)
        batch = list(rest.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield from batch
        after = batch[-1]


def look_at(stored: StoredObject, *, whole: bool) -> Look:
    """Compare one row with what the store has. A lost one is always looked at whole: its size alone proves nothing."""
    if stored.state == ObjectState.LOST:
        fault = Fault.FOUND if _version_found(stored) is not None else None
    else:
        fault = _fault_of(stored, stored.version_id, whole=whole)
    if fault is None:
        return Look(tuple(_derived_missing(stored)))
    if not audited().filter(pk=stored.pk, state=stored.state).exists():
        return Look(())  # it was deleted meanwhile
    return Look((Finding(fault, stored.key, stored.pk, stored.filename),))


def _version_found(stored: StoredObject) -> str | None:
    """Return the version of a lost object that has the right bytes: the pinned one, or one that was put there since; else None."""
    for version_id in dict.fromkeys([stored.version_id, ""]):
        stat = store().head(stored.key, version_id)
        if stat and _fault_of(stored, stat.version_id, whole=True) is None:
            return stat.version_id
    return None


def _fault_of(stored: StoredObject, version_id: str, *, whole: bool) -> Fault | None:
    stat = store().head(stored.key, version_id)
    if stat is None:
        return Fault.MISSING
    if stat.size != stored.size:
        return Fault.SIZE
    if not whole:
        return None
    digest = hashlib.sha256()
    try:
        for block in store().stream(stored.key, version_id):
            digest.update(block)
    except NotFoundError:
        return Fault.MISSING
    return None if digest.hexdigest() == stored.sha256 else Fault.CHECKSUM


def _derived_missing(stored: StoredObject) -> list[Finding]:
    known = set(DerivedFile.objects.filter(source=stored).values_list("key", flat=True))
    if stored.state == ObjectState.LOST or not known:
        return []
    there = {listed.key for listed in store().objects(f"derived/{stored.pk}/")}
    still = set(DerivedFile.objects.filter(source=stored).values_list("key", flat=True))
    return [Finding(Fault.DERIVED, key, stored.pk, stored.filename) for key in sorted((known & still) - there)]


def look_for_orphans() -> Iterator[Look]:
    """Look at everything that lies in the store; what no row needs, and is older than a day, is an orphan."""
    for prefix in PREFIXES:
        listing = store().objects(prefix)
        while batch := list(islice(listing, BATCH)):
            orphans = {listed.key for listed in batch if _is_old(listed)} - _needed([listed.key for listed in batch])
            for listed in batch:
                yield Look((Finding(Fault.ORPHAN, listed.key),) if listed.key in orphans else ())


def _is_old(listed: Listed) -> bool:
    return listed.modified < clock.now() - YOUNG


def _needed(keys: list[str]) -> set[str]:
    objects = StoredObject.objects.filter(NEEDED, key__in=keys).values_list("key", flat=True)
    return {*objects, *DerivedFile.objects.filter(key__in=keys).values_list("key", flat=True)}


def repair(finding: Finding) -> bool:
    """Set right what can be set right, after looking again; return whether anything is left to be done by people.

    An orphan is deleted, a derived file is made anew, a lost file is marked so that its institution learns of it.
    """
    if finding.object_id is None:
        if not _needed([finding.key]):
            store().delete(finding.key)
        return False
    stored = audited().filter(pk=finding.object_id).first()
    if stored is None:
        return False
    now = {each.fault for each in look_at(stored, whole=finding.fault == Fault.CHECKSUM).findings}
    version_id = _version_found(stored) if Fault.FOUND in now else None
    with transaction.atomic():
        records.lock_institution(stored.institution_id)
        if now & LOSSES:
            records.mark_lost(stored, finding.fault)
        elif version_id is not None:
            records.mark_found(stored, version_id)
        elif Fault.DERIVED in now:
            derivations.ask(stored)
    return bool(now & LOSSES)


def known_to_be_lost() -> int:
    """Return how many files are marked as lost; the front page of the admin names them."""
    return StoredObject.objects.filter(state=ObjectState.LOST).count()


def unwell() -> str | None:
    """Return what is the matter with the files in a few words, as far as is known; None if nothing is.

    What an audit found counts until a later one that looks at the same things finds nothing: for other bytes that is a full one,
    for all else a quick one does, too. A sample proves nothing of what it did not look at.
    """
    lost = known_to_be_lost()
    if lost:
        return ngettext(
            "%(count)d file is lost: the front page of the admin names it.",
            "%(count)d files are lost: the front page of the admin names them.",
            lost,
        ) % {"count": lost}
    other_bytes = Q(data__faults__has_key=Fault.CHECKSUM, pk__gte=_last_audit("full"))
    anything = Q(pk__gte=_last_audit("full", "quick")) & ~Q(data__faults={})
    telling = AuditEntry.objects.filter(other_bytes | anything, action=AUDITED).first()
    if telling is None:
        return None
    day = clock.day_of(telling.at).isoformat()
    return _("The audit of %(day)s found files that differ: manage.py media_audit --full names them.") % {"day": day}


def _last_audit(*scopes: str) -> int:
    return AuditEntry.objects.filter(action=AUDITED, data__scope__in=scopes).values_list("pk", flat=True).first() or 0


def record(scope: str, looked: int, left: Counter[Fault], marked: int = 0) -> None:
    """Write down that an audit was made, what it left as it is, and how many files it marked as lost; `unwell` tells of it."""
    faults = {str(fault): number for fault, number in left.items() if number}
    audit.record(
        AUDITED, actor_id=None, object_type="object_store", object_id=settings.S3_BUCKET, scope=scope, looked=looked, faults=faults
    )
    (logger.error if faults or marked else logger.info)("media_audit", scope=scope, looked=looked, marked_lost=marked, **faults)


@on_tick(every=dt.timedelta(days=7))
def audit_a_sample() -> int:
    """Look wholly at some objects taken at random, once a week; return how many differ. Nothing is repaired."""
    if not settings.AUDIT_SAMPLE:
        return 0
    looks = list(look_at_objects(whole=True, sample=settings.AUDIT_SAMPLE))
    findings = [finding for look in looks for finding in look.findings]
    for finding in findings:
        logger.error("media_audit_finding", fault=str(finding.fault), key=finding.key)
    record("sample", len(looks), Counter(finding.fault for finding in findings))
    return len(findings)
