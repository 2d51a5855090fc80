"""How templates read the catalogue's lists."""

from typing import Any

from django import template
from django.utils.translation import get_language
from wagtail.templatetags.wagtailcore_tags import richtext

from catalogue import listing, selectors
from catalogue.fields import as_lines
from catalogue.models import InstitutionPage, ResourcePage
from catalogue.translations import newer_source
from catalogue.vocabulary import Subject
from members.models import Institution

register = template.Library()

register.filter("as_lines", as_lines)
register.filter("newer_source", newer_source)
register.simple_tag(listing.newest, name="newest_works")
register.simple_tag(listing.types, name="browse_types")
register.simple_tag(listing.top_subjects, name="browse_subjects")
register.simple_tag(listing.countries, name="countries")
register.simple_tag(listing.number_of_works)
register.simple_tag(listing.number_of_languages)


@register.simple_tag(takes_context=True)
def list_works(context: template.Context, institution: Institution | None = None) -> listing.Listing:
    """Return the page of works that the address asks for."""
    return listing.works(context["request"].GET.get("page"), institution=institution)


@register.simple_tag(takes_context=True)
def news(context: template.Context) -> listing.News | None:
    """Return what is new since the last visit of whoever is asking."""
    return listing.news_for(context["request"].user)


@register.simple_tag
def editions_beside(edition: ResourcePage) -> list[ResourcePage]:
    """Return the published editions of the same work, this one among them."""
    return list(selectors.work_editions(edition.work_id))


@register.simple_tag
def adapted_edition(edition: ResourcePage) -> ResourcePage | None:
    """Return the published edition, in the reader's language if there is one, of the work this one was adapted from."""
    if edition.adapted_from_id is None:
        return None
    found = list(selectors.work_editions(selectors.current_work_id(edition.adapted_from_id)))
    return listing.suits_best(found) if found else None


@register.filter
def name_for_reader(institution: Institution) -> str:
    """Return an institution's name in the interface language."""
    return institution.name_in(get_language() or "en")


@register.filter
def description_for_reader(page: InstitutionPage) -> Any:
    """Return the rich text about an institution in the interface language, else its own."""
    language = get_language() or "en"
    return richtext(page.descriptions.get(language) or page.descriptions.get(language.partition("-")[0]) or page.description)


@register.filter
def subject_path(subject: Subject) -> str:
    """Return “Physics › Light and optics”."""
    return " › ".join(term.label() for term in [*reversed(subject.ancestors()), subject])
