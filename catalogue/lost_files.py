"""The panel of the admin's front page that names the files which the store has lost, and where they are missed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wagtail.admin.ui.components import Component

from catalogue.file_uses import editions_with
from catalogue.models import ResourcePage
from media import selectors as media_selectors
from media.models import StoredObject

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A lost file, and the editions whose page or drafts carry it."""

    stored: StoredObject
    editions: list[ResourcePage]


class LostFilesPanel(Component):
    """Of one institution, or of all for the secretariat, which reads of them and leaves the drafts to their owners."""

    order = 8
    template_name = "catalogue/admin/lost_files_panel.html"

    def __init__(self, institution_id: UUID | None) -> None:
        self.institution_id = institution_id

    def exists(self) -> bool:
        """Whether there is anything to tell."""
        return media_selectors.lost(self.institution_id).exists()

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        lost = media_selectors.lost(self.institution_id)
        return {"rows": list(_rows(lost[:SHOWN], self.institution_id)), "number": lost.count(), "of_all": self.institution_id is None}


def _rows(lost: Iterable[StoredObject], institution_id: UUID | None) -> Iterator[Row]:
    """Yield the files; a resource that was given to another institution, which kept its files, is not named to the old one."""
    objects = list(lost)
    carried = editions_with([stored.pk for stored in objects])
    for stored in objects:
        editions = carried.get(stored.pk, [])
        yield Row(stored, [edition for edition in editions if institution_id in {None, edition.institution_id}])
