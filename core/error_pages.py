"""Errors that a person meets become pages in their words; the API makes problem documents of the same errors (exchange)."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.errors import UserFacingError
from core.statuses import status_of

RETRY_SECONDS = 30

logger = structlog.get_logger(__name__)


class ErrorPages:
    """Answer core.errors that no view has handled with the page of their status, and a lost database with a page that needs none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page, or None for errors that are nobody's but ours."""
        if isinstance(exception, UserFacingError):
            return error_page(request, status_of(exception), str(exception))
        if isinstance(exception, OperationalError):
            logger.error("database_unavailable", exc_info=exception)
            return without_services(
                _("The library’s database does not answer just now. Nothing is lost: please try again in a few minutes.")
            )
        return None


def error_page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Return a page with one sentence and the ways on; where even the account cannot be read, one that needs no database."""
    try:
        content = render_to_string("error.html", {"sentence": sentence, "status": int(status)}, request)
    except OperationalError:
        return without_services(sentence)
    response = HttpResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def without_services(sentence: str) -> HttpResponse:
    """Return a 503 page that reads neither session nor database."""
    response = HttpResponse(render_to_string("503.html", {"sentence": sentence}), status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
