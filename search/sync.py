"""From the database to the index: the outbox (one row a work), and the step of the worker that empties it.

docs/adr/0002-search-sync.md says why it is so, and why the order of the readings in `index_due` is what it is.
"""

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F, QuerySet

from core import clock
from search import index
from search.client import IndexMissingError, SearchUnavailableError
from search.documents import load_documents, warm_up
from search.index import Entry, WriteError
from search.models import IndexTarget, WorkSync

logger = structlog.stdlib.get_logger(__name__)

BATCH = 100
FIRST_RETRY = dt.timedelta(seconds=2)
LONGEST_RETRY = dt.timedelta(minutes=30)
MOST_ATTEMPTS = 12
"""Within an hour or so; then a work is set aside."""

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0
ERROR_LENGTH = 2000
MOST_UNREMEMBERED = 20
"""Batches; a loop that is so far ahead of the database waits for it."""

_BUMP = """
    INSERT INTO {table} (work_id, version, indexed_version, changed_at, attempts, next_attempt_at, error, lacks_meaning)
    VALUES {rows}
    ON CONFLICT (work_id) DO UPDATE
    SET version = CASE WHEN {table}.version < excluded.version THEN excluded.version ELSE {table}.version + 1 END,
        changed_at = excluded.changed_at, attempts = 0, error = '', next_attempt_at = excluded.next_attempt_at
"""


def on_works_changed(work_ids: Sequence[UUID], **_: Any) -> None:
    """Receive core.events.works_changed: bump the works' versions, in one statement and within the transaction of the change.

    On PostgreSQL the rows stay locked until that transaction ends, so versions of a work follow the order of commits.
    """
    bump(dict.fromkeys(work_ids, 0))


def bump(works: Mapping[UUID, int]) -> None:
    """Raise each work's version, beyond the number given with it, and make it due, also if it was set aside."""
    if not works:
        return
    fields = WorkSync._meta  # noqa: SLF001 - Django's documented way to ask a model
    now = fields.get_field("changed_at").get_db_prep_save(clock.now(), connection)
    key = fields.get_field("work_id")
    values = [(key.get_db_prep_save(work_id, connection), beyond + 1, now, now, False) for work_id, beyond in works.items()]
    statement = _BUMP.format(
        table=connection.ops.quote_name(fields.db_table), rows=", ".join(["(%s, %s, 0, %s, 0, %s, '', %s)"] * len(works))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(values)))


def behind() -> QuerySet[WorkSync]:
    """Return the works whose latest change is not in the index yet."""
    return WorkSync.objects.filter(version__gt=F("indexed_version"))


def set_aside() -> QuerySet[WorkSync]:
    """Return the works that could not be indexed however often it was tried: they rest until they change, or are tried again by hand."""
    return behind().filter(attempts__gte=MOST_ATTEMPTS)


def try_again(rows: QuerySet[WorkSync]) -> int:
    """Make rows that failed due now, with all their attempts before them; return how many there were. Their errors stay until it works."""
    return rows.filter(attempts__gt=0).update(attempts=0, next_attempt_at=clock.now())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: rows as they were read, and the reasons of those that were not written."""

    rows: Mapping[UUID, WorkSync]
    failures: Mapping[UUID, str]
    lacking_meaning: frozenset[UUID] = frozenset()


def index_due(*, limit: int = BATCH, skip: Mapping[UUID, int] | None = None) -> Outcome:
    """Write due works to every index that receives changes; the rows are still due afterwards (`remember`).

    A row's version is read before the work, so the document is at least as new as its version says. The targets are read
    after the rows: a rebuild that began later reads every change we knew of by itself. `skip`: works with the version that was
    dealt with already. Raises SearchUnavailableError.
    """
    skip = skip or {}
    due = behind().filter(next_attempt_at__lte=clock.now(), attempts__lt=MOST_ATTEMPTS)
    due = due.order_by("next_attempt_at").only("work_id", "version", "attempts")
    news = [row for row in due[: limit + len(skip)] if row.version > skip.get(row.work_id, 0)]
    rows = {row.work_id: row for row in news[:limit]}
    if not rows:
        return Outcome({}, {})
    targets = dict(IndexTarget.objects.filter(receives_changes=True).values_list("name", "is_live"))
    if not targets:
        return Outcome({}, {})  # the first index is yet to be built (search.rebuild)
    entries, failures, lacking = [], {}, set()
    for work_id, document in load_documents(rows.keys()).items():
        if isinstance(document, Exception):
            failures[work_id] = repr(document)
        else:
            entries.append(Entry(work_id, rows[work_id].version, document))
            if document.get("lacks_meaning"):
                lacking.add(work_id)
    failures |= _reasons(index.write(list(targets), entries))
    for name, is_live in targets.items():  # one that is being built may be live before these rows are crossed off
        index.refresh(name, must_exist=is_live)
    return Outcome(rows, failures, lacking_meaning=frozenset(lacking))


def sync_due(limit: int = BATCH) -> int:
    """Write due works and remember it; return how many rows were handled, also those that failed.

    Raises SearchUnavailableError, and then every row is due as before.
    """
    outcome = index_due(limit=limit)
    if outcome.rows:
        remember([outcome])
    return len(outcome.rows)


def catch_up(progress: Callable[[int], object] | None = None) -> int:
    """Write all that is due, batch after batch; return how many rows were handled. For commands and tests.

    `progress` is told the number of works of each batch.
    """
    handled = 0
    while batch := sync_due():
        handled += batch
        if progress:
            progress(batch)
    return handled


def _reasons(errors: list[WriteError]) -> dict[UUID, str]:
    """Return why works were refused; an index that has ceased to be a target meanwhile does not count."""
    reasons: dict[UUID, str] = {}
    for error in errors:
        if error.status == index.NOT_FOUND:
            if IndexTarget.objects.filter(name=error.index).exists():
                raise IndexMissingError(error.reason)
        else:
            reasons[error.work_id] = error.reason
    return reasons


def remember(outcomes: Sequence[Outcome]) -> None:
    """Move rows up to the version that was written; put off those that failed, each time for longer.

    What was written is visible by now: the live index gets a new generation in the same transaction (search.page_cache).
    """
    written: dict[tuple[int, bool], list[UUID]] = defaultdict(list)
    for outcome in outcomes:
        for work_id, row in outcome.rows.items():
            if work_id not in outcome.failures:
                written[row.version, work_id in outcome.lacking_meaning].append(work_id)
    with transaction.atomic():
        if written:
            IndexTarget.objects.filter(is_live=True).update(generation=F("generation") + 1)
        for (version, lacks_meaning), work_ids in written.items():
            WorkSync.objects.filter(work_id__in=work_ids, indexed_version__lt=version).update(
                indexed_version=version, attempts=0, error="", lacks_meaning=lacks_meaning
            )
        for outcome in outcomes:
            for work_id, reason in outcome.failures.items():
                _put_off(outcome.rows[work_id], reason)


def _put_off(row: WorkSync, reason: str) -> None:
    attempts = row.attempts + 1
    pause = min(FIRST_RETRY * 2**row.attempts, LONGEST_RETRY)
    if attempts < MOST_ATTEMPTS:
        logger.error("work_not_indexed", work_id=str(row.work_id), attempt=attempts, pause_seconds=pause.total_seconds(), error=reason)
    else:
        logger.error("work_set_aside", work_id=str(row.work_id), attempts=attempts, error=reason)
    WorkSync.objects.filter(work_id=row.work_id, version=row.version).update(
        attempts=attempts, next_attempt_at=clock.now() + pause, error=reason[:ERROR_LENGTH]
    )


@dataclass
class SyncLoop:
    """The worker's two loops: one writes to the index, the other remembers it in the database.

    They are apart because the database may be busy: with SQLite a stream of publishes keeps the write lock, and the next
    publish must not wait to be found until the last one is crossed off. A kill in between costs one more writing of the same.

    While Elasticsearch is away the first loop asks again after pauses of half a second to five, and says so once.
    """

    failures: int = 0
    paused_until: float = 0.0
    warm: bool = False
    unremembered: list[Outcome] = field(default_factory=list)
    _list_lock: threading.Lock = field(default_factory=threading.Lock)
    _remembering: threading.Lock = field(default_factory=threading.Lock)

    def step(self) -> bool:
        """Write one batch; return whether there was one."""
        if not self.warm:
            warm_up()
            self.warm = True
        if time.monotonic() < self.paused_until:
            return False
        if len(self.unremembered) >= MOST_UNREMEMBERED:
            self.remember()
        try:
            outcome = index_due(skip=self._dealt_with())
        except SearchUnavailableError as error:
            self._pause(error)
            return False
        if self.failures:
            logger.info("search_back")
            self.failures = 0
        if outcome.rows:
            with self._list_lock:
                self.unremembered.append(outcome)
        return bool(outcome.rows)

    def remember(self) -> bool:
        """Cross off what was written; return whether there was anything."""
        with self._remembering:
            with self._list_lock:
                outcomes = list(self.unremembered)
            if outcomes:
                remember(outcomes)
                with self._list_lock:
                    del self.unremembered[: len(outcomes)]
        return bool(outcomes)

    def _dealt_with(self) -> dict[UUID, int]:
        with self._list_lock:
            return {work_id: row.version for outcome in self.unremembered for work_id, row in outcome.rows.items()}

    def _pause(self, error: SearchUnavailableError) -> None:
        self.failures += 1
        self.paused_until = time.monotonic() + min(FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
        if self.failures == 1:
            logger.warning("search_away", error=error.reason)
