"""Who asks when a program asks: the bearer of an API token."""

import structlog
from django.http import HttpRequest
from ninja.security import HttpBearer

from members.tokens import Bearer, bearer_of


class TokenAuth(HttpBearer):
    """`Authorization: Bearer fct_…`. Signed-in sessions do not count here, so that no other site can act through a browser."""

    def authenticate(self, _request: HttpRequest, token: str) -> Bearer | None:
        bearer = bearer_of(token)
        if bearer:
            structlog.contextvars.bind_contextvars(api_token=str(bearer.token.id))
        return bearer


def bearer(request: HttpRequest) -> Bearer:
    """Return who asks; for operations behind TokenAuth."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Bearer):
        raise TypeError("This operation is not behind TokenAuth.")
    return found
