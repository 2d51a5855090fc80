"""Keeps media's ledger: which stored objects a revision or a page carries. Nothing in the ledger is ever deleted."""

from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete, post_save
from wagtail.models import Revision

from catalogue.models import ResourcePage
from media.services import record_uses, release_uses


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
