"""What must be written under a resource: title, author, source, licence (Creative Commons' recommended practice, “TASL”)."""

import re
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.fields import as_lines
from catalogue.models import ResourcePage

EXPLANATION = re.compile(r"\s*[(（].*$")
"""What a label says for readers, as in “CC BY 4.0 (credit)”, has no place in a credit."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The same credit as plain text and as HTML, ready to copy."""

    text: str
    html: SafeString


def attribution_of(edition: ResourcePage, *, url: str) -> Attribution:
    """Return the credit of an edition; `url` is its permanent address.

    A credit line of the contributor is kept word for word, and what it says already (title, licence) is not said again;
    without one, contributors and institution are named.
    """
    credit = edition.credit_line.strip() or _names(edition)
    names_title = bool(edition.credit_line) and edition.title in edition.credit_line
    licence_name, licence_url = _licence(edition)
    names_licence = licence_name in edition.credit_line
    licence_text = licence_url if names_licence and licence_url else f"{licence_name} ({licence_url})" if licence_url else licence_name
    text = " ".join(
        [
            *([] if names_title else [_("“%(title)s”.") % {"title": edition.title}]),
            _sentence(credit),
            licence_text if licence_text == licence_url else _sentence(licence_text),
            url,
        ]
    )
    html = format_html(
        '<a href="{}">{}</a>. {} {}',
        url,
        _("“%(title)s”") % {"title": edition.title},
        _sentence(credit),
        format_html('<a rel="license" href="{}">{}</a>.', licence_url, licence_name) if licence_url else _sentence(licence_name),
    )
    return Attribution(text=text, html=html)


def _licence(edition: ResourcePage) -> tuple[str, str]:
    """Return the licence's name without the explanation in brackets, and the address of its text (or "")."""
    if edition.licence is None:
        return _("No licence stated"), ""
    return EXPLANATION.sub("", edition.licence.label()), edition.licence.url


def _names(edition: ResourcePage) -> str:
    institution = edition.institution.name_in(get_language() or "en")
    return ", ".join([*(_in_speaking_order(name) for name in as_lines(edition.contributors)), institution])


def _in_speaking_order(name: str) -> str:
    """Turn “Curie, Marie” into “Marie Curie”; leave anything else as it is."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and "," not in given else name


def _sentence(text: str) -> str:
    return text if text.endswith((".", "。", "!", "?", "।", "؟")) else f"{text}."
