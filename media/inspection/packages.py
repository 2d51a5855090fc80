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
WRITTEN_IN_MIMETYPE = ("application/vnd.oasis.opendocument.", "application/epub+zip")
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
    if any(_is_macro(name) for name in names):
        raise RefusedError(Rejection.MACROS)
    if MIMETYPE in names and MANIFEST in names and b"encryption-data" in _beginning(archive, MANIFEST, LARGEST_MANIFEST):
        raise RefusedError(Rejection.LOCKED)
    if "META-INF/MANIFEST.MF" in names and any(name.endswith((".class", ".dex")) for name in names):
        raise RefusedError(Rejection.TYPE)


def _is_macro(name: str) -> bool:
    """As Office and LibreOffice lay them down: a VBA project, sheets of Excel 4, modules of Basic, scripts."""
    if name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name:
        return True
    return (name.startswith("Basic/") and name.endswith(".xml") and not name.endswith(LISTS_OF_MACROS)) or (
        name.startswith("Scripts/") and not name.endswith("/")
    )


def _beginning(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as entry:
        return entry.read(most)
