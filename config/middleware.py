"""Wiring of the content security policy: the public site runs no inline script or style; Wagtail's admin needs both."""

from collections.abc import Callable

from csp.constants import UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

ADMIN_ADDITIONS = {
    "script-src": [UNSAFE_INLINE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["blob:"],
    "worker-src": ["blob:"],
}


class AdminContentSecurityPolicy:
    """Loosen the policy below /admin/ only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            vars(response)["_csp_update"] = ADMIN_ADDITIONS  # what django-csp's own decorators set
        return response
