"""What must be written under a resource: title, author, source, licence (Creative Commons' recommended practice, “TASL”)."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.fields import as_lines
from catalogue.models import ResourcePage


@dataclass(frozen=True, slots=True)
class Attribution:
    """The same credit as plain text and as HTML, ready to copy."""

    text: str
    html: SafeString


def attribution_of(edition: ResourcePage, *, url: str) -> Attribution:
    """Return the credit of an edition; `url` is its permanent address.

    A credit line of the contributor is kept word for word; without one, contributors and institution are named.
    """
    title = edition.title
    credit = edition.credit_line.strip() or _names(edition)
    licence = edition.licence
    label = licence.label() if licence else _("No licence stated")
    licence_url = licence.url if licence else ""
    text = " ".join(
        [
            _("“%(title)s”.") % {"title": title},
            _sentence(credit),
            _sentence(f"{label} ({licence_url})" if licence_url else label),
            url,
        ]
    )
    html = format_html(
        '<a href="{}">{}</a>. {} {}',
        url,
        _("“%(title)s”") % {"title": title},
        _sentence(credit),
        format_html('<a rel="license" href="{}">{}</a>.', licence_url, label) if licence_url else _sentence(label),
    )
    return Attribution(text=text, html=html)


def _names(edition: ResourcePage) -> str:
    institution = edition.institution.name_in(get_language() or "en")
    return ", ".join([*(_in_speaking_order(name) for name in as_lines(edition.contributors)), institution])


def _in_speaking_order(name: str) -> str:
    """Turn “Curie, Marie” into “Marie Curie”; leave anything else as it is."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and "," not in given else name


def _sentence(text: str) -> str:
    return text if text.endswith((".", "。", "!", "?", "।", "؟")) else f"{text}."
