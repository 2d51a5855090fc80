"""Indices in Elasticsearch: their names, and what is done to them as a whole.

Searches go to one alias. Each index has an alias of its own for writing, and writes demand an alias: a late write to an
index that is gone fails, where it would otherwise create an index without our settings.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from core import clock
from search.client import client, errors_translated
from search.documents import WorkDocument
from search.mapping import index_body

CONFLICT = 409
NOT_FOUND = 404
TOO_MANY_REQUESTS = 429
FIRST_ERROR_STATUS = 300
WRITE_TIMEOUT_SECONDS = 60.0


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


def alias() -> str:
    """Return the name that searches go to."""
    return f"{settings.SEARCH_INDEX_PREFIX}-works"


def new_name() -> str:
    """Return a name for a new index: the moment, and a few random characters."""
    return f"{alias()}-{clock.now():%Y%m%d%H%M%S}-{secrets.token_hex(3)}"


def create(name: str) -> None:
    """Create an index with its alias for writing."""
    with errors_translated():
        client(timeout=WRITE_TIMEOUT_SECONDS).indices.create(index=name, **index_body(), aliases={_write_alias(name): {}})


def exists(name: str) -> bool:
    with errors_translated():
        return bool(client().indices.exists(index=name))


def refresh(name: str, *, must_exist: bool = True) -> None:
    """Make what was written to an index searchable now."""
    with errors_translated():
        client(timeout=WRITE_TIMEOUT_SECONDS).indices.refresh(index=name, ignore_unavailable=not must_exist)


def count(name: str) -> int:
    """Return how many works in an index are visible."""
    with errors_translated():
        return int(client().count(index=name, query={"term": {"visible": True}})["count"])


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
    """Write documents to each index and return what failed.

    The version is external and may be equal: a document is replaced unless a newer one is there, and then all is well.
    """
    if not names or not entries:
        return []
    operations: list[Any] = []
    for name in names:
        for entry in entries:
            action = {"_index": _write_alias(name), "_id": str(entry.work_id), "version": entry.version, "version_type": "external_gte"}
            operations += [{"index": action}, entry.document]
    with errors_translated():
        response = client(timeout=WRITE_TIMEOUT_SECONDS).bulk(operations=operations, require_alias=True)
    expected = [(name, entry) for name in names for entry in entries]
    errors = []
    for (name, entry), item in zip(expected, response["items"], strict=True):
        outcome = item["index"]
        if outcome["status"] >= FIRST_ERROR_STATUS and outcome["status"] != CONFLICT:
            errors.append(WriteError(name, entry.work_id, outcome["status"], str(outcome.get("error"))))
    return errors


def _write_alias(name: str) -> str:
    return f"{name}-write"
