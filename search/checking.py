"""Whether the index holds what the database holds: both are read side by side in the order of ids, a page at a time.

Works change meanwhile, so what looks wrong is looked at once more. The second look reads a work's row, the work, its document, and
the row again: where the row is settled and was the same twice, the document must be of that version, whoever writes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from catalogue.selectors import published_work_ids
from search import index, sync
from search.documents import WorkDocument, load_documents
from search.index import Indexed
from search.mapping import FILES
from search.models import WorkSync

PAGE = 1000
DEEP_PAGE = 100


class Fault(StrEnum):
    """In what way the index differs from the database."""

    MISSING = "missing"
    """Published, and not to be found."""
    EXTRA = "extra"
    """To be found, and not published."""
    STALE = "stale"
    """The document is older than the version that was crossed off."""
    AHEAD = "ahead"
    """The index has a later version than the database, as after a restore: it would refuse changes."""
    DIFFERENT = "different"
    """The version is right, what the document says is not; looked at only if asked."""
    SET_ASIDE = "set aside"
    """It could not be indexed, and is tried no more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A work of which the index holds something else than the database; `version` is that of the document, 0 where there is none."""

    work_id: UUID
    fault: Fault
    version: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A page of works: how many there were, how many of them wait for the worker and so cannot be judged, what is wrong."""

    works: int
    waiting: int
    differences: tuple[Difference, ...]


def check(*, deep: bool = False, sample: int | None = None) -> Iterator[Checked]:
    """Compare page by page. `deep` builds each document anew and compares it, too. Raises SearchUnavailableError.

    `sample`: so many works, neighbours by id from a random one on; ids are random, so that is as good as drawing each by lot.
    """
    start = uuid4() if sample else None
    ranges = [(start, None), (None, start)] if sample else [(None, None)]
    left = sample
    for after, until in ranges:
        position = after
        while left is None or left > 0:
            size = min(DEEP_PAGE if deep else PAGE, left or PAGE)
            page, last = _read_page(position, until, size)
            yield _check_page(page, deep=deep)
            left = None if left is None else left - len(page.work_ids)
            if last is None:
                break
            position = last


def repair(differences: Sequence[Difference]) -> int:
    """Make these works due, beyond the version that their documents have, write them, and look again; return how many are still wrong."""
    with transaction.atomic():
        sync.bump({difference.work_id: difference.version for difference in differences})
    sync.catch_up()
    work_ids = [difference.work_id for difference in differences]
    deep = any(difference.fault is Fault.DIFFERENT for difference in differences)
    wrong = {difference.work_id for difference in _look_closely(work_ids, deep=deep)[0]}
    failed = sync.behind().filter(pk__in=work_ids, attempts__gt=0).values_list("pk", flat=True)
    return len(wrong.union(failed))


@dataclass(frozen=True, slots=True)
class _Page:
    """What both sides hold between two ids."""

    published: frozenset[UUID]
    indexed: Mapping[UUID, Indexed]

    @property
    def work_ids(self) -> list[UUID]:
        return sorted(self.published.union(self.indexed))


def _read_page(after: UUID | None, until: UUID | None, size: int) -> tuple[_Page, UUID | None]:
    """Return what both sides hold after one id, and the last id that it covers; None if it reaches `until`, or the end."""
    works = published_work_ids()
    if after is not None:
        works = works.filter(work_id__gt=after)
    published = list(works[:size])
    indexed = index.page(after, size)
    last = min((ids[-1] for ids in (published, list(indexed)) if len(ids) == size), default=None)
    if until is not None and (last is None or last >= until):
        last = None
    end = last or until

    def within(work_id: UUID) -> bool:
        return end is None or work_id <= end

    page = _Page(frozenset(filter(within, published)), {work_id: found for work_id, found in indexed.items() if within(work_id)})
    return page, last


def _check_page(page: _Page, *, deep: bool) -> Checked:
    work_ids = page.work_ids
    rows = WorkSync.objects.in_bulk(work_ids)
    waiting = sum(_waits(row) for row in rows.values())
    if deep:
        suspects = work_ids
    else:
        suspects = [
            work_id for work_id in work_ids if _fault(rows.get(work_id), page.indexed.get(work_id), published=work_id in page.published)
        ]
    differences, changing = _look_closely(suspects, deep=deep)
    return Checked(len(work_ids), waiting + changing, tuple(differences))


def _look_closely(work_ids: Sequence[UUID], *, deep: bool) -> tuple[list[Difference], int]:
    """Return what is wrong with these works beyond doubt, and how many changed while they were read."""
    before = WorkSync.objects.in_bulk(work_ids)
    published = set(published_work_ids().filter(work_id__in=work_ids))
    documents = load_documents(work_ids) if deep and work_ids else {}
    indexed = index.read(work_ids, whole=deep)
    after = WorkSync.objects.in_bulk(work_ids)
    differences, changing = [], 0
    for work_id in work_ids:
        row, found = before.get(work_id), indexed.get(work_id)
        if _version(row) != _version(after.get(work_id)):
            changing += 1
            continue
        fault = _fault(row, found, published=work_id in published)
        if deep and fault is None and found and row and not _waits(row) and _differs(documents[work_id], found, row):
            fault = Fault.DIFFERENT
        if fault:
            differences.append(Difference(work_id, fault, found.version if found else 0))
    return differences, changing


def _fault(row: WorkSync | None, indexed: Indexed | None, *, published: bool) -> Fault | None:
    """Return what is wrong; nothing can be said of a work that waits for the worker."""
    if _waits(row):
        return None
    visible, version = (indexed.visible, indexed.version) if indexed else (False, 0)
    faults = {
        Fault.SET_ASIDE: row is not None and row.version > row.indexed_version,
        Fault.MISSING: published and not visible,
        Fault.EXTRA: visible and not published,
        Fault.AHEAD: version > _version(row),
        Fault.STALE: indexed is not None and version < _version(row),
    }
    return next((fault for fault, there in faults.items() if there), None)


def _waits(row: WorkSync | None) -> bool:
    return row is not None and row.version > row.indexed_version and row.attempts < sync.MOST_ATTEMPTS


def _version(row: WorkSync | None) -> int:
    return row.version if row else 0


def _differs(document: WorkDocument | Exception, indexed: Indexed, row: WorkSync) -> bool:
    """Whether a document says something else than the indexed one; one that cannot be built does.

    The words of files are left aside, since the index does not give them back as they were sent; so are vectors while some are
    still to be made for a work: it is written again when they are there.
    """
    if isinstance(document, Exception):
        return True
    wanted, found = _without(FILES, json.loads(json.dumps(document))), indexed.source
    if row.lacks_meaning:
        wanted, found = _without_meaning(wanted), _without_meaning(found)
    return bool(wanted != found)


def _without_meaning(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in _without("passages", document).items() if name != "lacks_meaning"}


def _without(part: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose editions lack a part."""
    editions = [{name: value for name, value in edition.items() if name != part} for edition in document["editions"]]
    return document | {"editions": editions}
