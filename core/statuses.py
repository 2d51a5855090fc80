"""The status code of each error that a user can meet: for pages and problem documents alike."""

from http import HTTPStatus

from core.errors import ConflictError, GoneError, InvalidInputError, NotAllowedError, NotFoundError, UnavailableError, UserFacingError

STATUSES: dict[type[UserFacingError], HTTPStatus] = {
    InvalidInputError: HTTPStatus.BAD_REQUEST,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    GoneError: HTTPStatus.GONE,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: UserFacingError) -> HTTPStatus:
    """Return the status of an error, by its nearest kind; 400 for one of no kind."""
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
