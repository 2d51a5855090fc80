"""Opens files that strangers sent, in a process of its own with limits: `python -m media.decoding DECODER TYPE INPUT FOLDER`.

Writes thumbnails into FOLDER and one JSON object to standard output: width, height (pixels), pages, duration_seconds, and
thumbnails: [{"file", "variant", "width", "height"}]; what could not be found out is left out. Exit status 3: the file cannot be
opened, one line on standard error says why. Knows nothing of Django, the database or the store, and gets none of their secrets.
"""

import contextlib
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

WIDTHS = (320, 960)
TALLEST = 3  # a thumbnail is at most so many times as high as it is wide
MOST_PIXELS = 80_000_000
MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60
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


class CannotOpenError(Exception):
    """The file is broken, locked, too large, or needs a program that is not here."""


def limit_resources() -> None:
    """Bind this process and its children to memory, processor time and size of output."""
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_FSIZE, OUTPUT_BYTES)):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def decode_image(content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    kind = FORMATS[content_type]
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415 - only for pictures of phones

        pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=[kind]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise CannotOpenError(f"{image.width} x {image.height} pixels are too many")
        if kind == "JPEG":
            image.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2 * TALLEST))
        full = _upright(Image.open(source, formats=[kind]).size, image.getexif().get(0x0112, 1))
        upright = ImageOps.exif_transpose(image)
        return {"width": full[0], "height": full[1], "thumbnails": thumbnails(_in_srgb(upright), folder)}


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
    """Write the picture in each width, never wider than it is; without metadata, as WebP. Of a very tall one, the upper part."""
    made: list[dict[str, Any]] = []
    if image.height > image.width * TALLEST:
        image = image.crop((0, 0, image.width, image.width * TALLEST))
    for width in WIDTHS:
        if made and image.width <= made[-1]["width"]:
            break
        small = image.copy()
        small.thumbnail((width, width * TALLEST), Image.Resampling.LANCZOS)
        clean = Image.new(small.mode, small.size)
        clean.paste(small)
        name = f"thumbnail-{width}.webp"
        clean.save(folder / name, "WEBP", quality=80, method=4)
        made.append({"file": name, "variant": str(width), "width": clean.width, "height": clean.height})
    return made


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
    page = document[0]
    width, height = page.get_size()
    scale = min(WIDTHS[-1] / width, WIDTHS[-1] * TALLEST / height)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    return {"pages": pages, "thumbnails": thumbnails(picture, folder)}


def decode_media(content_type: str, source: Path, folder: Path) -> dict[str, Any]:
    """Measure a film or a recording with ffprobe, and take a frame of a film near its beginning with ffmpeg."""
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
            found["thumbnails"] = thumbnails(image.convert("RGB"), folder)
        found |= {"width": films[0]["width"], "height": films[0]["height"]}
    return found


def _run(command: list[str]) -> bytes:
    try:
        return subprocess.run(command, check=True, capture_output=True, timeout=CPU_SECONDS).stdout
    except FileNotFoundError as error:
        raise CannotOpenError(f"{command[0]} is not installed") from error
    except subprocess.SubprocessError as error:
        raise CannotOpenError(str(getattr(error, "stderr", b"") or error)[:500]) from error


DECODERS = {"image": decode_image, "pdf": decode_pdf, "video": decode_media, "audio": decode_media}


def main(arguments: list[str]) -> int:
    decoder, content_type, source, folder = arguments
    limit_resources()
    try:
        found = DECODERS[decoder](content_type, Path(source), Path(folder))
    except Exception as error:  # noqa: BLE001 - decoders raise anything at broken files
        sys.stderr.write(f"{type(error).__name__}: {error}\n"[:1000])
        return CANNOT_OPEN
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
