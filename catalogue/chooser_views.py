"""Browsing in the page chooser: Wagtail shows the title of whatever page the address names."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.chooser import BrowseView
from wagtail.models import Page

from catalogue.visibility import choosable

_browse = BrowseView.as_view()


def browse_below(request: HttpRequest, parent_page_id: int) -> HttpResponse:
    """Browse below a page that this person may choose or pass through; 404 below others' drafts."""
    if not choosable(Page.objects.all(), request).filter(pk=parent_page_id).exists():
        raise Http404
    answer: Any = _browse(request, parent_page_id=parent_page_id)
    return answer
