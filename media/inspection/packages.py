"""Documents that are ZIP files (OOXML, ODF, e-books): which kind, whether locked, whether they hold macros."""

import zipfile

from media.verdicts import RefusedError, Rejection

OOXML = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES, MIMETYPE, MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
OOXML_FOLDERS = {
    "word/": f"{OOXML}.wordprocessingml.document",
    "xl/": f"{OOXML}.spreadsheetml.sheet",
    "ppt/": f"{OOXML}.presentationml.presentation",
}
EPUB = "application/epub+zip"
WRITTEN_IN_MIMETYPE = ("application/vnd.oasis.opendocument.", EPUB)
LONGEST_MIMETYPE = 100
LARGEST_MANIFEST = 4 * 1024**2
LISTS_OF_MACROS = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")


def type_of(archive: zipfile.ZipFile) -> str:
    """Return the media type of a document; empty for any other archive. The order of its entries does not matter here."""
    names = archive.namelist()
    if CONTENT_TYPES in names:
        return next((kind for folder, kind in OOXML_FOLDERS.items() if any(name.startswith(folder) for name in names)), "")
    if MIMETYPE in names:
        written = _beginning(archive, MIMETYPE, LONGEST_MIMETYPE).decode("ascii", "replace").strip()
        return written if written.startswith(WRITTEN_IN_MIMETYPE) else ""
    return ""


def check(archive: zipfile.ZipFile) -> None:
    """Refuse a document that is locked or holds macros, and a program that is a ZIP file."""
    names = archive.namelist()
    if any(_is_office_macro(name) for name in names) or (_is_open_document(archive) and any(_is_open_macro(name) for name in names)):
        raise RefusedError(Rejection.MACROS)
    if MIMETYPE in names and MANIFEST in names and b"encryption-data" in _beginning(archive, MANIFEST, LARGEST_MANIFEST):
        raise RefusedError(Rejection.LOCKED)
    if "META-INF/MANIFEST.MF" in names and any(name.endswith((".class", ".dex")) for name in names):
        raise RefusedError(Rejection.TYPE)


def _is_open_document(archive: zipfile.ZipFile) -> bool:
    """Return whether LibreOffice may take it for one of its own: by its list of contents, or by its type unless that is an e-book's."""
    names = archive.namelist()
    return MANIFEST in names or (MIMETYPE in names and type_of(archive) != EPUB)


def _is_office_macro(name: str) -> bool:
    """As Office lays them down: a VBA project, sheets of Excel 4."""
    return name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name


def _is_open_macro(name: str) -> bool:
    """As LibreOffice lays them down: modules of Basic, scripts."""
    if name.startswith("Basic/"):
        return name.endswith(".xml") and not name.endswith(LISTS_OF_MACROS)
    return name.startswith("Scripts/") and not name.endswith("/")


def _beginning(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as entry:
        return entry.read(most)
