"""What every template knows of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, whether it is a demo, and its languages."""
    return {"SITE_NAME": settings.SITE_NAME, "DEMO": settings.DEMO, "SITE_URL": settings.SITE_URL}
