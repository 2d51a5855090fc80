"""Names of languages and countries, and the direction of scripts, from CLDR through langcodes.

Tags are BCP 47 (RFC 5646); `interface` is a Django language code such as zh-hans, today's by default.
"""

from functools import lru_cache

import langcodes
from django.utils.translation import get_language

RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"})


def language_name(tag: str, interface: str | None = None) -> str:
    """Return the language's name in an interface language (“Swahili”), the tag itself where nobody knows a name."""
    return _language_name(tag, interface or get_language() or "en")


@lru_cache(maxsize=4096)
def _language_name(tag: str, interface: str) -> str:
    if not langcodes.tag_is_valid(tag):
        return tag
    name: str = langcodes.Language.get(tag).display_name(interface)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=2048)
def own_name(tag: str) -> str:
    """Return the language's name in itself (“Kiswahili”), else in English, else the tag."""
    if not langcodes.tag_is_valid(tag):
        return tag
    name: str = langcodes.Language.get(tag).autonym()
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=2048)
def direction(tag: str) -> str:
    """Return "rtl" or "ltr", by the tag's script or the likeliest script of its language; "ltr" for what is no tag."""
    if not langcodes.tag_is_valid(tag):
        return "ltr"
    script = langcodes.Language.get(tag).maximize().script
    return "rtl" if script in RIGHT_TO_LEFT_SCRIPTS else "ltr"


def country_name(code: str, interface: str | None = None) -> str:
    """Return the name of an ISO 3166-1 alpha-2 country in an interface language, the code itself where unknown."""
    return _country_name(code, interface or get_language() or "en")


@lru_cache(maxsize=2048)
def _country_name(code: str, interface: str) -> str:
    tag = f"und-{code}"
    if not langcodes.tag_is_valid(tag):
        return code
    return str(langcodes.Language.get(tag).territory_name(interface))
