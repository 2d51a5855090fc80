"""Stored objects, with real bytes in the real store or, where nobody looks at the bytes, as a row only."""

import functools
import itertools
import tempfile
import uuid
from pathlib import Path

from django.conf import settings

from core import clock
from media.models import ObjectState, StoredObject
from media.services import store_file
from media.store import store
from tests.factories.members import make_institution

_count = itertools.count(1)


@functools.cache
def ensure_bucket(name=""):
    """Make this worker's bucket, once."""
    store().ensure_bucket([settings.SITE_URL, "http://localhost"])


def make_object(institution=None, body=None, filename="notes.txt", created_by=None):
    """Return a verified object whose bytes lie in the store; each has bytes of its own unless they are given.

    `body`: bytes, or the path of a file. Thumbnails come when the job is run (core.jobs.run_due).
    """
    ensure_bucket(settings.S3_BUCKET)
    institution = institution or make_institution()
    if isinstance(body, Path):
        return store_file(body, institution=institution, created_by=created_by, filename=filename)
    with tempfile.NamedTemporaryFile() as file:
        file.write(body if body is not None else f"Notes, number {next(_count)} of {uuid.uuid4()}.\n".encode())
        file.flush()
        return store_file(Path(file.name), institution=institution, created_by=created_by, filename=filename)


def make_object_row(institution=None, state=ObjectState.VERIFIED, **fields):
    """Return an object that is a row only: nothing lies in the store."""
    number = next(_count)
    values = {
        "filename": f"file-{number}.pdf",
        "declared_size": 1000 + number,
        "key": f"objects/{uuid.uuid4()}",
        "content_type": "application/pdf",
        **fields,
    }
    if state == ObjectState.VERIFIED:
        values = {"size": values["declared_size"], "sha256": f"{number:064x}", "verified_at": clock.now(), "scan": "not-scanned"} | values
    return StoredObject.objects.create(institution=institution or make_institution(), state=state, **values)
