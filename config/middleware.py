"""Wiring of the content security policy (the public site runs no inline script or style; Wagtail's admin needs both), and of languages."""

from collections.abc import Callable

from csp.constants import UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

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


WITHOUT_LANGUAGE = ("/api/", "/uploads/", "/files/", "/admin/", "/i18n/", "/static/", "/site-images/", "/healthz", "/readyz")


class LanguageOfPages(LocaleMiddleware):
    """Chooses the language; sends only addresses of pages on to one with a language in front.

    Wagtail's pages might lie at any address below a language, so Django would answer "not found" of the API with such a redirect.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(WITHOUT_LANGUAGE):
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response
        return super().process_response(request, response)
