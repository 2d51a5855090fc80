"""Translations and what they were made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from catalogue.models import ResourcePage


@dataclass(frozen=True, slots=True)
class EditionLink:
    """An edition as lists of its work's editions show it: `path` leads to its page; `outdated` says that its source is newer."""

    id: UUID
    language: str
    title: str
    path: str
    outdated: bool


def newer_source(edition: ResourcePage, editions: Iterable[ResourcePage]) -> ResourcePage | None:
    """Return, of the published editions of its work, the one an edition was translated from, if that has changed since; else None.

    It has changed if it was published again after the translation was last published. That it was first published later is no
    change: both may have been submitted together, and curators approve in any order.
    """
    source = next((other for other in editions if other.pk == edition.translation_of_id), None)
    if source is None or source.last_published_at is None or edition.last_published_at is None:
        return None
    is_changed = source.first_published_at is not None and source.last_published_at > source.first_published_at
    return source if is_changed and source.last_published_at > edition.last_published_at else None
