"""What other rooms may have media do. Each lives in a module of its own."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import ConflictError, NotFoundError
from media import extensions, file_types, filenames, selectors
from media.auditing import unwell
from media.ledger import record_uses, release_uses
from media.models import ObjectState, StoredObject
from media.store import store
from media.storing import store_file
from media.uploads import (
    MOST_PARTS,
    SignedPart,
    UploadStarted,
    abort_upload,
    complete_upload,
    list_parts,
    open_uploads,
    sign_part,
    sign_parts,
    start_upload,
)

__all__ = [
    "MOST_PARTS",
    "SignedPart",
    "UploadStarted",
    "abort_upload",
    "complete_upload",
    "list_parts",
    "open_uploads",
    "read_into",
    "record_uses",
    "release_uses",
    "sign_download",
    "sign_part",
    "sign_parts",
    "start_upload",
    "store_file",
    "store_ready",
    "unwell",
]


def sign_download(stored_object: StoredObject, *, filename: str = "", inline: bool = False, lifetime: dt.timedelta | None = None) -> str:
    """Return an address of the store, signed for minutes (settings.DOWNLOAD_LINK_LIFETIME). The caller has asked sharing.

    Only what can run nothing is ever shown inline. Raises ConflictError for a file that is not verified, NotFoundError if the
    store has lost it, UnavailableError if the store is away.
    """
    if stored_object.state != ObjectState.VERIFIED:
        raise ConflictError(selectors.state_sentence(stored_object), code="not-verified")
    s3 = store()
    if s3.head(stored_object.bytes_key, stored_object.bytes_version_id) is None:
        raise NotFoundError(_("This file is not in the file store any more. Its institution can upload it again."), code="file-gone")
    inline = inline and file_types.of(stored_object.content_type).inline
    name = extensions.name_for_download(filename or stored_object.filename, stored_object.content_type)
    return s3.sign_download(
        stored_object.bytes_key,
        stored_object.bytes_version_id,
        content_type=stored_object.content_type,
        disposition=filenames.content_disposition(name, inline=inline),
        lifetime=lifetime or settings.DOWNLOAD_LINK_LIFETIME,
    )


def read_into(path: Path, stored_object: StoredObject) -> None:
    """Write the bytes of a verified object to a file of this machine, for the worker. Raises NotFoundError if the store has lost it."""
    with path.open("wb") as file:
        for block in store().stream(stored_object.bytes_key, stored_object.bytes_version_id):
            file.write(block)


def store_ready() -> str | None:
    """Return None if the object store answers, else the reason in a few words; takes two seconds at most."""
    return store().check()
