"""Uploads by programs: the conversation of docs/adr/0003-immutable-objects.md, with a token instead of a session."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from core import audit
from core.errors import NotFoundError
from exchange.api import upload_schemas as schemas
from exchange.api.auth import TokenAuth, bearer
from exchange.api.schemas import Problem
from media import selectors
from media import services as media_services
from media.models import StoredObject

router = Router(tags=["uploads"], auth=TokenAuth())
ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 503), Problem)


@router.post("", response={201: schemas.UploadStarted, **ERRORS}, summary="Begin an upload")
def start_upload(request: HttpRequest, sent: schemas.UploadRequest) -> Status[schemas.UploadStarted]:
    """Announce a file. Its bytes go to the store, part by part, never to this address."""
    who = bearer(request)
    started = media_services.start_upload(who.viewer, institution_id=who.token.institution_id, **sent.model_dump())
    audit.record(
        "exchange.upload.start",
        actor_id=who.viewer.user_id,
        object_type="stored_object",
        object_id=started.object_id,
        token=str(who.token.id),
    )
    return Status(HTTPStatus.CREATED, schemas.UploadStarted.model_validate(started, from_attributes=True))


@router.post("/{uuid:upload_id}/parts/{int:number}", response={200: schemas.SignedPart, **ERRORS}, summary="Where to send one part")
def sign_upload_part(request: HttpRequest, upload_id: UUID, number: int, sent: schemas.PartChecksum | None = None) -> schemas.SignedPart:
    """Answer an address of the store that takes this part, and nothing else, for a while."""
    return _signed(request, upload_id, [number], [sent.md5] if sent else [])[0]


@router.post("/{uuid:upload_id}/parts", response={200: schemas.SignedParts, **ERRORS}, summary="Where to send several parts")
def sign_upload_parts(request: HttpRequest, upload_id: UUID, sent: schemas.PartNumbers) -> schemas.SignedParts:
    """Answer the same for up to a hundred parts at once."""
    return schemas.SignedParts(parts=_signed(request, upload_id, sent.numbers, sent.md5s))


def _signed(request: HttpRequest, upload_id: UUID, numbers: list[int], md5s: list[str]) -> list[schemas.SignedPart]:
    signed = media_services.sign_parts(bearer(request).viewer, upload_id, numbers, md5s=md5s)
    return [
        schemas.SignedPart(number=number, url=part.url, size=part.size, expires_at=part.expires_at)
        for number, part in zip(numbers, signed, strict=True)
    ]


@router.get("/{uuid:upload_id}/parts", response={200: schemas.StoredParts, **ERRORS}, summary="Which parts have arrived")
def uploaded_parts(request: HttpRequest, upload_id: UUID) -> schemas.StoredParts:
    """Answer what lies in the store, so that a broken upload goes on where it stopped."""
    listed = media_services.list_parts(bearer(request).viewer, upload_id)
    return schemas.StoredParts(parts=[schemas.StoredPart(PartNumber=part.number, ETag=part.etag, Size=part.size) for part in listed])


@router.post("/{uuid:upload_id}/complete", response={202: schemas.ObjectStatus, **ERRORS}, summary="All parts are sent")
def complete_upload(request: HttpRequest, upload_id: UUID, sent: schemas.Completion | None = None) -> Status[schemas.ObjectStatus]:
    """Close the upload; the worker then puts the parts together and looks at them. Calling it again changes nothing."""
    etags = {part.PartNumber: part.ETag for part in sent.parts} if sent else {}
    stored = media_services.complete_upload(bearer(request).viewer, upload_id, sha256=sent.sha256 if sent else "", etags=etags)
    return Status(HTTPStatus.ACCEPTED, _status(stored))


@router.delete("/{uuid:upload_id}", response={204: None, **ERRORS}, summary="Give an upload up")
def abort_upload(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """Nothing of it stays in the store. Calling it again changes nothing."""
    media_services.abort_upload(bearer(request).viewer, upload_id)
    return Status(HTTPStatus.NO_CONTENT, None)


@router.get("/objects/{uuid:object_id}", response={200: schemas.ObjectStatus, **ERRORS}, summary="What became of a file")
def uploaded_object(request: HttpRequest, object_id: UUID) -> schemas.ObjectStatus:
    """Answer the state of any file of the institution."""
    stored = StoredObject.objects.filter(pk=object_id, institution_id=bearer(request).token.institution_id).first()
    if stored is None:
        raise NotFoundError(_("There is no such file, or it is not yours."))
    return _status(stored)


def _status(stored: StoredObject) -> schemas.ObjectStatus:
    checked = stored.size is not None
    return schemas.ObjectStatus(
        object_id=stored.id,
        filename=stored.filename,
        size=selectors.known_size(stored),
        state=stored.state,
        message=str(selectors.state_sentence(stored)),
        content_type=stored.content_type if checked else "",
        sha256=stored.sha256,
    )
