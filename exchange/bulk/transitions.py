"""Which state of an import may follow which. Pure: services ask before they write."""

from django.utils.translation import gettext as _

from core.errors import ConflictError
from exchange.models import ImportState

FOLLOWING: dict[ImportState, frozenset[ImportState]] = {
    ImportState.READING: frozenset({ImportState.READ, ImportState.STOPPED}),
    ImportState.STOPPED: frozenset({ImportState.READING}),
    ImportState.READ: frozenset({ImportState.READING, ImportState.CHECKING}),
    ImportState.CHECKING: frozenset({ImportState.CHECKED, ImportState.STOPPED}),
    ImportState.CHECKED: frozenset({ImportState.READING, ImportState.CHECKING, ImportState.RUNNING}),
    ImportState.RUNNING: frozenset({ImportState.DONE, ImportState.STOPPED}),
    ImportState.DONE: frozenset(),
}

BUSY = frozenset({ImportState.READING, ImportState.CHECKING, ImportState.RUNNING})
"""The worker has it."""


def next_state(now: str, then: ImportState) -> ImportState:
    """Return `then` if it may follow `now`; raise ConflictError otherwise: two people, or two tabs, may hold one import."""
    if then not in FOLLOWING[ImportState(now)]:
        raise ConflictError(_("This import has gone on meanwhile; here is how it stands now."))
    return then
