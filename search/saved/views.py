"""Pages of saved searches: the list, keeping one, changing it, and stopping its mails without signing in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import InvalidInputError, NotFoundError
from members.signed_in import user_of
from search import address
from search.client import SearchUnavailableError
from search.models import SavedSearch
from search.saved import services
from search.saved.forms import SavedSearchForm


@login_required
@require_safe
def saved_searches(request: HttpRequest) -> HttpResponse:
    """List what the person keeps, with numbers where search answers."""
    kept = list(user_of(request).saved_searches.prefetch_related("alerts"))
    unavailable, numbers = "", {}
    try:
        numbers = services.numbers_of(kept)
    except SearchUnavailableError as error:
        unavailable = str(error)
    rows = [{"saved": saved, "numbers": numbers.get(saved.pk), **_shown(saved)} for saved in kept]
    return render(request, "search/saved/list.html", {"rows": rows, "unavailable": unavailable, "most": services.MOST_PER_PERSON})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Keep the search whose parameters are in the address."""
    asked = address.read(request.GET, get_language() or "en")
    kept = services.same_search(user_of(request), asked.request)
    if kept is not None and request.method != "POST":
        return redirect("saved_search", kept.pk)
    form = SavedSearchForm(request.POST if request.method == "POST" else None, initial={"name": services.name_for(asked.request)})
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_search(user_of(request), asked.request, **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("saved_searches")
    context = {
        "form": form,
        "notices": asked.notices,
        "in_words": services.in_words(asked.request),
        "back_url": address.write(asked.request),
    }
    return render(request, "search/saved/add.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Rename a saved search, or let it write more or less often."""
    saved = _own(request, search_id)
    form = SavedSearchForm(request.POST if request.method == "POST" else None, initial={"name": saved.name, "frequency": saved.frequency})
    if request.method == "POST" and form.is_valid():
        saved = services.change_search(user_of(request), search_id, **form.cleaned_data)
        messages.success(request, _("“%(name)s” is changed.") % {"name": saved.name})
        return redirect("saved_searches")
    return render(request, "search/saved/change.html", {"form": form, "saved": saved, **_shown(saved)}, status=400 if form.errors else 200)


@login_required
@require_POST
def delete(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Forget a saved search."""
    name = _own(request, search_id).name
    services.delete_search(user_of(request), search_id)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": name})
    return redirect("saved_searches")


@never_cache
@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails of one search. Opening the address changes nothing, since mail scanners open every link; its one button does."""
    try:
        saved = services.search_to_stop(token)
    except NotFoundError as error:
        return render(request, "search/saved/stop.html", {"not_whole": str(error)}, status=404)
    if saved is not None and request.method == "POST":
        services.stop(saved)
    return render(request, "search/saved/stop.html", {"saved": saved})


def _shown(saved: SavedSearch) -> dict[str, object]:
    """Return a saved search in words, in the language of the page, and its addresses."""
    asked = services.request_of(saved, language=get_language() or "en")
    return {"in_words": services.in_words(asked), "url": address.write(asked), "query": address.query(asked)}


def _own(request: HttpRequest, search_id: UUID) -> SavedSearch:
    try:
        return services.own_search(user_of(request), search_id)
    except NotFoundError as error:
        raise Http404(str(error)) from error
