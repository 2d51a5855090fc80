"""File names as people give them: made safe to keep and to send back, never part of a key."""

import re
import unicodedata
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInputError

LONGEST = 255
LONGEST_EXTENSION = 16
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"  # they can make "fdp.exe" read as "exe.pdf"


def clean(name: str) -> str:
    """Return the name as it is kept: its last path segment in NFC, without control characters, at most 255 characters.

    A longer one loses the end of its stem, never its extension. Raises InvalidInputError if nothing is left.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/ ").rsplit("/", maxsplit=1)[-1]
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"})
    name = re.sub(" +", " ", "".join(character for character in name if character not in DIRECTIONS)).strip(" ")
    if not name.strip(". "):
        raise InvalidInputError(_("This file has no name. Please give it one and choose it again."), code="no-name")
    return shortened(name)


def shortened(name: str) -> str:
    """Return a name of at most 255 characters with its extension kept."""
    if len(name) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > LONGEST_EXTENSION:
        return name[: LONGEST - 1] + "…"
    return stem[: LONGEST - len(extension) - 2] + "…" + dot + extension


def content_disposition(name: str, *, inline: bool) -> str:
    """Return the header for a download under this name: plain ASCII for old programs, UTF-8 for the rest (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", plain).strip(" ")
    stem, dot, extension = plain.rpartition(".") if "." in plain else (plain, "", "")
    if not stem.strip(" ._"):
        plain = f"file{dot}{extension}"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
