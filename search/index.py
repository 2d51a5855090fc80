"""Indices in Elasticsearch: their names, and what is done to them as a whole.

Searches go to one alias. Each index has an alias of its own for writing, and writes demand an alias: a late write to an
index that is gone fails, where it would otherwise create an index without our settings.
"""

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from core import clock
from search.client import IndexMissingError, NoAnswerInTimeError, RequestRefusedError, SearchUnavailableError, client, errors_translated
from search.documents import WorkDocument
from search.mapping import index_body

BAD_REQUEST = 400
NOT_FOUND = 404
CONFLICT = 409
TOO_LARGE = 413
FAULTS_OF_DOCUMENTS = frozenset({BAD_REQUEST, TOO_LARGE})
FIRST_ERROR_STATUS = 300
WRITE_TIMEOUT_SECONDS = 60.0
MERGE_PATIENCE_SECONDS = 1.0
JSON = {"accept": "application/json", "content-type": "application/json"}
MOST_BYTES = 10 * 1024**2
"""Of documents in one request; Elasticsearch refuses 100 MB by default."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to write, under the version that its work had before it was read."""

    work_id: UUID
    version: int
    document: WorkDocument


@dataclass(frozen=True, slots=True)
class WriteError:
    """Why a document was not written to an index."""

    index: str
    work_id: UUID
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index holds of a work. `source` only where it was asked for."""

    version: int
    visible: bool
    source: dict[str, Any]


def alias() -> str:
    """Return the name that searches go to."""
    return f"{settings.SEARCH_INDEX_PREFIX}-works"


def new_name() -> str:
    """Return a name for a new index: the moment, and a few random characters."""
    return f"{alias()}-{clock.now():%Y%m%d%H%M%S}-{secrets.token_hex(3)}"


def create(name: str) -> None:
    """Create an index with its alias for writing. That it is there already is no error: an earlier try was perhaps answered too late."""
    try:
        with errors_translated():
            client(timeout=WRITE_TIMEOUT_SECONDS).indices.create(index=name, **index_body(), aliases={_write_alias(name): {}})
    except RequestRefusedError as error:
        if error.message != "resource_already_exists_exception":
            raise


def exists(name: str) -> bool:
    with errors_translated():
        return bool(client().indices.exists(index=name))


def refresh(name: str, *, must_exist: bool = True) -> None:
    """Make what was written to an index searchable now."""
    with errors_translated():
        client(timeout=WRITE_TIMEOUT_SECONDS).indices.refresh(index=name, ignore_unavailable=not must_exist)


def merge(name: str) -> None:
    """Begin to make one segment of each shard: a search goes through every segment by itself, at a price.

    What takes longer than a moment goes on in the background, as Elasticsearch promises where the caller hangs up. To ask for that
    outright would have it keep an index of tasks of its own.
    """
    with errors_translated(), suppress(NoAnswerInTimeError):
        client(timeout=MERGE_PATIENCE_SECONDS).options(max_retries=0).indices.forcemerge(index=name, max_num_segments=1)


def count(name: str) -> int:
    """Return how many works in an index are visible."""
    with errors_translated():
        return int(client().count(index=name, query={"term": {"visible": True}})["count"])


def page(after: UUID | None, size: int) -> dict[UUID, Indexed]:
    """Return works of the live index as searches see them, tombstones too, in the order of their ids, from the first one after `after`."""
    query: dict[str, Any] = {"size": size, "sort": [{"work_id": "asc"}], "version": True, "_source": ["visible"], "track_total_hits": False}
    if after is not None:
        query["search_after"] = [str(after)]
    with errors_translated():
        hits = client(timeout=WRITE_TIMEOUT_SECONDS).search(index=alias(), **query)["hits"]["hits"]
    return {UUID(hit["_id"]): Indexed(hit["_version"], hit["_source"]["visible"], {}) for hit in hits}


def read(work_ids: Sequence[UUID], *, whole: bool = False) -> dict[UUID, Indexed]:
    """Return what the live index holds of these works at this moment, also what searches do not see yet.

    `whole` brings the documents, with their vectors, which the client's own method has no word for.
    """
    if not work_ids:
        return {}
    parameters = {"_source_exclude_vectors": "false"} if whole else {"_source": "visible"}
    with errors_translated():
        response = client(timeout=WRITE_TIMEOUT_SECONDS).perform_request(
            "POST", f"/{alias()}/_mget", params=parameters, body={"ids": [str(work_id) for work_id in work_ids]}, headers=JSON
        )
    found = response.body["docs"]
    if broken := next((item["error"] for item in found if "error" in item), None):
        raise IndexMissingError(str(broken))
    return {
        UUID(item["_id"]): Indexed(item["_version"], item["_source"]["visible"], item["_source"] if whole else {})
        for item in found
        if item["found"]
    }


def delete(names: Iterable[str]) -> None:
    """Delete indices; one that is gone already is no error."""
    for name in names:
        with errors_translated():
            client(timeout=WRITE_TIMEOUT_SECONDS).indices.delete(index=name, ignore_unavailable=True)


def ours() -> list[str]:
    """Return the names of all indices of this site, live or not."""
    pattern = re.compile(re.escape(alias()) + r"-\d{14}-[0-9a-f]{6}")
    with errors_translated():
        found = client().indices.get(index=f"{alias()}-*", allow_no_indices=True, features="aliases")
    return sorted(name for name in found if pattern.fullmatch(name))


def live() -> list[str]:
    """Return the indices that the alias points to: one, or none before the first build."""
    with errors_translated():
        found = client().indices.get(index=f"{alias()}-*", allow_no_indices=True, features="aliases")
    return sorted(name for name, about in found.items() if alias() in about["aliases"])


def make_live(name: str) -> None:
    """Point the alias to this index alone, in one step."""
    actions: list[dict[str, Any]] = [{"remove": {"index": old, "alias": alias()}} for old in live() if old != name]
    with errors_translated():
        client(timeout=WRITE_TIMEOUT_SECONDS).indices.update_aliases(actions=[*actions, {"add": {"index": name, "alias": alias()}}])


def write(names: Sequence[str], entries: Sequence[Entry]) -> list[WriteError]:
    """Write documents to each index and return which were refused: by their own fault (400, 413), or since an index is gone (404).

    The version is external and may be equal: a document is replaced unless a newer one is there, and then all is well. Whatever
    else an index answers (busy, closed for writing, a shard away) is no document's fault: SearchUnavailableError, and nothing counts.
    """
    lines: list[_Line] = []
    errors: list[WriteError] = []
    for entry in entries:
        try:
            source = json.dumps(entry.document, ensure_ascii=False, separators=(",", ":")).encode()
        except (TypeError, ValueError) as error:
            errors += [WriteError(name, entry.work_id, BAD_REQUEST, repr(error)) for name in names]
        else:
            lines += [_Line(name, entry, source) for name in names]
    for batch in _batches(lines):
        errors += _bulk(batch)
    return errors


@dataclass(frozen=True, slots=True)
class _Line:
    """A document for one index, as JSON."""

    index: str
    entry: Entry
    source: bytes

    @property
    def action(self) -> dict[str, Any]:
        version = {"version": self.entry.version, "version_type": "external_gte"}
        return {"index": {"_index": _write_alias(self.index), "_id": str(self.entry.work_id), **version}}


def _batches(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield lines in requests of a size that every server takes; one that is too large by itself goes alone."""
    batch: list[_Line] = []
    size = 0
    for line in lines:
        if batch and size + len(line.source) > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.source)
    if batch:
        yield batch


def _bulk(lines: Sequence[_Line]) -> list[WriteError]:
    """Send one request; where it is refused as a whole, find the line at fault by halves."""
    operations: list[Any] = [part for line in lines for part in (line.action, line.source)]
    try:
        with errors_translated():
            response = client(timeout=WRITE_TIMEOUT_SECONDS).bulk(operations=operations, require_alias=True)
    except RequestRefusedError as error:
        if error.status_code not in FAULTS_OF_DOCUMENTS:
            raise SearchUnavailableError(str(error)) from error
        if len(lines) == 1:
            return [WriteError(lines[0].index, lines[0].entry.work_id, error.status_code, str(error))]
        half = len(lines) // 2
        return [*_bulk(lines[:half]), *_bulk(lines[half:])]
    errors = []
    for line, item in zip(lines, response["items"], strict=True):
        outcome = item["index"]
        if outcome["status"] < FIRST_ERROR_STATUS or outcome["status"] == CONFLICT:
            continue
        if outcome["status"] not in {*FAULTS_OF_DOCUMENTS, NOT_FOUND}:
            raise SearchUnavailableError(str(outcome.get("error")))
        errors.append(WriteError(line.index, line.entry.work_id, outcome["status"], str(outcome.get("error"))))
    return errors


def _write_alias(name: str) -> str:
    return f"{name}-write"
