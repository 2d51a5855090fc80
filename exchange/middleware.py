"""What holds for every answer below /api/, whoever gave it."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from core.problems import CONTENT_TYPE, problem

PREFIX = "/api/"
SAID_BY_US = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_URI_TOO_LONG)
"""core.middleware.RequestLimits answers these in plain text."""


class ApiAnswers:
    """Errors are problem documents, even those of Django and of other middleware; answers are checked against an ETag, never kept blindly.

    Stands outside all that may refuse a request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.conditional = ConditionalGetMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            return _as_problem(request, response)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "no-cache"
        return self.conditional.process_response(request, response)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        """HEAD is answered as GET, which is all that the API knows; the server leaves the body out."""
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = method


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    status = response.status_code
    members = {}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and (request_id := structlog.contextvars.get_contextvars().get("request_id")):
        members["request_id"] = str(request_id)
    answer = problem(status, _sentence(request, response), **members)
    for header in ("Allow", "Retry-After", "WWW-Authenticate"):
        if response.has_header(header):
            answer[header] = response[header]
    return answer


def _sentence(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return the sentence of a plain-text answer of ours, else what the status means here."""
    is_plain = response.headers.get("Content-Type", "").startswith("text/plain")
    if is_plain and response.status_code in SAID_BY_US and isinstance(response, HttpResponse):
        return response.content.decode("utf-8").strip()
    if response.status_code == HTTPStatus.NOT_FOUND:
        return _("There is nothing at this address. /api/v1/docs lists what there is.")
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _("%(method)s is not possible here. Possible: %(allowed)s.") % {
            "method": request.method,
            "allowed": response.headers.get("Allow", "GET"),
        }
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _("Something went wrong on our side. It has been recorded; please try again later.")
    return _("This request cannot be answered as it is.")
