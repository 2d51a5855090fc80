"""The choices of a facet, written here and not in a template: there are hundreds on a page, and templates are slow."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.filters import Branch

register = template.Library()


@register.simple_tag
def choices(name: str, branches: Iterable[Branch]) -> SafeString:
    """Return the choices of the facet `name`. What lies below a choice is folded, but where something is chosen."""
    return mark_safe(_choices(name, branches))  # noqa: S308 - every text in it is escaped below


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
