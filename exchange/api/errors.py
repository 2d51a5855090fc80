"""Turns what a view raises into problem documents."""

from http import HTTPStatus
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from core.errors import InvalidInputError, UserFacingError
from core.problems import problem, problem_of

logger = structlog.stdlib.get_logger(__name__)

MOST_NAMED = 10


class BadParametersError(InvalidInputError):
    """Parameters that cannot be used; `errors` has one entry for each, with `parameter` and `detail`."""

    code = "bad-parameters"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(" ".join(error["detail"] for error in errors))
        self.errors = errors


def install(api: NinjaAPI) -> None:
    """Register the handlers of all errors."""

    @api.exception_handler(BadParametersError)
    def bad_parameters(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem(HTTPStatus.BAD_REQUEST, str(error), code=error.code, errors=error.errors)

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, error: Any) -> HttpResponse:
        return bad_parameters(request, BadParametersError([_explained(each) for each in error.errors]))

    @api.exception_handler(UserFacingError)
    def user_facing(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem_of(error)

    @api.exception_handler(Http404)
    def not_found(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problem(HTTPStatus.NOT_FOUND, _("There is nothing at this address. /api/v1/docs lists what there is."))

    @api.exception_handler(AuthenticationError)
    def no_token(_request: HttpRequest, _error: Any) -> HttpResponse:
        sentence = _("This needs an API token that is valid: “Authorization: Bearer …”. Your institution's licensing manager can make one.")
        answer = problem(HTTPStatus.UNAUTHORIZED, sentence, code="token")
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(HttpError)
    def http_error(_request: HttpRequest, error: Any) -> HttpResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # ninja's own, of a body that it cannot read
            return problem(error.status_code, _("What was sent is not JSON."), code="not-json")
        return problem(error.status_code, str(error))


def refuse_unknown_parameters(request: HttpRequest, known: type[Schema]) -> None:
    """Refuse a parameter that does not exist: a mistyped filter must not pass for "everything"."""
    unknown = [name for name in request.GET if name not in known.model_fields]
    if unknown:
        sentence = _("There is no parameter “%(parameter)s”.")
        shown = [name[:100] for name in unknown[:MOST_NAMED]]
        raise BadParametersError([{"parameter": name, "detail": sentence % {"parameter": name}} for name in shown])


def _explained(error: dict[str, Any]) -> dict[str, Any]:
    """Say in the reader's words what pydantic found."""
    parameter = str(error["loc"][-1] if isinstance(error["loc"][-1], str) else error["loc"][-2])
    limits = error.get("ctx", {})
    sentences = {
        "missing": _("“%(parameter)s” is missing."),
        "extra_forbidden": _("There is no parameter “%(parameter)s”."),
        "int_type": _("“%(parameter)s” must be a whole number."),
        "int_parsing": _("“%(parameter)s” must be a whole number."),
        "greater_than_equal": _("“%(parameter)s” must be at least %(ge)s."),
        "less_than_equal": _("“%(parameter)s” can be at most %(le)s."),
        "enum": _("“%(parameter)s” must be one of these: %(expected)s."),
        "uuid_parsing": _("“%(parameter)s” must be a UUID."),
    }
    sentence = sentences.get(error["type"], _("“%(parameter)s” cannot be used as it is."))
    return {"parameter": parameter, "detail": sentence % {"parameter": parameter, "ge": "", "le": "", "expected": "", **limits}}
