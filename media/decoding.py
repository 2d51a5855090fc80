"""Opens files that strangers sent, in a process of its own with limits: `python -m media.decoding DECODER TYPE INPUT FOLDER`.

Writes what it makes into FOLDER and one JSON object to standard output: width, height (pixels), pages, duration_seconds;
files: [{"file", "kind", "variant", "content_type", "width", "height"}], kind and variant as media.models.DerivedFile has them;
text: the name of a file in UTF-8 with the words. What could not be found out is left out. Exit status 3: the file cannot be
opened, the last line of standard error says why, a code of Problem first. Knows nothing of Django, the database or the store, and
gets none of their secrets.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageCms, ImageOps

from core import limits
from media import reading, subtitles

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

WIDTHS = (320, 960)
ENLARGED = 1920
TALLEST = 3  # a picture made here is at most so many times as high as it is wide
PAGE_WIDTH = 1200
MOST_PAGES = 10
WAVEFORM = "1200x160"
WAVEFORM_RATE = 8000  # samples a second: ffmpeg keeps all of them in memory until it draws
WAVEFORM_COLOUR = "0x1b46b8"
WEBP = "image/webp"
MOST_PIXELS = 80_000_000
MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60
PICTURE_SECONDS, READING_SECONDS = 25, 45  # of it: no further page is drawn, or read, after so many
OUTPUT_BYTES = 64 * 1024**2
CANNOT_OPEN = 3

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
    "image/heif": "HEIF",
    "image/heic": "HEIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
}
# The demuxer is named, never guessed: a playlist that calls itself a film would read other files.
DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-m4v": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/x-m4a": "mov",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/x-wav": "wav",
}


class Problem(StrEnum):
    """Why a file cannot be opened."""

    BROKEN = "broken"
    TOO_LARGE = "too-large"
    PROGRAM_MISSING = "program-missing"
    NOT_CONVERTED = "not-converted"


class CannotOpenError(Exception):
    """The file is broken, locked, too large, or needs a program that is not here."""

    def __init__(self, detail: str, problem: Problem = Problem.BROKEN) -> None:
        super().__init__(detail)
        self.problem = problem


def limit_resources(output_bytes: int = OUTPUT_BYTES) -> None:
    """Bind this process and its children to memory, processor time and size of output."""
    limits.bind(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, file_bytes=output_bytes)


def decode_image(content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    kind = FORMATS[content_type]
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415 - only for pictures of phones

        pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=[kind]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise CannotOpenError(f"{image.width} x {image.height} pixels are too many", Problem.TOO_LARGE)
        if kind == "JPEG":
            image.draft("RGB", (ENLARGED, ENLARGED * TALLEST))
        full = _upright(Image.open(source, formats=[kind]).size, image.getexif().get(0x0112, 1))
        upright = _in_srgb(ImageOps.exif_transpose(image))
        files = thumbnails(upright, folder)
        if upright.width > files[-1]["width"]:
            files.append(_saved(upright, folder, kind="preview", variant="enlarged", width=ENLARGED))
        return {"width": full[0], "height": full[1], "files": files}


def _upright(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return width and height as a viewer sees them; EXIF orientations 5 to 8 lie on their side."""
    return (size[1], size[0]) if orientation in {5, 6, 7, 8} else size


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture in the colours of the web, its profile used and dropped."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):  # a broken profile only costs its colours
            import io  # noqa: PLC0415

            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode)
            image = converted or image
    return image.convert("RGBA" if has_alpha else "RGB")


def thumbnails(image: Image.Image, folder: Path) -> list[dict[str, Any]]:
    """Write the picture in each width, never wider than it is. Of a very tall one, the upper part."""
    made: list[dict[str, Any]] = []
    if image.height > image.width * TALLEST:
        image = image.crop((0, 0, image.width, image.width * TALLEST))
    for width in WIDTHS:
        if made and image.width <= made[-1]["width"]:
            break
        made.append(_saved(image, folder, kind="thumbnail", variant=str(width), width=width))
    return made


def _saved(image: Image.Image, folder: Path, *, kind: str, variant: str, width: int) -> dict[str, Any]:
    """Write the picture as WebP, within a width and TALLEST, without metadata; return its entry of `files`."""
    small = image.copy()
    small.thumbnail((width, width * TALLEST), Image.Resampling.LANCZOS)
    clean = Image.new(small.mode, small.size)
    clean.paste(small)
    name = f"{kind}-{variant}.webp"
    clean.save(folder / name, "WEBP", quality=80, method=4)
    return {"file": name, "kind": kind, "variant": variant, "content_type": WEBP, "width": clean.width, "height": clean.height}


def _words(pieces: Iterator[str], folder: Path) -> dict[str, Any]:
    """Write a text down; nothing where it is empty."""
    text = reading.gathered(pieces)
    if not text:
        return {}
    (folder / "text.txt").write_text(text, encoding="utf-8")
    return {"text": "text.txt"}


def decode_pdf(_content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    import pypdfium2  # noqa: PLC0415 - only here

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise CannotOpenError(str(error)) from error
    pages = len(document)
    if not pages:
        raise CannotOpenError("no pages")
    document.init_forms()
    files: list[dict[str, Any]] = []
    for number in range(min(pages, MOST_PAGES)):
        if number and time.process_time() > PICTURE_SECONDS:
            break
        picture = _drawn(document[number])
        if not number:
            files += thumbnails(picture, folder)
        files.append(_saved(picture, folder, kind="preview", variant=f"page-{number + 1}", width=PAGE_WIDTH))
    return {"pages": pages, "files": files, **_words(_pdf_words(document), folder)}


def _drawn(page: "PdfPage") -> Image.Image:
    width, height = page.get_size()
    scale = min(PAGE_WIDTH / width, PAGE_WIDTH * TALLEST / height)
    return page.render(scale=scale).to_pil().convert("RGB")


def _pdf_words(document: "PdfDocument") -> Iterator[str]:
    """Yield the text of each page, of the first ones only where reading takes too long. A hyphen at the end of a line joins."""
    for page in document:
        if time.process_time() > READING_SECONDS:
            return
        words = page.get_textpage()
        yield words.get_text_bounded().replace("\ufffe\r\n", "").replace("\x02\r\n", "") + "\n"
        words.close()
        page.close()


def decode_media(content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    """Measure a film or a recording with ffprobe; take a frame of a film near its beginning with ffmpeg, or draw a recording's waves."""
    of_file = ["-protocol_whitelist", "file", "-f", DEMUXERS[content_type]]
    show = ["-show_entries", "stream=codec_type,width,height:format=duration", "-of", "json"]
    answer = json.loads(_run(["ffprobe", "-v", "error", *of_file, *show, str(source)]))
    seconds = float(answer.get("format", {}).get("duration", 0) or 0)
    found: dict[str, Any] = {"duration_seconds": round(seconds, 2)} if seconds else {}
    films = [stream for stream in answer.get("streams", []) if stream.get("codec_type") == "video" and stream.get("width")]
    if films and content_type.startswith("video/"):
        poster = folder / "poster.png"
        at = str(min(3.0, seconds / 3))
        one = ["-frames:v", "1", "-vf", f"scale='min({WIDTHS[-1]},iw)':-2", "-threads", "1", "-y", str(poster)]
        _run(["ffmpeg", "-nostdin", "-v", "error", *of_file, "-threads", "1", "-ss", at, "-i", str(source), *one])
        with Image.open(poster) as image:
            found["files"] = thumbnails(image.convert("RGB"), folder)
        found |= {"width": films[0]["width"], "height": films[0]["height"]}
    elif content_type.startswith("audio/"):
        with contextlib.suppress(CannotOpenError):  # hours of sound take too long: then it is played without a picture
            found["files"] = [_waveform(of_file, source, folder)]
    return found


def _waveform(of_file: list[str], source: Path, folder: Path) -> dict[str, Any]:
    drawing = folder / "waveform.png"
    waves = f"aformat=channel_layouts=mono,aresample={WAVEFORM_RATE},showwavespic=s={WAVEFORM}:colors={WAVEFORM_COLOUR}"
    one = ["-filter_complex", waves, "-frames:v", "1", "-threads", "1", "-y", str(drawing)]
    _run(["ffmpeg", "-nostdin", "-v", "error", *of_file, "-threads", "1", "-i", str(source), *one])
    with Image.open(drawing) as image:
        return _saved(image.convert("RGBA"), folder, kind="preview", variant="waveform", width=image.width)


def decode_office(content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    return _words(reading.office_words(content_type, source), folder)


def decode_archive(_content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    return _words(reading.archive_words(source), folder)


def decode_text(_content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    """Read a text; what is subtitles also becomes WebVTT, which is what browsers show."""
    text = reading.plain_words(source.read_bytes())
    cues = subtitles.cues_of(text)
    if not cues:
        return _words(iter([text]), folder)
    (folder / "captions.vtt").write_text(subtitles.as_webvtt(cues), encoding="utf-8")
    captions = {"file": "captions.vtt", "kind": "captions", "variant": "webvtt", "content_type": "text/vtt"}
    return {"files": [captions], **_words((f"{cue.words}\n" for cue in cues), folder)}


def _run(command: list[str]) -> bytes:
    try:
        return subprocess.run(command, check=True, capture_output=True, timeout=CPU_SECONDS).stdout
    except FileNotFoundError as error:
        raise CannotOpenError(f"{command[0]} is not installed", Problem.PROGRAM_MISSING) from error
    except subprocess.SubprocessError as error:
        raise CannotOpenError(str(getattr(error, "stderr", b"") or error)[:500]) from error


DECODERS = {
    "image": decode_image,
    "pdf": decode_pdf,
    "video": decode_media,
    "audio": decode_media,
    "office": decode_office,
    "text": decode_text,
    "archive": decode_archive,
}


def main(arguments: list[str]) -> int:
    decoder, content_type, source, folder = arguments
    limit_resources()
    try:
        found = DECODERS[decoder](content_type, Path(source), Path(folder))
    except Exception as error:  # noqa: BLE001 - decoders raise anything at broken files
        why = " ".join(f"{_problem(error)} {type(error).__name__}: {error}".split())
        sys.stderr.write(f"\n{why[:1000]}\n")
        return CANNOT_OPEN
    sys.stdout.write(json.dumps(found))
    return 0


def _problem(error: Exception) -> Problem:
    if isinstance(error, CannotOpenError):
        return error.problem
    too_large = isinstance(error, MemoryError | reading.UnpacksToTooMuchError | Image.DecompressionBombError)
    return Problem.TOO_LARGE if too_large else Problem.BROKEN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
