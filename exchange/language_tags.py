"""Writes language tags as RFC 5646 has them, where that is beyond doubt."""

import re

import langcodes
from django.utils.translation import gettext as _

from core.errors import InvalidInputError

RENEWED = {"in", "iw", "ji", "jw", "mo"}
"""Deprecated language subtags for which the IANA registry names one Preferred-Value (RFC 5646, section 4.5)."""

NO_LANGUAGE = {"und", "mul", "zxx", "mis"}
OPEN_ENDED = {"sh"}
"""Deprecated, with several heirs in the registry (sr, hr, bs): only the sender knows which."""

LANGUAGE_SUBTAG = re.compile(r"[A-Za-z]{2,3}(-|$)")
SCRIPT_LENGTH = 4


def canonical_tag(tag: str) -> str:
    """Return the tag in the registry's letter case, `_` read as `-`, deprecated and long codes renewed (iw: he, deu: de).

    Raises InvalidInputError for what is no tag, or no language. CLDR's own opinions (tl to fil, prs to fa-AF) are not followed:
    both are codes in good standing.
    """
    text = tag.strip().replace("_", "-")
    language = text.lower().split("-")[0]
    is_private = "qaa" <= language <= "qtz" and len(language) == len("qaa")
    if not LANGUAGE_SUBTAG.match(text) or not langcodes.tag_is_valid(text) or is_private or language in NO_LANGUAGE | OPEN_ENDED:
        raise InvalidInputError(_("“%(tag)s” is not a language tag of BCP 47. Examples: en, pt-BR, zh-Hans.") % {"tag": tag})
    standard: str = langcodes.standardize_tag(text)
    heir = standard.split("-", maxsplit=1)[0]
    if heir == language or language in RENEWED or (len(heir) < len(language) and standard.count("-") == text.count("-")):
        return standard
    return "-".join([language, *(_subtag(subtag) for subtag in text.split("-")[1:])])


def _subtag(subtag: str) -> str:
    if len(subtag) == SCRIPT_LENGTH and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == len("GB") else subtag.lower()
