"""What a look is given, and what it finds."""

import re
from dataclasses import dataclass, field

from media.verdicts import FileWarning

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"
"""The harmless string that every virus scanner must call a virus; in two halves, or it would find this source."""
EICAR_LONGEST = 128  # with white space behind it

PROGRAMS = re.compile(r"\.(exe|com|scr|pif|msi|bat|cmd|ps1|vbs|vbe|wsf|hta|lnk|reg|jar|apk|dmg|pkg|deb|rpm|appimage)$", re.IGNORECASE)
MARKUP = re.compile(rb"<script[\s>/]|<html[\s>]|<!doctype\s+html|<iframe[\s>]|<\?php", re.IGNORECASE)
SHORTEST_SCRIPT = 8
SECOND_FILES = (b"PK\x03\x04", b"%PDF-", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MZ", b"\x7fELF", b"#!/", b"GIF8")


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond these a file is refused: pixels of a picture, entries and unpacked bytes of an archive."""

    pixels: int
    entries: int
    unpacked_bytes: int


@dataclass(slots=True)
class Findings:
    """The type, as far as the look knows better than the first bytes, and what people should be told."""

    content_type: str
    warnings: set[FileWarning] = field(default_factory=set)


def is_virus_test(head: bytes, size: int) -> bool:
    return size <= EICAR_LONGEST and head.startswith(EICAR)


def is_something_else(rest: bytes) -> bool:
    """Return whether what follows the end of a file is a file of its own, markup, or words that a browser might run.

    Phones put films and depth maps behind their photographs, and programs pad with zeros: those are neither.
    """
    rest = rest.strip(b"\0 \t\r\n")
    if rest.startswith(SECOND_FILES) or MARKUP.search(rest):
        return True
    try:
        words = rest.decode()
    except UnicodeDecodeError:
        return False
    return len(words) >= SHORTEST_SCRIPT and all(character.isprintable() or character.isspace() for character in words)
