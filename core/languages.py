"""Names of languages and countries, and the direction of scripts, from CLDR through langcodes.

Tags are BCP 47 (RFC 5646); `interface` is a Django language code such as zh-hans, today's by default.
"""

import re
import unicodedata
from functools import lru_cache

import langcodes
from django.conf import settings
from django.utils.translation import get_language

RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"})

_ISO_3166_1 = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI "
    "CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ "
    "GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
    "PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRY_CODES = (*_ISO_3166_1.split(), "XK")
"""ISO 3166-1 alpha-2, and XK, by which CLDR and the European Union know Kosovo."""


_OFFERED = (
    "ar bn bg ca cs da de el en es et eu fa fi fr ga gl ha he hi hr hu hy id ig is it ja ka kk km ko lt lv mk ml mn ms mt my nb ne nl nn "
    "pa pl pt pt-BR ro ru si sk sl sq sr sv sw ta te th fil tr uk ur uz vi xh yo zh-Hans zh-Hant zu"
)
OFFERED_LANGUAGES = tuple(_OFFERED.split())
"""Those that forms offer by name; any other BCP 47 tag can be typed."""

_ACCENTS = re.compile("[\u0300-\u036f]")  # not the voicing marks of kana, nor the vowels of Indic scripts
_TAG_AFTER_NAME = re.compile(r"\(([A-Za-z0-9-]+)\)$")


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


def name_with_tag(tag: str) -> str:
    """Return a language as people read and type it: “French (fr)”."""
    return f"{language_name(tag)} ({tag})"


def tag_of(text: str) -> str:
    """Return the canonical tag for a tag, a language's name, or both (“French (fr)”); what is neither comes back as it is.

    Names are taken in the languages of the interface and in the language itself.
    """
    text = text.strip()
    after_name = _TAG_AFTER_NAME.search(text)
    for tag in (after_name[1] if after_name else "", text):
        if tag and langcodes.tag_is_valid(tag):
            return str(langcodes.standardize_tag(tag))
    return _tags_by_name().get(without_accents(text), text)


@lru_cache(maxsize=1)
def _tags_by_name() -> dict[str, str]:
    found = {}
    for tag in OFFERED_LANGUAGES:
        names = [own_name(tag), *(language_name(tag, code) for code, _name in settings.LANGUAGES)]
        found.update({without_accents(name): tag for name in names})
    return found


def without_accents(name: str) -> str:
    """Return the name without case, width and the accents of Latin, Greek and Cyrillic, to sort and to compare by."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", name.casefold()))
