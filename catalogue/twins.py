"""Files that another institution has, too: what a curator may know of them. What is not published is not named."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from catalogue.models import ResourcePage
from catalogue.selectors import VISIBLE
from media import selectors as media_selectors
from media.models import StoredObject


@dataclass(frozen=True, slots=True)
class Twin:
    """The same bytes at another institution. `published` is an edition there that everybody can see, with them among its files."""

    published: ResourcePage | None = None

    @property
    def institution(self) -> str:
        return str(self.published.institution) if self.published else ""


def twins_of(objects: list[StoredObject]) -> dict[UUID, Twin]:
    """Return object id to twin, for those that have one."""
    return {stored.pk: twin for stored in objects if (twin := _twin_of(stored))}


def _twin_of(stored: StoredObject) -> Twin | None:
    alike = list(media_selectors.same_bytes_elsewhere(stored).values_list("pk", flat=True))
    if not alike:
        return None
    carrying = Q(files__stored_object__in=alike)
    return Twin(ResourcePage.objects.filter(VISIBLE, carrying).select_related("institution").order_by("first_published_at", "pk").first())
