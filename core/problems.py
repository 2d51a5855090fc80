"""Problem documents: how the site says to a machine that something went wrong (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from core.errors import UserFacingError
from core.statuses import status_of

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 10


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
    return problem(status_of(error), str(error), code=error.code)
