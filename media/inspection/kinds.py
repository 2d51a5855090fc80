"""Which look a file gets. Types that stand here nowhere (plain text, tables, recordings without boxes) hold nothing to look into."""

from enum import StrEnum


class Kind(StrEnum):
    """What a file is made of."""

    PICTURE = "picture"
    FILM = "film"
    PDF = "pdf"
    DRAWING = "drawing"
    OLD_OFFICE = "old office document"
    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"


TYPES: dict[Kind, tuple[str, ...]] = {
    Kind.PICTURE: (
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/heif",
        "image/heic",
        "image/tiff",
        "image/bmp",
    ),
    Kind.FILM: ("video/", "audio/mp4", "audio/x-m4a"),
    Kind.PDF: ("application/pdf",),
    Kind.DRAWING: ("image/svg+xml",),
    Kind.OLD_OFFICE: ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/x-ole-storage"),
    Kind.ZIP: (
        "application/zip",
        "application/epub+zip",
        "model/3mf",
        "application/vnd.openxmlformats-officedocument.",
        "application/vnd.oasis.opendocument.",
    ),
    Kind.GZIP: ("application/gzip",),
    Kind.TAR: ("application/x-tar",),
}


def kind_of(content_type: str) -> Kind | None:
    """Return what a file of this type is made of, or None if there is nothing to look into."""
    return next((kind for kind, types in TYPES.items() if content_type.startswith(types)), None)
