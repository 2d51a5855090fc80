"""Background work of media: each job carries ids, reloads, and may be run twice."""

from uuid import UUID

from core import jobs
from media import checking, derivations, deriving
from media.store import store


@jobs.handler("media.verify", max_attempts=8)
def verify(object_id: str) -> None:
    checking.check(UUID(object_id))


@jobs.handler("media.derive", max_attempts=derivations.MOST_TRIES + 1)
def derive(object_id: str) -> None:
    deriving.derive(UUID(object_id))


@jobs.handler("media.discard", max_attempts=20)
def discard(key: str, upload_id: str = "") -> None:
    """Delete what lies under a key; keys are never used again, so whenever this runs it is right."""
    s3 = store()
    if upload_id:
        s3.abort_upload(key, upload_id)
    s3.delete(key)
