"""Health and readiness."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from exchange.health import FOR_READING, OK, readiness


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process lives. Touches nothing, so that a dead database never gets a living process killed."""
    return HttpResponse(OK, content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Each part "ok" or the reason; 200 if all that must answer do, else 503."""
    parts = readiness()
    ready = all(answer == OK for name, answer in parts.items() if name not in FOR_READING)
    return JsonResponse(parts, status=200 if ready else 503)


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
