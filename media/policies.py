"""Who may do what with files, as pure functions of the viewer. Who may download is a question for sharing."""

from uuid import UUID

from members.models import Role
from members.viewer import Viewer


def may_upload(viewer: Viewer, institution_id: UUID) -> bool:
    """Contributors and licensing managers put files in for their own institution, and for no other."""
    return viewer.belongs_to(institution_id) and viewer.has(Role.CONTRIBUTOR, Role.MANAGER)


def may_see_state(viewer: Viewer, institution_id: UUID) -> bool:
    """The institution's people follow what becomes of a file; curators need it for drafts they judge."""
    return viewer.belongs_to(institution_id) or viewer.has(Role.CURATOR, Role.SECRETARIAT) or viewer.is_superuser
