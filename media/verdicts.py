"""What can be said of a file after it was looked at: codes that are kept on the stored object. Knows nothing of Django.

media.verification has the sentences, docs/adr/0011-what-files-are-taken.md the reasons.
"""

from enum import StrEnum


class Rejection(StrEnum):
    """Why a file is not taken; the codes are kept in StoredObject.rejection."""

    EMPTY = "empty"
    SIZE = "size-differs"
    CHECKSUM = "checksum-differs"
    TYPE = "type-not-allowed"
    LOST = "lost"
    MALWARE = "malware"
    LOCKED = "locked"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TWO_IN_ONE = "two-in-one"
    PIXELS = "too-many-pixels"
    BOMB = "decompression-bomb"
    SCRIPT = "script"
    MACROS = "macros"
    PATHS = "unsafe-paths"


class FileWarning(StrEnum):
    """What contributor and curators are told of a file that is taken; the codes are kept in StoredObject.warnings."""

    NAME = "name-differs"
    PROGRAMS = "holds-programs"
    LOCKED = "seems-locked"
    NOT_OPENED = "not-opened"
    NOT_INSPECTED = "not-inspected"


class Scan(StrEnum):
    """What the virus scanner said; the codes are kept in StoredObject.scan. WAITING: it does not answer, the check comes again."""

    CLEAN = "clean"
    NOT_SCANNED = "not-scanned"
    TOO_LARGE = "too-large"
    WAITING = "waiting"


class RefusedError(Exception):
    """Raised while a file is looked into: it is not taken, and nothing more needs to be looked at."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection)
        self.rejection = rejection
