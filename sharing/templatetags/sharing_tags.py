"""How templates of the catalogue, a lower room, ask sharing."""

from collections.abc import Sequence
from typing import Any

from django import template

from catalogue.listing import Card
from catalogue.models import ResourcePage
from members.viewer import Viewer
from sharing import offer

register = template.Library()


@register.simple_tag(takes_context=True)
def offer_of(context: template.Context, edition: ResourcePage, is_draft: bool = False) -> offer.Offer:
    """Return the sharing.offer.Offer of an edition for whoever is asking; a preview, or `is_draft`, shows a revision."""
    request: Any = context["request"]
    return offer.offer_of(edition, Viewer.of(request.user), is_draft=is_draft or getattr(request, "is_preview", False))


@register.filter
def with_pictures(cards: Sequence[Card]) -> list[tuple[Card, offer.CardPicture]]:
    """Return each card of a list with its picture."""
    pictures = offer.card_pictures([card.edition for card in cards])
    return [(card, pictures.get(card.edition.edition_id, offer.CardPicture())) for card in cards]
