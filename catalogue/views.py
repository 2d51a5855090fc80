"""The permanent address of a work."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from catalogue import listing, selectors


@require_safe
def resource(request: HttpRequest, work_id: UUID) -> HttpResponse:
    """Lead to the page of the edition that suits the reader; 404 where nothing is published, or nothing any more."""
    editions = list(selectors.work_editions(selectors.current_work_id(work_id)))
    if not editions:
        raise Http404
    return HttpResponseRedirect(listing.suits_best(editions).get_url(request))
