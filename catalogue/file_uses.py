"""Keeps media's ledger: which stored objects a revision or a page carries. Nothing in the ledger is ever deleted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete, post_save
from wagtail.models import Revision

from catalogue.models import ResourcePage
from media.models import ObjectUse
from media.services import record_uses, release_uses


def editions_with(object_ids: Iterable[UUID]) -> dict[UUID, list[ResourcePage]]:
    """Return object id to the editions whose page, or any revision, carries the object; those that nobody carries are left out."""
    carriers = ObjectUse.objects.filter(stored_object_id__in=list(object_ids), user_type__in=["revision", "page"])
    uses = carriers.values_list("stored_object_id", "user_type", "user_id")
    revisions = [int(user_id) for _object, user_type, user_id in uses if user_type == "revision"]
    pages = {str(pk): str(page) for pk, page in Revision.objects.filter(pk__in=revisions).values_list("pk", "object_id")}
    carried: dict[UUID, set[str]] = {}
    for object_id, user_type, user_id in uses:
        carried.setdefault(object_id, set()).add(pages.get(user_id, "") if user_type == "revision" else user_id)
    editions = ResourcePage.objects.in_bulk([int(page) for page in set().union(*carried.values()) if page])
    return {
        object_id: [editions[int(page)] for page in sorted(of_it) if page and int(page) in editions] for object_id, of_it in carried.items()
    }


def _is_of_an_edition(revision: Revision) -> bool:
    return bool(revision.content_type_id == ContentType.objects.get_for_model(ResourcePage).pk)


def _revision_saved(instance: Revision, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    if raw or (update_fields is not None and "content" not in update_fields) or not _is_of_an_edition(instance):
        return
    record_uses("revision", instance.pk, [UUID(str(file["stored_object"])) for file in instance.content.get("files", [])])


def _revision_deleted(instance: Revision, **_: Any) -> None:
    if _is_of_an_edition(instance):
        release_uses("revision", instance.pk)


def _page_saved(instance: ResourcePage, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    if not raw and update_fields is None:
        record_uses("page", instance.pk, [file.stored_object_id for file in instance.files.all()])


def _page_deleted(instance: ResourcePage, **_: Any) -> None:
    release_uses("page", instance.pk)


def connect() -> None:
    """Connect the receivers; called once, when Django has loaded all models."""
    post_save.connect(_revision_saved, sender=Revision, dispatch_uid="catalogue.revision_saved")
    post_delete.connect(_revision_deleted, sender=Revision, dispatch_uid="catalogue.revision_deleted")
    post_save.connect(_page_saved, sender=ResourcePage, dispatch_uid="catalogue.page_uses_saved")
    post_delete.connect(_page_deleted, sender=ResourcePage, dispatch_uid="catalogue.page_uses_deleted")
