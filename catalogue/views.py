"""The permanent address of a work."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from catalogue import listing, selectors
from catalogue.models import WITHDRAWN
from core.errors import GoneError


@require_safe
def resource(request: HttpRequest, work_id: UUID) -> HttpResponse:
    """Lead to the page of the edition that suits the reader; 410 where all was withdrawn, 404 where nothing was ever published."""
    current = selectors.current_work_id(work_id)
    editions = list(selectors.work_editions(current))
    if not editions and selectors.was_withdrawn(current):
        raise GoneError(WITHDRAWN)
    if not editions:
        raise Http404
    return HttpResponseRedirect(listing.suits_best(editions).get_url(request))
