"""Who may do what in the catalogue, readable as a table. Pure: everything asked is a value.

| action            | contributor, manager of it | curator            | secretariat |
|-------------------|----------------------------|--------------------|-------------|
| edit, submit      | own institution's          | what they judge    | no          |
| judge             | no                         | other institutions'| no          |
| withdraw          | own institution's          | no                 | yes         |
| move              | no                         | no                 | yes         |
| vocabularies      | no                         | no                 | yes         |

A curator never judges the own institution, whatever other roles they have. A superuser may do all of it but that.
"""

from uuid import UUID

from members.models import Role
from members.viewer import Viewer


def may_edit(viewer: Viewer, institution_id: UUID | None) -> bool:
    """Make and change resources of this institution, and submit them."""
    return viewer.is_superuser or (viewer.has(Role.CONTRIBUTOR, Role.MANAGER) and viewer.belongs_to(institution_id))


def may_judge(viewer: Viewer, institution_id: UUID | None) -> bool:
    """Approve or send back what this institution submitted."""
    return viewer.has(Role.CURATOR) and institution_id is not None and not viewer.belongs_to(institution_id)


def may_withdraw(viewer: Viewer, institution_id: UUID | None) -> bool:
    """Take a published resource out of the catalogue."""
    return may_edit(viewer, institution_id) or viewer.has(Role.SECRETARIAT)


def may_move(viewer: Viewer) -> bool:
    """Give a resource to another institution."""
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)


def may_edit_vocabularies(viewer: Viewer) -> bool:
    return viewer.is_superuser or viewer.has(Role.SECRETARIAT)
