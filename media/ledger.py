"""The ledger of what is in use. Whatever has a row here is never deleted; foreign keys cannot say it for drafts."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import ConflictError
from media.models import ObjectUse, StoredObject


@transaction.atomic
def record_uses(user_type: str, user_id: object, object_ids: Iterable[UUID]) -> None:
    """Write down that a user (`revision`, `page` or `import`, with its id) carries exactly these objects, and no others any more.

    Raises ConflictError if one of them is there no longer; the caller's transaction should fail with it.
    """
    wanted = set(object_ids)
    there = set(StoredObject.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    if wanted - there:
        raise ConflictError(_("One of the files is not there any more. Please take it out and upload it again."), code="file-gone")
    uses = ObjectUse.objects.filter(user_type=user_type, user_id=str(user_id))
    _let_go(uses.exclude(stored_object_id__in=wanted))
    ObjectUse.objects.bulk_create(
        [ObjectUse(stored_object_id=object_id, user_type=user_type, user_id=str(user_id)) for object_id in wanted], ignore_conflicts=True
    )


@transaction.atomic
def release_uses(user_type: str, user_id: object) -> None:
    """Write down that a user is gone, or carries no files any more."""
    _let_go(ObjectUse.objects.filter(user_type=user_type, user_id=str(user_id)))


def _let_go(uses: QuerySet[ObjectUse]) -> None:
    """End these uses; the grace of files that nobody uses counts from now."""
    released = list(uses.values_list("stored_object_id", flat=True))
    if released:
        uses.delete()
        StoredObject.objects.filter(pk__in=released).update(released_at=clock.now())
