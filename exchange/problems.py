"""Problem documents: how the API says that something went wrong (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, UnavailableError, UserFacingError

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 10

STATUSES: dict[type[UserFacingError], HTTPStatus] = {
    InvalidInputError: HTTPStatus.BAD_REQUEST,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(status: int, detail: str, *, code: str = "", **members: Any) -> JsonResponse:
    """Return a problem document. `type` is about:blank, so `title` is the name of the status; `code` is stable and ours."""
    document: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    if code:
        document["code"] = code
    response = JsonResponse({**document, **members}, status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def problem_of(error: UserFacingError) -> JsonResponse:
    """Return the problem document of an error that a user can meet."""
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    return problem(status, str(error), code=error.code)
