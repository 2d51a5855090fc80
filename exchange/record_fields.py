"""The fields of an import, and how a value of each is read: from JSON as it is, from CSV as text.

A reader returns the value that catalogue.records.EditionData takes, and raises InvalidInputError with a sentence otherwise.
"""

import datetime as dt
import html
import math
import re
from collections.abc import Callable
from typing import Any

import langcodes
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from catalogue.models import Access
from core.errors import InvalidInputError
from exchange.language_tags import canonical_tag
from exchange.rows import LIST_SEPARATOR

Reader = Callable[[Any], Any]

UNUSABLE_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
YEAR_IN_DATE = re.compile(r"(\d{4})-\d{2}-\d{2}(?:[T ].*)?|\d{1,2}[./-]\d{1,2}[./-](\d{4})")
DURATION = re.compile(r"(?:(\d{1,3})\s*h(?:\s|$|(?=\d)))?\s*(?:(\d{1,7})\s*(?:min|minutes?|minuti|minuten|minutos|分钟)?)?()")
ISO_DURATION = re.compile(r"pt(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?")
NAMED_IN = ("en", "fr", "it", "de", "es", "zh", "ar")
"""Languages in which the name of a language is understood, beside its own."""
AGES = re.compile(r"(\d{1,3})\s*(?:\+|(?:[-–—~～至到]|to|à|bis|a)\s*(\d{1,3}))\s*(?:years?|ans|anni|jahre|años|岁|歲|سنة)?", re.IGNORECASE)
LONGEST_TEXT = 200_000
MOST_VALUES = 500


def text(longest: int = LONGEST_TEXT, *, one_line: bool = False) -> Reader:
    """Return a reader of text of at most `longest` characters."""

    def read(value: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise InvalidInputError(_("This must be text."))
        if UNUSABLE_CHARACTERS.search(value):
            raise InvalidInputError(_("The text holds a control character that cannot be kept."))
        value = " ".join(value.split()) if one_line else value.strip()
        if len(value) > longest:
            raise InvalidInputError(
                _("The text has %(length)s characters; at most %(longest)s are possible.") % {"length": len(value), "longest": longest}
            )
        return value

    return read


def number(least: int, most: int) -> Reader:
    """Return a reader of whole numbers within limits."""

    def read(value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}\s*", value, flags=re.ASCII):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidInputError(
                _("“%(value)s” is not a whole number from %(least)s to %(most)s.")
                % {"value": shortened(value), "least": least, "most": most}
            )
        return value

    return read


def texts(longest: int, *, one_line: bool = True) -> Reader:
    """Return a reader of lists of short texts; in CSV they are separated by `|`."""
    one = text(longest, one_line=one_line)

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = value.split(LIST_SEPARATOR)
        if not isinstance(value, list):
            raise InvalidInputError(_("This must be a list of texts (in CSV separated by “|”)."))
        if len(value) > MOST_VALUES:
            raise InvalidInputError(
                _("The list has %(count)s values; at most %(most)s are possible.") % {"count": len(value), "most": MOST_VALUES}
            )
        return tuple(item for item in map(one, value) if item)

    return read


def rich_text(value: Any) -> str:
    """Read HTML; plain text becomes paragraphs. What may run in a browser is taken out by the catalogue."""
    content: str = text()(value)
    if TAG.search(content):
        return content
    paragraphs = [html.escape(part.strip(), quote=False).replace("\n", "<br>") for part in re.split(r"\n\s*\n", content)]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def language(value: Any) -> str:
    """Read the one language of the edition; a list of several is refused, since each language is an edition of its own."""
    tags = texts(35)(value)
    if len(tags) > 1:
        raise InvalidInputError(
            _("An edition is in one language, but here are %(count)s. Please write one row a language, tied by “translation_of”.")
            % {"count": len(tags)}
        )
    return _tag(tags[0]) if tags else ""


def _tag(said: str) -> str:
    """Return the tag of a language that is said by its tag, or by its whole name in any language: italiano, 中文."""
    try:
        return canonical_tag(said)
    except InvalidInputError:
        if (found := _language_named(said)) is None:
            raise
        return found


def _language_named(said: str) -> str | None:
    """Return the tag if this is the whole name of a language: langcodes alone would take “klingonish” for Klingon."""
    try:
        found = langcodes.find(said)
    except LookupError:
        return None
    names = {found.autonym(), *(found.display_name(language) for language in NAMED_IN)}
    return str(found) if said.strip().casefold() in {name.casefold() for name in names} else None


def date(value: Any) -> dt.date:
    """Read a date as ISO 8601 has it."""
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise InvalidInputError(
            _("“%(value)s” is not a date. Please write year-month-day, as in 2027-03-01.") % {"value": shortened(value)}
        ) from error


def year(value: Any) -> int:
    """Read a year, alone or in a date."""
    if isinstance(value, str):
        dated = YEAR_IN_DATE.fullmatch(value.strip())
        value = dated[1] or dated[2] if dated else value
    found: int = number(1600, 2100)(value)
    return found


def duration(value: Any) -> int:
    """Read minutes: 90, “90 min”, “1h30”, “1 h 30 min”, or as ISO 8601 has them (PT51M12S, rounded up)."""
    said = value.strip().lower() if isinstance(value, str) else ""
    found = DURATION.fullmatch(said) or ISO_DURATION.fullmatch(said)
    if found and any(found.groups()):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        value = hours * 60 + minutes + math.ceil(seconds / 60)
    read: int = number(1, 10_000_000)(value)
    return read


def ages(value: Any) -> tuple[int, int | None]:
    """Read the lowest and the highest age: “8-12”, “8–12 anni”, “12+”. Raises InvalidInputError for anything else."""
    found = AGES.fullmatch(str(value).strip())
    if not found:
        message = _("“%(value)s” is not a range of ages. Please write it as in 8-12 or 12+.")
        raise InvalidInputError(message % {"value": shortened(value)})
    read = number(0, 120)
    return read(found[1]), read(found[2]) if found[2] else None


def access(value: Any) -> str:
    """Read who gets the files."""
    if value not in Access.values:
        raise InvalidInputError(
            _("“%(value)s” is not known. Possible are: %(values)s.") % {"value": shortened(value), "values": ", ".join(Access.values)}
        )
    return str(value)


def web_address(value: Any) -> str:
    """Read an address that begins with http or https."""
    address: str = text(500, one_line=True)(value)
    if address:
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise InvalidInputError(
                _("“%(value)s” is not a web address that begins with https:// or http://.") % {"value": shortened(address)}
            ) from error
    return address


def titles(value: Any) -> dict[str, str]:
    """Read titles by language tag: an object in JSON, `fr=Titre|de=Titel` in CSV."""
    if isinstance(value, str):
        pairs = [part.partition("=") for part in value.split(LIST_SEPARATOR) if part.strip()]
        value = {tag: title for tag, _equals, title in pairs}
    if not isinstance(value, dict):
        raise InvalidInputError(_("This must name titles by language, as in fr=Titre|de=Titel."))
    one = text(255, one_line=True)
    return {str(tag).strip(): one(title) for tag, title in value.items() if title}


def shortened(value: Any) -> str:
    """Return a value as a message can show it."""
    shown = UNUSABLE_CHARACTERS.sub("�", str(value))
    return shown if len(shown) <= 80 else f"{shown[:79]}…"  # noqa: PLR2004 - a line


SHORT_LINE = text(250, one_line=True)
SLUGS = texts(64)

FIELDS: dict[str, tuple[str, Reader]] = {
    "title": ("title", text(255, one_line=True)),
    "abstract": ("abstract", text(20_000)),
    "body": ("body", rich_text),
    "languages": ("language", language),
    "resource_type": ("resource_type", SHORT_LINE),
    "subjects": ("subjects", SLUGS),
    "audience": ("audience", SLUGS),
    "age_min": ("age_min", number(0, 120)),
    "age_max": ("age_max", number(0, 120)),
    "keywords": ("keywords", texts(100)),
    "licence": ("licence", SHORT_LINE),
    "access": ("access", access),
    "embargo_until": ("embargo_until", date),
    "credit_line": ("credit_line", text(500, one_line=True)),
    "contributors": ("contributors", texts(500)),
    "year": ("year", year),
    "duration_minutes": ("duration_minutes", duration),
    "group_size": ("group_size", text(100, one_line=True)),
    "setting": ("setting", SLUGS),
    "cost": ("cost", SHORT_LINE),
    "materials": ("materials", texts(1000)),
    "learning_outcomes": ("learning_outcomes", texts(2000)),
    "accessibility": ("accessibility", SLUGS),
    "safety_note": ("safety_note", text(20_000)),
    "url": ("external_url", web_address),
    "alternative_titles": ("alternative_titles", titles),
    "translation_of": ("translation_of", SHORT_LINE),
    "adapted_from": ("adapted_from", SHORT_LINE),
}
"""Name in the file: name in EditionData, and the reader. `identifier`, `ages` and `files` are read apart."""

NAMES = {attribute: name for name, (attribute, _reader) in FIELDS.items()}


def name_in_file(attribute: str) -> str:
    """Return what rows call a field of the catalogue."""
    return NAMES.get(attribute, attribute)


LISTS = frozenset({"subjects", "audience", "keywords", "contributors", "setting", "materials", "learning_outcomes", "accessibility"})
"""Their empty value is an empty list."""

WITHOUT_EMPTY_VALUE = frozenset({"age_min", "age_max", "embargo_until", "year", "duration_minutes"})
"""Numbers and dates: EditionData names them in `cleared`."""

DECISIVE = frozenset({"access", "embargo_until"})
"""A row whose value here cannot be read is refused: to leave it out might give files to people who shall not have them."""
