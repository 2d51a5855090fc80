"""The upload's side of the conversation with a browser: JSON in, JSON or problem documents (RFC 9457) out.

Signed in by session, with Django's CSRF token; the bytes themselves go to the store. docs/adr/0003-immutable-objects.md has the order.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.errors import InvalidInputError, NotFoundError, UserFacingError
from core.problems import problem, problem_of
from media import selectors, services
from media.models import StoredObject, Upload
from media.policies import may_see_state
from members.viewer import Viewer

View = Callable[..., JsonResponse]


def endpoint(**methods: View) -> View:
    """Return a view that calls one function per HTTP method with the viewer, and says errors as problem documents."""

    @never_cache
    def view(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        handler = methods.get(str(request.method).lower())
        if handler is None:
            answer = problem(405, _("This address does not take %(method)s.") % {"method": request.method})
            answer["Allow"] = ", ".join(name.upper() for name in methods)
            return answer
        viewer = Viewer.of(request.user)
        if viewer.is_anonymous:
            return problem(401, _("You are not signed in any more. Please sign in in another tab, then try again."), code="signed-out")
        with translation.override(_language_of(request)):
            try:
                return handler(request, viewer, **kwargs)
            except UserFacingError as error:
                return problem_of(error)

    return view


def _language_of(request: HttpRequest) -> str:
    """Return the language that Wagtail's editor speaks to this person: the one they chose, else the one their browser asks for."""
    profile = getattr(request.user, "wagtail_userprofile", None)  # as Wagtail reads it: nobody need have one
    language: str = profile.get_preferred_language() if profile else get_language() or settings.LANGUAGE_CODE
    return language


def _body(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object that was sent; raise InvalidInputError for anything else."""
    try:
        sent = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(_("What was sent is not JSON."), code="not-json") from error
    if not isinstance(sent, dict):
        raise InvalidInputError(_("What was sent is not a JSON object."), code="not-json")
    return sent


def _field(sent: Mapping[str, Any], name: str, kind: type, *, default: Any = None) -> Any:
    value = sent.get(name, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidInputError(_("“%(name)s” is missing or of the wrong kind.") % {"name": name}, code="field")
    if isinstance(value, str):  # no database keeps half a character, and PostgreSQL no NUL
        return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    return value


def _institution(sent: Mapping[str, Any], viewer: Viewer) -> UUID:
    """Return the institution that is meant, by default the viewer's own."""
    try:
        return UUID(_field(sent, "institution", str, default=str(viewer.institution_id or "")))
    except ValueError as error:
        raise InvalidInputError(_("“%(name)s” is missing or of the wrong kind.") % {"name": "institution"}, code="field") from error


def start(request: HttpRequest, viewer: Viewer) -> JsonResponse:
    sent = _body(request)
    started = services.start_upload(
        viewer,
        institution_id=_institution(sent, viewer),
        filename=_field(sent, "filename", str),
        size=_field(sent, "size", int),
        content_type=_field(sent, "content_type", str, default=""),
        sha256=_field(sent, "sha256", str, default=""),
        fingerprint=_field(sent, "fingerprint", str, default=""),
    )
    return JsonResponse(
        {
            "upload_id": started.upload_id,
            "object_id": started.object_id,
            "part_size": started.part_size,
            "part_count": started.part_count,
            "expires_at": started.expires_at,
        },
        status=201,
    )


def unfinished(request: HttpRequest, viewer: Viewer) -> JsonResponse:
    """Answer which of their own uploads the viewer can go on with; of each `parts/` says what has arrived."""
    uploads = services.open_uploads(viewer, _institution(request.GET, viewer))
    return JsonResponse({"uploads": [_going(upload) for upload in uploads]})


def _going(upload: Upload) -> dict[str, Any]:
    stored = upload.stored_object
    return {
        "upload_id": upload.id,
        "object_id": stored.id,
        "filename": stored.filename,
        "size": stored.declared_size,
        "size_label": filesizeformat(stored.declared_size),
        "fingerprint": upload.fingerprint,
        "part_size": upload.part_size,
        "part_count": -(-stored.declared_size // upload.part_size),
        "expires_at": upload.expires_at,
    }


def parts(_request: HttpRequest, viewer: Viewer, upload_id: UUID) -> JsonResponse:
    listed = services.list_parts(viewer, upload_id)
    return JsonResponse({"parts": [{"PartNumber": part.number, "ETag": part.etag, "Size": part.size} for part in listed]})


def sign(request: HttpRequest, viewer: Viewer, upload_id: UUID, number: int) -> JsonResponse:
    signed = services.sign_part(viewer, upload_id, number, md5=_field(_body(request), "md5", str, default=""))
    return JsonResponse({"url": signed.url, "size": signed.size, "expires_at": signed.expires_at})


def complete(request: HttpRequest, viewer: Viewer, upload_id: UUID) -> JsonResponse:
    sha256 = _field(_body(request), "sha256", str, default="")
    return JsonResponse(described(services.complete_upload(viewer, upload_id, sha256=sha256)), status=202)


def abort(_request: HttpRequest, viewer: Viewer, upload_id: UUID) -> JsonResponse:
    services.abort_upload(viewer, upload_id)
    return JsonResponse({}, status=200)


def state(_request: HttpRequest, viewer: Viewer, object_id: UUID) -> JsonResponse:
    """Answer what became of a file; for its institution's people and the curators, nobody else learns that it exists."""
    stored = StoredObject.objects.filter(pk=object_id).first()
    if stored is None or not may_see_state(viewer, stored.institution_id):
        raise NotFoundError(_("There is no such file, or it is not yours."))
    thumbnail_url = selectors.small_thumbnail_url(stored) if viewer.belongs_to(stored.institution_id) else ""
    return JsonResponse({**described(stored), "thumbnail_url": thumbnail_url})


def described(stored: StoredObject) -> dict[str, Any]:
    """Return what the uploader shows of a file."""
    return {
        "object_id": stored.id,
        "filename": stored.filename,
        "size": selectors.known_size(stored),
        "size_label": filesizeformat(selectors.known_size(stored)),
        "state": stored.state,
        "state_label": stored.get_state_display(),
        "message": str(selectors.state_sentence(stored)),
        "preparation": str(selectors.preparation_sentence(stored)),
        "is_being_prepared": selectors.is_being_prepared(stored),
        "type_label": selectors.known_type_label(stored),
    }
