"""Who may look after search."""

from members.models import Role
from members.viewer import Viewer


def may_look_after_search(viewer: Viewer) -> bool:
    """See what search could not take in, and have it tried again."""
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)
