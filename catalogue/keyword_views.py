"""Suggestions while a keyword is typed."""

from django.http import HttpRequest, JsonResponse

from catalogue.selectors import keywords_known_to
from members.viewer import Viewer

LIMIT = 10


def autocomplete(request: HttpRequest, **_: str) -> JsonResponse:
    """Answer Wagtail's tag widget: a list of names that begin with `term`, of keywords that this person may know of."""
    term = request.GET.get("term", "").strip()
    known = keywords_known_to(Viewer.of(request.user).institution_id)
    names = known.filter(name__istartswith=term).order_by("name").values_list("name", flat=True)[:LIMIT] if term else []
    return JsonResponse(list(names), safe=False)
