"""The port to the object store: what media asks of any S3, in values of its own. media/s3.py is the adapter.

Every method raises core.errors.UnavailableError when the store does not answer; nothing was lost then, and the call may be repeated.
Keys are made by us from UUIDs, one per object, and never used again.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Protocol

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart upload that lies in the store: number from 1, size in bytes."""

    number: int
    etag: str
    size: int


@dataclass(frozen=True, slots=True)
class Stat:
    """What the store says of an object; `version_id` is empty where the bucket has no versions."""

    size: int
    version_id: str
    etag: str


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload that was neither completed nor aborted."""

    key: str
    upload_id: str
    initiated: dt.datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """An object that lies in the store: its newest version."""

    key: str
    size: int
    modified: dt.datetime


class ObjectStore(Protocol):
    """What an S3-compatible store must do for us; tests/contract/test_object_store.py is the judge."""

    def ensure_bucket(self, origins: Sequence[str], *, open_at_most: dt.timedelta | None = None) -> None:
        """Make the bucket if need be, keep versions in it, and let browsers of these origins send parts and read. Idempotent.

        `open_at_most`: after that the store itself is to abort uploads that were not completed, where it has such rules.
        """

    def create_upload(self, key: str) -> str:
        """Begin a multipart upload; return the store's id of it."""

    def sign_part(self, key: str, upload_id: str, number: int, size: int, lifetime: dt.timedelta, *, md5: str = "") -> str:
        """Return the address to which a browser may PUT this one part, of exactly this size, within the lifetime.

        With `md5` (base64) the browser must send it as Content-MD5, and the store keeps nothing else. Without, a store may take
        what a broken line left of a part for the whole: versitygw does.
        """

    def send_part(self, key: str, upload_id: str, number: int, body: bytes) -> Part:
        """Store a part that this process has in its hands."""

    def list_parts(self, key: str, upload_id: str) -> list[Part] | None:
        """Return the parts in order, or None if there is no such upload (any more)."""

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Ask the store to put the parts together. An answer proves nothing: ask `head` until the size is right."""

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Throw away an upload and its parts; nothing happens if there is none."""

    def open_uploads(self) -> Iterator[OpenUpload]:
        """Yield every multipart upload that is still open in the bucket."""

    def objects(self, prefix: str) -> Iterator[Listed]:
        """Yield every object whose key begins so, in the order of the keys, however many there are."""

    def head(self, key: str, version_id: str = "") -> Stat | None:
        """Return what the store says of an object (of its newest version unless one is named), or None if it is not there."""

    def stream(self, key: str, version_id: str = "") -> Iterator[bytes]:
        """Yield the bytes in blocks of up to 1 MiB; raise core.errors.NotFoundError if the object is not there."""

    def put(self, key: str, body: IO[bytes], content_type: str) -> None:
        """Store something that the worker made."""

    def delete(self, key: str) -> None:
        """Delete an object with all its versions; nothing happens if there is none."""

    def sign_download(self, key: str, version_id: str = "", *, content_type: str, disposition: str, lifetime: dt.timedelta) -> str:
        """Return the address from which a browser may GET the object, answered with these headers, within the lifetime."""

    def check(self) -> str | None:
        """Return None if the bucket answers within two seconds, else the reason in a few words."""


def store() -> ObjectStore:
    """Return the site's object store."""
    return _store(
        settings.S3_ENDPOINT_URL, settings.S3_PUBLIC_ENDPOINT_URL, settings.S3_REGION, settings.S3_BUCKET, settings.S3_ACCESS_KEY_ID
    )


@lru_cache(maxsize=8)
def _store(endpoint: str, public_endpoint: str, region: str, bucket: str, access_key_id: str) -> ObjectStore:
    from media.s3 import S3Store  # noqa: PLC0415 - boto3 takes a second to import; commands that need no store do without

    return S3Store(
        endpoint=endpoint,
        public_endpoint=public_endpoint,
        region=region,
        bucket=bucket,
        access_key_id=access_key_id,
        secret_access_key=settings.S3_SECRET_ACCESS_KEY,
    )
