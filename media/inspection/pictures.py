"""Pictures made of pixels: whole, not too many pixels, nothing behind their end."""

from pathlib import Path

from PIL import Image

from media.decoding import FORMATS, MOST_PIXELS
from media.inspection import endings, films
from media.inspection.findings import Findings, Limits
from media.verdicts import FileWarning, RefusedError, Rejection

OPENED_BY_ALL = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
"""What our decoder cannot open of these, no browser can; the others have varieties that only their own programs know."""


def look(content_type: str, source: Path, limits: Limits, findings: Findings) -> None:
    broken = _decode(content_type, source, limits)
    endings.check(source, content_type)
    if content_type in films.BOXED:
        films.check_boxes(source, b"meta")
    if broken and content_type in OPENED_BY_ALL:
        raise RefusedError(Rejection.TRUNCATED if "truncated" in broken else Rejection.DAMAGED)
    if broken:
        findings.warnings.add(FileWarning.NOT_OPENED)


def _decode(content_type: str, source: Path, limits: Limits) -> str:
    """Return the decoder's complaint, empty if there is none. Asks for the size first, and decodes only what fits into memory."""
    if FORMATS[content_type] == "HEIF":
        import pillow_heif  # noqa: PLC0415 - only for pictures of phones

        pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # counted here
    try:
        with Image.open(source, formats=[FORMATS[content_type]]) as image:
            _check_size(image.width * image.height, limits)
            if image.width * image.height <= MOST_PIXELS:
                image.load()  # of a moving picture the first
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything at broken files
        return f"{type(error).__name__}: {error}"
    return ""


def _check_size(pixels: int, limits: Limits) -> None:
    if pixels == 0:
        raise RefusedError(Rejection.DAMAGED)
    if pixels > limits.pixels:
        raise RefusedError(Rejection.PIXELS)
