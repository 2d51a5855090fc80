"""Which pages Wagtail's chooser and explorer show to whom."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from catalogue.models import InstitutionPage
from members.viewer import Viewer


def choosable(pages: "QuerySet[Any]", request: HttpRequest) -> "QuerySet[Any]":
    """Offer published pages and those of the own institution; a draft's title is nobody else's business."""
    return pages if request.user.is_superuser else pages.filter(public_pages() | _own_rooms(request))


def explorable(_parent: Page, pages: "QuerySet[Any]", request: HttpRequest) -> "QuerySet[Any]":
    """Show the own institution's pages; everything else of the tree is kept by services."""
    return pages if request.user.is_superuser else pages.filter(_own_rooms(request))


def public_pages() -> Q:
    """Return the condition for pages that are published, and lie below no institution that is hidden."""
    public = Q(live=True)
    for hidden in InstitutionPage.objects.exclude(live=True, institution__is_active=True).values_list("path", flat=True):
        public &= ~Q(path__startswith=hidden)
    return public


def _own_rooms(request: HttpRequest) -> Q:
    institution_id = Viewer.of(request.user).institution_id
    own = InstitutionPage.objects.filter(institution_id=institution_id).values_list("path", flat=True).first() if institution_id else None
    return Q(path__startswith=own) if own else Q(pk__in=[])
