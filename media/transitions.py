"""Which state may follow which. Pure: services ask `check` before they write."""

from media.models import ObjectState, UploadState

OBJECT: dict[ObjectState, frozenset[ObjectState]] = {
    ObjectState.UPLOADING: frozenset({ObjectState.UPLOADED, ObjectState.ABANDONED}),
    ObjectState.UPLOADED: frozenset({ObjectState.VERIFIED, ObjectState.REJECTED}),
    ObjectState.VERIFIED: frozenset({ObjectState.LOST}),
    ObjectState.REJECTED: frozenset(),
    ObjectState.ABANDONED: frozenset(),
    ObjectState.LOST: frozenset({ObjectState.VERIFIED}),
}

UPLOAD: dict[UploadState, frozenset[UploadState]] = {
    UploadState.OPEN: frozenset({UploadState.COMPLETING, UploadState.ABORTED}),
    UploadState.COMPLETING: frozenset({UploadState.COMPLETED, UploadState.ABORTED}),
    UploadState.COMPLETED: frozenset(),
    UploadState.ABORTED: frozenset(),
}


class ForbiddenTransitionError(RuntimeError):
    """A service tried to write a state that may not follow: a bug, never a user's doing."""


def next_object_state(now: str, then: ObjectState) -> ObjectState:
    """Return `then` if it may follow `now`; raise ForbiddenTransitionError otherwise."""
    if then not in OBJECT[ObjectState(now)]:
        raise ForbiddenTransitionError(f"A stored object does not go from {now} to {then}.")
    return then


def next_upload_state(now: str, then: UploadState) -> UploadState:
    """Return `then` if it may follow `now`; raise ForbiddenTransitionError otherwise."""
    if then not in UPLOAD[UploadState(now)]:
        raise ForbiddenTransitionError(f"An upload does not go from {now} to {then}.")
    return then
