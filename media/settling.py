"""Getting bytes for certain into the store: a store's answer to Complete proves nothing, only the object itself does."""

import time
from collections.abc import Sequence

import structlog
from django.utils.translation import gettext_lazy as _

from core.errors import UnavailableError
from media.store import ObjectStore, Part, Stat

logger = structlog.stdlib.get_logger(__name__)

PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.2


def settle(store: ObjectStore, key: str, upload_id: str, size: int) -> Stat | None:
    """Put the parts of an upload together and return the object, or None if the store lost both parts and object.

    May be called again after any failure. Raises UnavailableError while the outcome is open.
    """
    parts = store.list_parts(key, upload_id)
    if parts is not None:
        _complete(store, key, upload_id, parts)
    stat = wait_for(store, key, size)
    if stat is None and parts is not None and store.list_parts(key, upload_id) is not None:
        raise UnavailableError(_("The file store is still putting this file together."))
    return stat


def _complete(store: ObjectStore, key: str, upload_id: str, parts: Sequence[Part]) -> None:
    """Ask for completion. An error may hide a success (a time-out, a second asking), so the object is looked for in any case."""
    try:
        store.complete_upload(key, upload_id, parts)
    except UnavailableError as error:
        logger.warning("complete_was_not_confirmed", key=key, error=repr(error.__cause__))


def wait_for(store: ObjectStore, key: str, size: int) -> Stat | None:
    """Return the object as soon as it is there in its full size; None if it does not come within PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        stat = store.head(key)
        if stat is not None and stat.size == size:
            return stat
        if time.monotonic() > deadline:
            return None
        time.sleep(PAUSE_SECONDS)
