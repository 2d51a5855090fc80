"""Beginning a resource with what an earlier one says: a festival's kits have much in common."""

from uuid import UUID

from django.utils.translation import gettext as _

from catalogue import policies
from catalogue.models import ResourcePage
from core.errors import NotFoundError
from members.viewer import Viewer

_TAKEN = (
    "abstract body language resource_type age_min age_max licence access credit_line contributors duration_minutes group_size cost "
    "materials learning_outcomes safety_note adapted_from subjects audience setting accessibility"
)
TAKEN = tuple(_TAKEN.split())
"""All that may be the same: not titles, files, year and embargo, nor identifiers, addresses and what it is a translation of."""


def source(page_id: int, institution_id: UUID, viewer: Viewer) -> ResourcePage:
    """Return the latest draft of a resource of this institution; raise NotFoundError where there is none that the viewer may edit."""
    found = ResourcePage.objects.filter(pk=page_id, institution_id=institution_id).first()
    if found is None or not policies.may_edit(viewer, institution_id):
        raise NotFoundError(_("There is no such resource."))
    draft: ResourcePage = found.get_latest_revision_as_object()
    return draft


def begin_with(edition: ResourcePage, earlier: ResourcePage) -> None:
    """Let an edition that was never saved say what the earlier one says."""
    for name in TAKEN:
        value = getattr(earlier, name)
        setattr(edition, name, list(value.all()) if hasattr(value, "all") else value)
    edition.keywords.set(list(earlier.keywords.all()))
