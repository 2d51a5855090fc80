"""A new index beside the old one: filled while changes flow into both, then made live in one step.

No search fails meanwhile and no change is lost. A rebuild that is killed is taken up by the next one where it stopped.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalogue.selectors import published_work_ids
from core import clock
from core.errors import ConflictError
from search import index
from search.client import IndexMissingError, SearchUnavailableError
from search.documents import load_documents
from search.index import Entry
from search.mapping import settings_hash
from search.models import IndexTarget, WorkSync
from search.sync import ERROR_LENGTH, set_aside, try_again

logger = structlog.stdlib.get_logger(__name__)

BATCH = 200
LEASE = dt.timedelta(seconds=30)

Progress = Callable[[int], object]
Failed = Callable[[UUID], object]


class RebuildUnderWayError(ConflictError):
    """Another process is building an index now."""

    code = "rebuild-under-way"

    def __init__(self) -> None:
        super().__init__(_("The search index is being rebuilt by another process. Please wait until it is done."))


def rebuild(progress: Progress | None = None, failed: Failed | None = None) -> str:
    """Build an index, or go on with one that was left unfinished; make it live, delete the old one; return its name.

    `progress` is told the number of works of each batch, `failed` the works that could not be indexed. Raises
    RebuildUnderWayError, or SearchUnavailableError: what was done is kept then, as after Ctrl-C, and the next rebuild goes on with it.
    """
    target = _take()
    try:
        if not target.receives_changes:
            index.create(target.name)
            _own(target, receives_changes=True)
        _fill(target, progress, failed)
        _go_live(target)
    except IndexMissingError:
        IndexTarget.objects.filter(pk=target.pk, lease=target.lease, is_live=False).delete()
        raise
    except (SearchUnavailableError, KeyboardInterrupt):
        IndexTarget.objects.filter(pk=target.pk, lease=target.lease).update(leased_until=None)
        raise
    return target.name


def _take() -> IndexTarget:
    """Return the row of the index to build, leased to us: an unfinished one that is still of use, else a new one."""
    unfinished = IndexTarget.objects.filter(is_live=False).first()
    if unfinished is not None:
        lease = uuid4()
        expired = IndexTarget.objects.filter(pk=unfinished.pk, lease=unfinished.lease, is_live=False).exclude(leased_until__gt=clock.now())
        if not expired.update(lease=lease, leased_until=clock.now() + LEASE):
            raise RebuildUnderWayError
        unfinished.lease = lease
        if unfinished.settings_hash == settings_hash() and unfinished.receives_changes and index.exists(unfinished.name):
            logger.info("index_rebuild_resumed", index=unfinished.name, after=str(unfinished.filled_up_to))
            return unfinished
        unfinished.delete()  # its index, if any, goes with the other left-overs at the end
    try:
        with transaction.atomic():
            return IndexTarget.objects.create(
                name=index.new_name(), settings_hash=settings_hash(), lease=uuid4(), leased_until=clock.now() + LEASE
            )
    except IntegrityError as error:  # there is at most one index under construction
        raise RebuildUnderWayError from error


def _own(target: IndexTarget, **changes: object) -> None:
    """Write to the row and renew the lease; raise RebuildUnderWayError if another process took it over."""
    for name, value in changes.items():
        setattr(target, name, value)
    owned = IndexTarget.objects.filter(pk=target.pk, lease=target.lease)
    if not owned.update(**changes, leased_until=clock.now() + LEASE):
        raise RebuildUnderWayError


def _fill(target: IndexTarget, progress: Progress | None, failed: Failed | None) -> None:
    while True:
        works = published_work_ids()
        if target.filled_up_to is not None:
            works = works.filter(work_id__gt=target.filled_up_to)
        work_ids = list(works[:BATCH])
        if not work_ids:
            return
        for work_id, reason in _write(target, work_ids).items():
            _make_due(work_id, reason)
            if failed:
                failed(work_id)
        _own(target, filled_up_to=work_ids[-1])
        if progress:
            progress(len(work_ids))


def _write(target: IndexTarget, work_ids: list[UUID]) -> dict[UUID, str]:
    """Write works under the versions that they had before they were read; newer documents, put there by changes, stay.

    Returns the works that could not be written, and why.
    """
    WorkSync.objects.bulk_create([WorkSync(work_id=work_id) for work_id in work_ids], ignore_conflicts=True)
    versions = dict(WorkSync.objects.filter(work_id__in=work_ids).values_list("work_id", "version"))
    entries, failures = [], {}
    for work_id, document in load_documents(work_ids).items():
        if isinstance(document, Exception):
            failures[work_id] = repr(document)
        elif document["visible"]:  # a tombstone is needed only where a document was
            entries.append(Entry(work_id, versions[work_id], document))
    lacking = [entry.work_id for entry in entries if entry.document.get("lacks_meaning")]
    WorkSync.objects.filter(work_id__in=lacking).update(lacks_meaning=True)
    for error in index.write([target.name], entries):
        if error.status == index.NOT_FOUND:
            raise IndexMissingError(error.reason)
        failures[error.work_id] = error.reason
    return failures


def _make_due(work_id: UUID, reason: str) -> None:
    """Leave a work that cannot be written to the outbox, which tries again and shows the error; the rebuild goes on."""
    logger.error("work_not_indexed", work_id=str(work_id), error=reason)
    rows = WorkSync.objects.filter(work_id=work_id)
    rows.update(indexed_version=0, attempts=0, next_attempt_at=clock.now(), error=reason[:ERROR_LENGTH])


def _go_live(target: IndexTarget) -> None:
    index.refresh(target.name)
    index.merge(target.name)
    _own(target)
    leftovers = [name for name in index.ours() if name != target.name]  # listed before another rebuild may begin
    index.make_live(target.name)
    with transaction.atomic():
        IndexTarget.objects.filter(is_live=True).delete()
        _own(target, is_live=True)
    index.delete(leftovers)
    try_again(set_aside())  # the new index may take what the old one refused
    logger.info("index_rebuilt", index=target.name, deleted=leftovers)


@dataclass
class IndexKeeper:
    """The worker's loop that sees to it that there is a whole index: after the first start, an upgrade, or a loss.

    That the running index has other settings is looked at once, at the start: two versions of the software that run side by
    side must not rebuild against each other.
    """

    upgrade_checked: bool = False
    away: bool = False

    def step(self) -> bool:
        """Build an index if one is needed; return False, since there is nothing to repeat at once."""
        try:
            reason = self._why_rebuild()
            if reason:
                logger.info("index_rebuild_begins", reason=reason)
                rebuild()
            self.upgrade_checked, self.away = True, False
        except RebuildUnderWayError:
            return False
        except SearchUnavailableError as error:
            if not self.away:
                logger.warning("search_away", error=error.reason)
            self.away = True
        return False

    def _why_rebuild(self) -> str:
        if IndexTarget.objects.filter(is_live=False).exists():
            return "one was left unfinished"
        live = IndexTarget.objects.filter(is_live=True).first()
        if live is None:
            return "there is none yet"
        if index.live() != [live.name]:
            return "it is gone"
        if not self.upgrade_checked and live.settings_hash != settings_hash():
            return "its settings have changed"
        return ""
