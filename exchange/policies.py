"""Who may do what with the ways in, as pure functions of the viewer."""

from uuid import UUID

from members.models import Role
from members.viewer import Viewer


def may_import(viewer: Viewer, institution_id: UUID | None) -> bool:
    """Contributors and licensing managers take tables in for their own institution, and for no other."""
    return viewer.belongs_to(institution_id) and viewer.has(Role.CONTRIBUTOR, Role.MANAGER)
