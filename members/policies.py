"""Who may do what with institutions and people."""

from uuid import UUID

from members.models import Role
from members.viewer import Viewer


def may_manage_people(viewer: Viewer) -> bool:
    """See all users, make them, give roles, move them between institutions."""
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)


def may_create_institutions(viewer: Viewer) -> bool:
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)


def may_edit_institution(viewer: Viewer, institution_id: UUID) -> bool:
    """Change name, description, contact and usual terms: its managers, and the secretariat."""
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT) or (viewer.has(Role.MANAGER) and viewer.belongs_to(institution_id))


def may_manage_tokens(viewer: Viewer, institution_id: UUID) -> bool:
    """Make and revoke the keys with which programs act for an institution: its managers, and the secretariat."""
    return may_edit_institution(viewer, institution_id)


def may_set_quota(viewer: Viewer) -> bool:
    """Say how much an institution may keep."""
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)


def may_deactivate_institutions(viewer: Viewer) -> bool:
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)


def may_give_role(viewer: Viewer, role: Role) -> bool:
    """The secretariat gives every role; nobody else gives any."""
    return role in Role and may_manage_people(viewer)
