"""What stands beside a resource: others like it, and more of its institution; as a page, and as a part of the resource's own.

The resource's page fetches it once a reader gets that far, so that it opens without search, and as quickly when search is away.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalogue.selectors import published_editions
from search.services import SearchUnavailableError
from search.similar import more_from, similar
from search.views import RETRY_AFTER_SECONDS


@require_safe
def beside(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """Show both lists; when search is away, a sentence and 503 as a page, nothing as a part."""
    edition = published_editions().filter(edition_id=edition_id).first()
    if edition is None:
        raise Http404
    language, status = get_language() or "en", 200
    context: dict[str, Any] = {"edition": edition}
    try:
        alike = similar(edition.work_id, language)
        shown = {edition.work_id, *(hit.id for hit in alike)}
        context |= {"similar": alike, "more": more_from(edition.institution.slug, language, without=shown)}
    except SearchUnavailableError as error:
        context["unavailable"] = str(error)
        status = 503
    is_part = request.headers.get("HX-Request") == "true"
    response = render(request, "search/_similar.html" if is_part else "search/similar.html", context, status=200 if is_part else status)
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    patch_vary_headers(response, ["HX-Request"])
    return response
