"""Drafts written by programs: a row of an import, with files that were uploaded before."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from catalogue import services as catalogue_services
from catalogue.records import EditionData, EditionInvalidError, EditionOutcome
from core import audit
from core.errors import InvalidInputError
from exchange.api import upload_schemas as schemas
from exchange.api.auth import TokenAuth, bearer
from exchange.api.errors import BadParametersError
from exchange.api.schemas import Problem
from exchange.importing import keep_to_what_the_actor_may
from exchange.record_fields import name_in_file
from exchange.records import Record, read_record
from exchange.rows import SourceRow
from media.models import ObjectState, StoredObject
from members.tokens import Bearer

router = Router(tags=["drafts"], auth=TokenAuth())
ERRORS = dict.fromkeys((400, 401, 409, 503), Problem)
USABLE = (ObjectState.UPLOADING, ObjectState.UPLOADED, ObjectState.VERIFIED)


@router.post("", response={200: schemas.DraftWritten, **ERRORS}, summary="Write a draft")
def write_draft(request: HttpRequest, sent: schemas.Draft) -> schemas.DraftWritten:
    """Make the institution's resource with this identifier, or change it. What is published stays until a curator approves the draft."""
    who = bearer(request)
    record = read_record(SourceRow(1, schemas.row_of(sent)))
    if record.data is None:
        raise BadParametersError([{"parameter": problem.field, "detail": str(problem.reason)} for problem in record.problems])
    keep_to_what_the_actor_may(who.token.institution, record, who.token.created_by)
    objects = None if sent.files is None else _own_objects(who, sent.files)
    try:
        outcome = _write(who, record.data, objects)
    except EditionInvalidError as error:
        named = [{"parameter": name_in_file(problem.field), "detail": problem.reason} for problem in error.problems]
        raise BadParametersError(named) from error
    record.note(outcome)
    return _written(record, outcome.edition_id, outcome.status, outcome.page_id)


@transaction.atomic
def _write(who: Bearer, data: EditionData, objects: list[StoredObject] | None) -> EditionOutcome:
    outcome = catalogue_services.create_or_update_edition(who.token.institution, data, objects=objects, actor=who.token.created_by)
    audit.record(
        "exchange.draft.write", actor_id=who.viewer.user_id, object_type="edition", object_id=outcome.edition_id, token=str(who.token.id)
    )
    return outcome


def _own_objects(who: Bearer, object_ids: list[UUID]) -> list[StoredObject]:
    """Return the institution's objects in the order of their ids; raise InvalidInputError for any other."""
    wanted = list(dict.fromkeys(object_ids))
    found = StoredObject.objects.filter(institution_id=who.token.institution_id, state__in=USABLE).in_bulk(wanted)
    if len(found) < len(wanted):
        missing = next(object_id for object_id in wanted if object_id not in found)
        raise InvalidInputError(_("There is no file %(id)s of yours that could be used.") % {"id": missing}, code="files")
    return [found[object_id] for object_id in wanted]


def _written(record: Record, edition_id: str, status: str, page_id: int) -> schemas.DraftWritten:
    return schemas.DraftWritten(
        edition_id=UUID(edition_id),
        status=status,
        edit_url=settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[page_id]),
        problems=[schemas.DraftProblem(field=each.field, reason=str(each.reason), effect=each.effect) for each in record.problems],
    )
