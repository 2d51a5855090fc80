"""Which kinds of file the library takes, by content, and how each is treated.

What a browser could run (HTML, scripts, XML) and what a computer could run is refused; so is what nobody could open.
"""

from dataclasses import dataclass
from enum import StrEnum

import magic
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media.inspection.findings import is_virus_test

HEAD_BYTES = 256 * 1024
"""So much of the beginning is looked at; office documents need more than a few hundred bytes."""


class Decoder(StrEnum):
    """Which decoder of media.decoding can make pictures of it, measure it, or read its words; for OLD_OFFICE it takes media.converting."""

    IMAGE = "image"
    PDF = "pdf"
    VIDEO = "video"
    AUDIO = "audio"
    OFFICE = "office"
    OLD_OFFICE = "old-office"
    TEXT = "text"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class FileType:
    """How a type is called and treated. `inline` only for what can run nothing in a browser."""

    label: str | Promise
    decoder: Decoder | None = None
    inline: bool = False


IMAGE, VIDEO, AUDIO = _("Picture"), _("Video"), _("Audio")
TEXT, SHEET, SLIDES = _("Text document"), _("Spreadsheet"), _("Slides")
OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

FILE_TYPES: dict[str, FileType] = {
    "application/pdf": FileType("PDF", Decoder.PDF),
    "image/jpeg": FileType(IMAGE, Decoder.IMAGE, inline=True),
    "image/png": FileType(IMAGE, Decoder.IMAGE, inline=True),
    "image/gif": FileType(IMAGE, Decoder.IMAGE, inline=True),
    "image/webp": FileType(IMAGE, Decoder.IMAGE, inline=True),
    "image/avif": FileType(IMAGE, Decoder.IMAGE, inline=True),
    "image/heif": FileType(IMAGE, Decoder.IMAGE),
    "image/heic": FileType(IMAGE, Decoder.IMAGE),
    "image/tiff": FileType(IMAGE, Decoder.IMAGE),
    "image/bmp": FileType(IMAGE, Decoder.IMAGE),
    "image/svg+xml": FileType(_("Vector drawing")),
    "image/vnd.adobe.photoshop": FileType(IMAGE),
    "application/postscript": FileType(_("Vector drawing")),
    "video/mp4": FileType(VIDEO, Decoder.VIDEO, inline=True),
    "video/webm": FileType(VIDEO, Decoder.VIDEO, inline=True),
    "video/quicktime": FileType(VIDEO, Decoder.VIDEO),
    "video/x-m4v": FileType(VIDEO, Decoder.VIDEO),
    "video/x-matroska": FileType(VIDEO, Decoder.VIDEO),
    "video/ogg": FileType(VIDEO, Decoder.VIDEO),
    "video/x-msvideo": FileType(VIDEO),
    "video/mpeg": FileType(VIDEO),
    "audio/mpeg": FileType(AUDIO, Decoder.AUDIO, inline=True),
    "audio/x-m4a": FileType(AUDIO, Decoder.AUDIO, inline=True),
    "audio/mp4": FileType(AUDIO, Decoder.AUDIO, inline=True),
    "audio/ogg": FileType(AUDIO, Decoder.AUDIO, inline=True),
    "audio/flac": FileType(AUDIO, Decoder.AUDIO, inline=True),
    "audio/x-wav": FileType(AUDIO, Decoder.AUDIO, inline=True),
    "audio/aac": FileType(AUDIO),
    "audio/midi": FileType(AUDIO),
    "application/msword": FileType(TEXT, Decoder.OLD_OFFICE),
    f"{OOXML}.wordprocessingml.document": FileType(TEXT, Decoder.OFFICE),
    f"{ODF}.text": FileType(TEXT, Decoder.OFFICE),
    "text/rtf": FileType(TEXT, Decoder.OLD_OFFICE),
    "text/plain": FileType(_("Plain text"), Decoder.TEXT),
    "text/vtt": FileType(_("Subtitles"), Decoder.TEXT),
    "application/x-subrip": FileType(_("Subtitles"), Decoder.TEXT),
    "application/epub+zip": FileType(_("E-book"), Decoder.OFFICE),
    "application/vnd.ms-excel": FileType(SHEET, Decoder.OLD_OFFICE),
    f"{OOXML}.spreadsheetml.sheet": FileType(SHEET, Decoder.OFFICE),
    f"{ODF}.spreadsheet": FileType(SHEET, Decoder.OFFICE),
    "text/csv": FileType(_("Table (CSV)"), Decoder.TEXT),
    "application/json": FileType(_("Data (JSON)")),
    "application/vnd.ms-powerpoint": FileType(SLIDES, Decoder.OLD_OFFICE),
    f"{OOXML}.presentationml.presentation": FileType(SLIDES, Decoder.OFFICE),
    f"{OOXML}.presentationml.slideshow": FileType(SLIDES, Decoder.OFFICE),
    f"{ODF}.presentation": FileType(SLIDES, Decoder.OFFICE),
    f"{ODF}.graphics": FileType(_("Vector drawing"), Decoder.OFFICE),
    "application/x-ole-storage": FileType(_("Office document")),
    "application/zip": FileType(_("Archive (ZIP)"), Decoder.ARCHIVE),
    "application/x-7z-compressed": FileType(_("Archive (7z)")),
    "application/gzip": FileType(_("Archive (gzip)")),
    "application/x-tar": FileType(_("Archive (tar)")),
    "model/stl": FileType(_("3D model")),
    "model/3mf": FileType(_("3D model")),
}

OTHER = FileType(_("File"))
VIRUS_TEST = "application/x-virus-test"

SYMBOLS = {
    "application/pdf": "pdf",
    "image/": "image",
    "application/postscript": "image",
    f"{ODF}.graphics": "image",
    "video/": "video",
    "audio/": "audio",
    "model/": "model",
    "text/vtt": "captions",
    "application/x-subrip": "captions",
    "text/csv": "sheet",
    "application/vnd.ms-excel": "sheet",
    f"{OOXML}.spreadsheetml": "sheet",
    f"{ODF}.spreadsheet": "sheet",
    "application/vnd.ms-powerpoint": "slides",
    f"{OOXML}.presentationml": "slides",
    f"{ODF}.presentation": "slides",
    f"{OOXML}.wordprocessingml": "document",
    f"{ODF}.text": "document",
    "application/msword": "document",
    "application/epub+zip": "document",
    "text/": "document",
    "application/zip": "archive",
    "application/x-7z-compressed": "archive",
    "application/gzip": "archive",
    "application/x-tar": "archive",
}
"""The symbol that stands for a file without a picture, by how its type begins; the first that fits."""

# libmagic's name of a thing, where we keep another.
SAME = {
    "application/CDFV2": "application/x-ole-storage",
    "audio/x-wave": "audio/x-wav",
    "audio/wav": "audio/x-wav",
    "audio/x-flac": "audio/flac",
    "audio/x-hx-aac-adts": "audio/aac",
    "image/x-ms-bmp": "image/bmp",
    "application/x-gzip": "application/gzip",
    "application/rtf": "text/rtf",
    "application/encrypted": "application/x-ole-storage",  # an office document with a password
}

SCRIPTS = frozenset({"text/x-shellscript", "text/x-msdos-batch", "text/x-php", "text/x-perl", "text/x-affix", "text/x-msdos"})

UTF16 = (b"\xff\xfe", b"\xfe\xff")

OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}


def detect(head: bytes, filename: str) -> str:
    """Return the media type by content. The name is asked only where the content leaves old office formats undecided."""
    if not head:
        return "application/x-empty"
    if is_virus_test(head, len(head)):
        return VIRUS_TEST
    found = magic.Magic(mime=True).from_buffer(head)
    found = SAME.get(found, found)
    if found == "application/x-ole-storage":
        return OLD_OFFICE.get(filename.lower().rpartition(".")[2], found)
    if found.startswith("text/x-") and found not in SCRIPTS:
        found = "text/plain"  # notes and source code alike; sent as plain text, to be saved
    if found == "text/plain" and b"\0" in head and not head.startswith(UTF16):
        return "application/octet-stream"  # libmagic falls back on text for broken programs
    return found


UNLIKELY = {
    "apk": "application/vnd.android.package-archive",
    "bat": "text/x-msdos-batch",
    "cmd": "text/x-msdos-batch",
    "com": "application/x-dosexec",
    "deb": "application/vnd.debian.binary-package",
    "dll": "application/vnd.microsoft.portable-executable",
    "dmg": "application/x-apple-diskimage",
    "exe": "application/vnd.microsoft.portable-executable",
    "htm": "text/html",
    "html": "text/html",
    "iso": "application/x-iso9660-image",
    "jar": "application/java-archive",
    "js": "application/javascript",
    "mjs": "application/javascript",
    "msi": "application/x-msi",
    "php": "text/x-php",
    "rar": "application/x-rar",
    "rpm": "application/x-rpm",
    "scr": "application/vnd.microsoft.portable-executable",
    "sh": "text/x-shellscript",
    "swf": "application/vnd.adobe.flash.movie",
    "xhtml": "text/html",
    "xml": "text/xml",
}
"""Endings of names whose content is usually of a type that is not taken: for a hint before the upload, never for a decision."""


def unlikely_extensions() -> list[str]:
    """Return the endings for which the uploader warns; those of types that this site's settings allow are left out."""
    return [extension for extension, content_type in UNLIKELY.items() if not is_allowed(content_type)]


def of(content_type: str) -> FileType:
    """Return how a type is treated; a type that only this site's settings allow is kept and given out, nothing more."""
    return FILE_TYPES.get(content_type, OTHER)


def decoder_of(content_type: str) -> Decoder | None:
    """Return what opens files of a type on this site; None where nothing can be made of them."""
    decoder = of(content_type).decoder
    return None if decoder == Decoder.OLD_OFFICE and not settings.OFFICE_CONVERTER else decoder


def symbol_of(content_type: str) -> str:
    """Return the name of the symbol for files of this type; "file" for those that have none of their own."""
    return next((symbol for beginning, symbol in SYMBOLS.items() if content_type.startswith(beginning)), "file")


def is_allowed(content_type: str) -> bool:
    """Return whether this site takes files of a type; its settings may name more, and some that it does not want."""
    if content_type in settings.UPLOAD_REFUSED_TYPES:
        return False
    return content_type in FILE_TYPES or content_type in settings.UPLOAD_MORE_TYPES
