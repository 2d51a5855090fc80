"""The choices of a facet, written here and not in a template: there are hundreds on a page, and templates are slow."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from search.filters import Branch

register = template.Library()


@register.simple_tag
def choices(name: str, branches: Iterable[Branch]) -> SafeString:
    """Return the choices of the facet `name`. What lies below a choice is folded, but where something is chosen."""
    parts = ((_choice(name, branch), _below(name, branch)) for branch in branches)
    return format_html_join("\n", '<div class="branch">{}{}</div>', parts)


def _choice(name: str, branch: Branch) -> SafeString:
    value = branch.value
    return format_html(
        '<label class="choice{}{}"><input type="checkbox" id="{name}-{value}" name="{name}" value="{value}"{}>'
        '<span class="choice__label"><bdi>{}</bdi></span> <span class="choice__count">{}</span></label>',
        " choice--selected" if value.selected else "",
        "" if value.count else " choice--empty",
        " checked" if value.selected else "",
        value.label,
        value.count,
        name=name,
        value=value.value,
    )


def _below(name: str, branch: Branch) -> SafeString:
    if not branch.below:
        return SafeString()
    return format_html(
        '<details class="branch__below" id="below-{}-{}"{}><summary><span class="visually-hidden">{}</span></summary>{}</details>',
        name,
        branch.value.value,
        " open" if branch.is_open else "",
        _("Within “%(label)s”") % {"label": branch.value.label},
        choices(name, branch.below),
    )
