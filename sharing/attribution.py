"""What must be written under a resource: title, author, source, licence (Creative Commons' recommended practice, “TASL”)."""

import re
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.fields import as_lines
from catalogue.models import ResourcePage

EXPLANATION = re.compile(r"\s*[(（].*$")
"""What a label says for readers, as in “CC BY 4.0 (credit)”, has no place in a credit."""


BETWEEN = " – "
"""What stands between title, author, source and licence; each of them may hold commas, and no language has to translate it."""


class Role(Enum):
    """What some words of a credit are."""

    TITLE = "title"
    LICENCE = "licence"
    OTHER = "other"


Phrase = list[tuple[str, Role]]


@dataclass(frozen=True, slots=True)
class Attribution:
    """The same credit as plain text and as HTML, ready to copy."""

    text: str
    html: SafeString


def attribution_of(edition: ResourcePage, *, url: str) -> Attribution:
    """Return the credit of an edition in one sentence; `url` is its permanent address, the source.

    A credit line of the contributor is kept word for word, and what it says already (title, licence) is not said again;
    without one, contributors and institution are named.
    """
    licence_name, licence_url = _licence(edition)
    credit = _phrase(edition.credit_line.strip().rstrip(".。") or _names(edition), edition, licence_name)
    roles = {role for _words, role in credit}
    before: list[Phrase] = [] if Role.TITLE in roles else [[(_("“%(title)s”") % {"title": edition.title}, Role.TITLE)]]
    after: list[Phrase] = [] if Role.LICENCE in roles else [[(licence_name, Role.LICENCE)]]

    def as_text(phrase: Phrase) -> str:
        return "".join(f"{words} ({licence_url})" if role is Role.LICENCE and licence_url else words for words, role in phrase)

    def as_html(phrase: Phrase) -> SafeString:
        return format_html_join("", "{}", ((_linked(words, role, url, licence_url),) for words, role in phrase))

    return Attribution(
        text=BETWEEN.join([*map(as_text, [*before, credit]), url, *map(as_text, after)]),
        html=format_html_join(BETWEEN, "{}", ((as_html(phrase),) for phrase in [*before, credit, *after])),
    )


def _phrase(credit: str, edition: ResourcePage, licence_name: str) -> Phrase:
    """Cut a credit where it first says the title and the licence."""
    places = [
        (*found.span(), role)
        for role, names in ((Role.TITLE, _titles(edition)), (Role.LICENCE, _names_of_licence(edition, licence_name)))
        if (found := _first(names, credit))
    ]
    phrase: Phrase = []
    done = 0
    for start, end, role in sorted(places, key=itemgetter(0)):
        if start >= done:
            phrase += [(credit[done:start], Role.OTHER), (credit[start:end], role)]
            done = end
    return [*phrase, (credit[done:], Role.OTHER)]


def _first(names: list[str], credit: str) -> re.Match[str] | None:
    """Find the first of these names that stands in the credit as words of their own."""
    matches = (re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", credit) for name in names if name)
    return next((match for match in matches if match), None)


def _titles(edition: ResourcePage) -> list[str]:
    """Return the title, and what people call it: the part before the colon."""
    return [edition.title, re.split(r"[:：]", edition.title)[0].strip()]


def _names_of_licence(edition: ResourcePage, name: str) -> list[str]:
    """Return how a credit may call the licence; where no credit is owed, “CC0” will do for “CC0 1.0”."""
    if edition.licence is None:
        return []
    slug = edition.licence.slug
    return [name, slug] if edition.licence.must_credit else [name, slug, slug.partition("-")[0]]


def _linked(words: str, role: Role, url: str, licence_url: str) -> str:
    if role is Role.TITLE:
        return format_html('<a href="{}">{}</a>', url, words)
    if role is Role.LICENCE and licence_url:
        return format_html('<a rel="license" href="{}">{}</a>', licence_url, words)
    return words


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
