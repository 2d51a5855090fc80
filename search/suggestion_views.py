"""Suggestions as a part of a page: what the list below a search box holds (static/js/suggest.js)."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from search.services import SearchUnavailableError
from search.suggestions import Kind, Suggestion, suggest

LABELS: dict[Kind, Promise] = {
    Kind.TITLE: _("Resources"),
    Kind.SUBJECT: _("Subjects"),
    Kind.INSTITUTION: _("Institutions"),
    Kind.TAG: _("Keywords"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one kind under its name."""

    label: Promise
    suggestions: tuple[Suggestion, ...]


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Show what `q` may become, grouped by kind; nothing where there is nothing, 503 when search is away."""
    try:
        found = suggest(request.GET.get("q", ""), get_language() or "en")
    except SearchUnavailableError as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    groups = [Group(LABELS[kind], tuple(group)) for kind, group in groupby(found, key=lambda suggestion: suggestion.kind)]
    return render(request, "search/_suggestions.html", {"groups": groups, "count": len(found)})
