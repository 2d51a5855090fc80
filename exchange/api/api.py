"""The API object: what exchange/api_urls.py mounts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from exchange.api import errors
from exchange.api.drafts import router as drafts
from exchange.api.resources import router
from exchange.api.suggestions import router as suggestions
from exchange.api.uploads import router as uploads


class DocumentationPage(DocsBase):
    """Swagger's page without inline script, so that it works under the site's content security policy."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: object) -> HttpResponse:
        return render(request, "exchange/api_docs.html", {"openapi_url": self.get_openapi_url(api, kwargs), "api": api})


api = NinjaAPI(
    title="Festival Commons",
    version="1",
    description=(
        "Popular-science resources of the members of the network. Reading needs no account; what a signed-in member may have, "
        "the same session gives here. Programs of an institution upload files and write drafts with an API token. "
        "Records are CC0; each resource names its own licence. Errors are problem documents (RFC 9457)."
    ),
    urls_namespace="api-v1",
    docs=DocumentationPage(),
)
api.add_router("/resources", router)
api.add_router("/suggestions", suggestions)
api.add_router("/uploads", uploads)
api.add_router("/drafts", drafts)
errors.install(api)
