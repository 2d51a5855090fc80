"""Help while typing, for search boxes elsewhere."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Router

from exchange.api import schemas
from exchange.api.errors import BadParametersError, refuse_unknown_parameters
from search.suggestions import Suggestion, suggest

router = Router(tags=["suggestions"])
ERRORS = dict.fromkeys((400, 503), schemas.Problem)


@router.get("", response={200: schemas.SuggestionList, **ERRORS}, summary="Help while typing")
def list_suggestions(request: HttpRequest, query: Query[schemas.SuggestionQuery]) -> schemas.SuggestionList:
    """Return titles, subjects, institutions and keywords that begin with what was typed, or nearly so."""
    refuse_unknown_parameters(request, schemas.SuggestionQuery)
    known = [code for code, _name in settings.LANGUAGES]
    language = query.language.lower() or get_language() or "en"
    if language not in known:
        sentence = _("“%(parameter)s” must be one of these: %(expected)s.") % {"parameter": "language", "expected": ", ".join(known)}
        raise BadParametersError([{"parameter": "language", "detail": sentence, "known": known}])
    with translation.override(language):  # addresses are in that language, too
        return schemas.SuggestionList(suggestions=[_listed(suggestion) for suggestion in suggest(query.q, language)])


def _listed(suggestion: Suggestion) -> schemas.Suggestion:
    return schemas.Suggestion(
        kind=suggestion.kind,
        text=suggestion.text,
        html=suggestion.marked,
        language=suggestion.language,
        value=suggestion.value,
        count=suggestion.count,
        url=urljoin(settings.SITE_URL, suggestion.url),
    )
