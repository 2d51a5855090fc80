"""Keywords for the text that somebody is writing in the editor."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from catalogue.selectors import keywords_known_to
from core.languages import tag_of
from members.viewer import Viewer
from search.services import SearchUnavailableError
from search.telling_words import keywords_for


@require_POST
def keyword_suggestions(request: HttpRequest) -> JsonResponse:
    """Answer `title`, `abstract`, `body` (plain text) and `language` with `keywords`; 503 and a sentence when search is away."""
    text = {name: request.POST.get(name, "") for name in ("title", "abstract", "body")}
    known = keywords_known_to(Viewer.of(request.user).institution_id).values_list("name", flat=True)
    try:
        found = keywords_for(**text, language=tag_of(request.POST.get("language", "")), known=known)
    except SearchUnavailableError as error:
        return JsonResponse({"detail": str(error)}, status=503)
    return JsonResponse({"keywords": found})
