"""The person behind a request of a page that only people with an account can open."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from members.models import User


def user_of(request: HttpRequest) -> User:
    """Return who is signed in; raise PermissionDenied if nobody is."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
