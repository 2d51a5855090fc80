"""Limits on what a request line may carry, before any room reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _

MAX_QUERY_STRING_BYTES = 16 * 1024


class RequestLimits:
    """Refuse NUL bytes and over-long query strings with a sentence; PostgreSQL and file systems choke on the former."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY_STRING_BYTES:
            return HttpResponse(
                _("This address is too long. Please shorten your question."), status=414, content_type="text/plain; charset=utf-8"
            )
        if "%00" in query or "\x00" in query or "\x00" in request.path:
            return HttpResponseBadRequest(
                _("This address holds a character that cannot be used (NUL)."), content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)
