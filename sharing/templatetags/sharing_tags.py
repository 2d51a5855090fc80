"""How templates of the catalogue, a lower room, ask sharing."""

from typing import Any

from django import template

from catalogue.models import ResourcePage
from members.viewer import Viewer
from sharing import offer

register = template.Library()


@register.simple_tag(takes_context=True)
def offer_of(context: template.Context, edition: ResourcePage) -> offer.Offer:
    """Return the sharing.offer.Offer of an edition for whoever is asking."""
    request: Any = context["request"]
    return offer.offer_of(edition, Viewer.of(request.user), is_draft=getattr(request, "is_preview", False))


@register.simple_tag
def card_preview_url(edition: ResourcePage) -> str:
    """Return the address of a card's picture, or ""."""
    return offer.card_preview_url(edition)
