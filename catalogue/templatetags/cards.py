"""A work in a list, written here and not in a template: a page of results has twenty, and templates are slow."""

import datetime as dt
from functools import lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from catalogue.focal_point import FocalPoint
from catalogue.listing import Card
from core.languages import country_name, direction, language_name, own_name
from core.templatetags.page_tags import icon

register = template.Library()

BADGES = {"public": gettext_lazy("Free to download"), "members": gettext_lazy("Members only"), "agreement": gettext_lazy("By agreement")}


@register.simple_tag
def card(
    work: Card,
    url: str,
    *,
    picture_url: str = "",
    focal_point: FocalPoint | None = None,
    in_row: bool = False,
    new_since: dt.date | None = None,
) -> SafeString:
    """Return the card of a work (or of a search.types.Hit, which has the same attributes), whose page is at `url`.

    Of the picture `focal_point` stays in view; what was published at `new_since` or later is marked.
    """
    text = "".join((_kind(work, new_since), _title(work, url), _abstract(work), _why(work), _foot(work), _editions(work), _newer(work)))
    return mark_safe(  # noqa: S308 - every text in it is escaped below
        f'<article class="card kind kind--{escape(work.resource_type)}{" card--row" if in_row else ""}">'
        f'<div class="card__picture">{_picture(work, picture_url, focal_point)}</div><div class="card__text">{text}</div></article>'
    )


@register.simple_tag
def original_is_newer(language: str, url: str) -> SafeString:
    """Say that a translation is older than the edition in `language` that it was made from."""
    said = escape(_("The original (%(language)s) is newer") % {"language": language_name(language)})
    link = f'<a href="{escape(url)}" hreflang="{escape(language)}">{said}</a>'
    return mark_safe(f'<p class="newer-source" lang="{get_language()}">{icon("warning")}{link}</p>')  # noqa: S308 - as above


@lru_cache(maxsize=1024)
def _of_language(tag: str) -> str:
    return f'lang="{escape(tag)}" dir="{direction(tag)}"'


def _picture(work: Card, url: str, focal_point: FocalPoint | None) -> str:
    if not url:
        return icon(work.resource_type or "file")
    classes = focal_point.css_classes if focal_point else ""
    return f'<img class="{classes}" src="{escape(url)}" alt="" loading="lazy" width="320" height="180">'


def _kind(work: Card, new_since: dt.date | None) -> str:
    if not work.resource_type_label:
        return ""
    is_new = new_since and work.published_on and work.published_on >= new_since
    new = pgettext("mark on a card", "New")
    badge = f'<span class="badge badge--new">{escape(new)}</span>' if is_new else ""
    return f'<div class="card__kind">{escape(work.resource_type_label)} {badge}</div>'


def _title(work: Card, url: str) -> str:
    title = work.title_highlight or escape(work.title)  # what was found is HTML already (search.types.Hit)
    return f'<h3 class="card__title" {_of_language(work.language)}><a href="{escape(url)}">{title}</a></h3>'


def _abstract(work: Card) -> str:
    text = work.highlight or escape(work.abstract)
    return f'<p class="card__abstract" {_of_language(work.language)}>{text}</p>' if text else ""


def _why(work: Card) -> str:
    if work.matched_by != ("meaning",):
        return ""
    if work.meaning_language in {None, work.language}:
        said = _("Close in meaning")
    else:
        said = _("Close in meaning (from %(language)s)") % {"language": language_name(work.meaning_language)}
    return f'<p class="card__why">{icon("translate")} {escape(said)}</p>'


def _foot(work: Card) -> str:
    licence = f"{escape(work.licence_label)} · " if work.licence_label else ""
    year = f" · {work.year}" if work.year else ""
    return (
        f'<p class="card__foot">{_badge(work.access)} {licence}{escape(language_name(work.language))}{year}<br>'
        f"<bdi>{escape(work.institution_name)}</bdi>, {escape(country_name(work.country))}</p>"
    )


def _badge(access: str) -> str:
    if access not in BADGES:
        return ""
    return f'<span class="badge badge--{access}">{icon(f"access-{access}")}{escape(str(BADGES[access]))}</span>'


def _editions(work: Card) -> str:
    number = len(work.languages)
    if number < 2:  # noqa: PLR2004 - one language needs no list
        return ""
    said = ngettext("in %(number)s language", "in %(number)s languages", number) % {"number": number}
    not_up_to_date = _("not up to date")
    items = []
    for edition in work.editions:
        current = ' aria-current="true"' if edition.id == work.edition_id else ""
        outdated = f" <span>({escape(not_up_to_date)})</span>" if edition.outdated else ""
        items.append(
            f'<li><a href="{escape(edition.path)}" {_of_language(edition.language)} hreflang="{escape(edition.language)}"'
            f' title="{escape(edition.title)}"{current}>{escape(own_name(edition.language))}</a>{outdated}</li>'
        )
    return f'<details class="card__languages"><summary>{escape(said)}</summary><ul>{"".join(items)}</ul></details>'


def _newer(work: Card) -> str:
    return original_is_newer(work.newer_source.language, work.newer_source.path) if work.newer_source else ""
