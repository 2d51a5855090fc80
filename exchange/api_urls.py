"""Addresses of the API."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from django.views.generic import RedirectView

from core.problems import problem
from exchange.api.api import api


def no_such_address(_request: HttpRequest) -> HttpResponse:
    """404, without rendering a page for people first."""
    return problem(HTTPStatus.NOT_FOUND, _("There is nothing at this address. /api/v1/docs lists what there is."))


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-v1:openapi-view"), name="api"),
    path("", api.urls),
    re_path("", no_such_address, name="api-unknown"),
]
