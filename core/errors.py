"""Errors that a person can meet. Each carries one sentence in the reader's language; views and the API choose the status code."""

from django.utils.functional import Promise


class UserFacingError(Exception):
    """Something a user can do something about. `code` is stable, `message` is shown."""

    code = "error"

    def __init__(self, message: str | Promise, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(UserFacingError):
    """The rule says no; the message says who could."""

    code = "not-allowed"


class NotFoundError(UserFacingError):
    """There is no such thing, or none that this viewer may know of."""

    code = "not-found"


class InvalidInputError(UserFacingError):
    """What was sent cannot be used; the message says which part and why."""

    code = "invalid-input"


class GoneError(UserFacingError):
    """It was here, everybody could see it, and it was taken away on purpose."""

    code = "gone"


class ConflictError(UserFacingError):
    """The thing is not in a state in which this can be done."""

    code = "conflict"


class UnavailableError(UserFacingError):
    """A service that is needed does not answer now; nothing was lost."""

    code = "unavailable"
