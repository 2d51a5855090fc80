"""What sharing reads of the catalogue: terms of an edition, and of one file in it."""

from dataclasses import dataclass
from uuid import UUID

from catalogue.models import ResourcePage
from catalogue.selectors import published_editions
from media.models import StoredObject
from sharing.policies import Standing, Terms


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file, the edition that carries it, and the terms on which this edition gives it."""

    edition: ResourcePage
    stored_object: StoredObject
    terms: Terms


def terms_of(edition: ResourcePage, standing: Standing) -> Terms:
    """Return the terms of an edition as its fields say them now."""
    return Terms(
        institution_id=edition.institution_id,
        standing=standing,
        access=edition.access,
        embargo_until=edition.embargo_until,
    )


def standing_of(edition: ResourcePage) -> Standing:
    """Return how far an edition has come; one that is published and has a new draft in review is published."""
    if published_editions().filter(pk=edition.pk).exists():
        return Standing.PUBLISHED
    return Standing.IN_REVIEW if _ids_in_review(edition) is not None else Standing.DRAFT


def find_file(edition_id: UUID, object_id: UUID) -> OfferedFile | None:
    """Return the file with its terms, or None where this edition has never carried it.

    A file that only a new draft carries has the standing of that draft, even where the edition itself is published.
    """
    edition = ResourcePage.objects.select_related("institution", "licence").filter(edition_id=edition_id).first()
    stored_object = StoredObject.objects.select_related("duplicate_of").filter(pk=object_id).first()
    if edition is None or stored_object is None:
        return None
    standing = _standing_of_file(edition, stored_object)
    if standing is None:
        return None
    return OfferedFile(edition=edition, stored_object=stored_object, terms=terms_of(edition, standing))


def _standing_of_file(edition: ResourcePage, stored_object: StoredObject) -> Standing | None:
    if published_editions().filter(pk=edition.pk, files__stored_object_id=stored_object.pk).exists():
        return Standing.PUBLISHED
    if str(stored_object.pk) in (_ids_in_review(edition) or ()):
        return Standing.IN_REVIEW
    if stored_object.institution_id == edition.institution_id:
        return Standing.DRAFT
    revision = edition.latest_revision
    carried = edition.files.filter(stored_object_id=stored_object.pk).exists() or (
        revision is not None and str(stored_object.pk) in _ids_in(revision.content)
    )
    return Standing.DRAFT if carried else None


def _ids_in_review(edition: ResourcePage) -> set[str] | None:
    """Return the object ids of the revision that waits for the curators, None where none waits."""
    task_state = edition.current_workflow_task_state
    if task_state is None or task_state.status != task_state.STATUS_IN_PROGRESS or task_state.revision is None:
        return None
    return _ids_in(task_state.revision.content)


def _ids_in(content: dict[str, list[dict[str, object]]]) -> set[str]:
    return {str(row.get("stored_object")) for row in content.get("files", [])}
