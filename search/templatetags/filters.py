"""Facets with their choices, written here and not in a template: there are hundreds on a page, and templates are slow."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from search.filters import Branch, Filter, TypedRange

register = template.Library()

PARAMETERS = {"from": "min", "to": "max"}
"""The fields of a range of the reader's own, as search/address.py reads them."""


@register.simple_tag
def facets(filters: Iterable[Filter]) -> SafeString:
    """Return every facet, laid out by search/filters.py. What lies below a choice is folded, but where something is chosen."""
    return mark_safe("\n".join(_facet(each) for each in filters))  # noqa: S308 - every text in it is escaped below


def _facet(shown: Filter) -> str:
    name, label = shown.name, escape(shown.label)
    chosen = f" ({shown.number_selected})" if shown.number_selected else ""
    return (
        f'<details class="facet" id="facet-{name}"{" open" if shown.is_open else ""}>'
        f"<summary><span>{label}{chosen}</span></summary>"
        f'<fieldset tabindex="-1"><legend class="visually-hidden">{label}</legend>'
        f"{_find_box(shown)}{_choices(name, shown.branches)}{_more(shown)}{_none_of_them(shown)}{_typed_range(name, shown.typed)}"
        "</fieldset></details>"
    )


def _find_box(shown: Filter) -> str:
    if not shown.is_searchable:
        return ""
    label, hint = escape(_("Find in “%(facet)s”") % {"facet": shown.label}), escape(_("Find in this list"))
    return (
        f'<input type="search" class="facet__search" id="find-{shown.name}" data-narrow="facet-{shown.name}" aria-label="{label}"'
        f' placeholder="{hint}" autocomplete="off" hidden>'
    )


def _none_of_them(shown: Filter) -> str:
    if not shown.is_searchable:
        return ""
    said = escape(_("No choice has these letters."))
    return f'<p class="soft small" role="status" data-none-of="find-{shown.name}" hidden>{said}</p>'


def _more(shown: Filter) -> str:
    if not shown.more:
        return ""
    number = len(shown.more)
    said = escape(ngettext("Show %(number)s more", "Show %(number)s more", number) % {"number": number})
    fewer = escape(_("Show fewer"))
    return (
        f'<details class="facet__more" id="more-{shown.name}"><summary><span class="when-folded">{said}</span>'
        f'<span class="when-open">{fewer}</span></summary>{_choices(shown.name, shown.more)}</details>'
    )


def _typed_range(name: str, typed: TypedRange | None) -> str:
    """Return two fields for a range of the reader's own; the address gets one value of both."""
    if typed is None:
        return ""
    low = _number(name, "from", pgettext("range", "from"), typed.low, typed.longest)
    high = _number(name, "to", pgettext("range", "to"), typed.high, typed.longest)
    said = escape(_("OK"))
    return (
        f'<div class="typed-range">{low}{high}<span>{escape(typed.unit)}</span>'
        f'<button class="button button--quiet" type="submit">{said}</button></div>'
    )


def _number(name: str, end: str, label: str, value: int | None, longest: int) -> str:
    return (
        f'<label for="{name}-{end}">{escape(label)}</label><input id="{name}-{end}" name="{name}_{PARAMETERS[end]}" inputmode="numeric"'
        f' autocomplete="off" maxlength="{longest}" value="{"" if value is None else value}">'
    )


def _choices(name: str, branches: Iterable[Branch]) -> str:
    return "\n".join(f'<div class="branch">{_choice(name, branch)}{_below(name, branch)}</div>' for branch in branches)


def _choice(name: str, branch: Branch) -> str:
    value = branch.value
    key = escape(value.value)
    classes = f"choice{' choice--selected' if value.selected else ''}{'' if value.count else ' choice--empty'}"
    return (
        f'<label class="{classes}">'
        f'<input type="checkbox" id="{name}-{key}" name="{name}" value="{key}"{" checked" if value.selected else ""}>'
        f'<span class="choice__label"><bdi>{escape(value.label)}</bdi></span> <span class="choice__count">{value.count}</span></label>'
    )


def _below(name: str, branch: Branch) -> str:
    if not branch.below:
        return ""
    label = escape(_("Within “%(label)s”") % {"label": branch.value.label})
    return (
        f'<details class="branch__below" id="below-{name}-{escape(branch.value.value)}"{" open" if branch.is_open else ""}>'
        f'<summary><span class="visually-hidden">{label}</span></summary>{_choices(name, branch.below)}</details>'
    )
