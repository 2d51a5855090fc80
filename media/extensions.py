"""What the end of a file's name says, and whether the content agrees. The content decides; a name that lies is mended on the way out."""

import re

TEXTS = re.findall(r"\w+", "txt text log md rst tex bib csv tsv tab srt vtt sub json geojson ndjson jsonl yaml yml toml ini xml rtf po")

EXTENSIONS: dict[str, list[str]] = {
    "application/pdf": ["pdf", "ai"],
    "image/jpeg": ["jpg", "jpeg", "jpe", "jfif", "mpo"],
    "image/png": ["png", "apng"],
    "image/gif": ["gif"],
    "image/webp": ["webp"],
    "image/avif": ["avif"],
    "image/heif": ["heif", "heic", "hif"],
    "image/heic": ["heic", "heif", "hif"],
    "image/tiff": ["tif", "tiff", "dng"],
    "image/bmp": ["bmp", "dib"],
    "image/svg+xml": ["svg"],
    "image/vnd.adobe.photoshop": ["psd", "psb"],
    "application/postscript": ["ps", "eps", "ai"],
    "video/mp4": ["mp4", "m4v", "mov", "m4a", "m4b"],
    "video/webm": ["webm"],
    "video/quicktime": ["mov", "qt", "mp4", "m4v"],
    "video/x-m4v": ["m4v", "mp4", "mov"],
    "video/x-matroska": ["mkv", "mka", "webm"],
    "video/ogg": ["ogv", "ogg", "ogx"],
    "video/x-msvideo": ["avi"],
    "video/mpeg": ["mpg", "mpeg", "m2v", "vob"],
    "audio/mpeg": ["mp3", "mp2", "mpga"],
    "audio/x-m4a": ["m4a", "m4b", "mp4"],
    "audio/mp4": ["m4a", "m4b", "mp4"],
    "audio/ogg": ["ogg", "oga", "opus", "spx"],
    "audio/flac": ["flac"],
    "audio/x-wav": ["wav", "wave"],
    "audio/aac": ["aac"],
    "audio/midi": ["mid", "midi"],
    "application/msword": ["doc", "dot"],
    "application/vnd.ms-excel": ["xls", "xlt", "xla"],
    "application/vnd.ms-powerpoint": ["ppt", "pps", "pot"],
    "application/x-ole-storage": ["doc", "dot", "xls", "xlt", "ppt", "pps", "pot", "pub", "vsd", "mpp"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx", "dotx"],
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx", "xltx"],
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx", "ppsx", "potx"],
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow": ["ppsx", "pptx"],
    "application/vnd.oasis.opendocument.text": ["odt", "ott"],
    "application/vnd.oasis.opendocument.spreadsheet": ["ods", "ots"],
    "application/vnd.oasis.opendocument.presentation": ["odp", "otp"],
    "application/vnd.oasis.opendocument.graphics": ["odg", "otg"],
    "application/epub+zip": ["epub"],
    "application/zip": ["zip", "3mf"],
    "application/x-7z-compressed": ["7z"],
    "application/gzip": ["gz", "tgz"],
    "application/x-tar": ["tar"],
    "model/stl": ["stl"],
    "model/3mf": ["3mf"],
    "text/rtf": ["rtf", "doc"],
    "text/plain": ["txt", *TEXTS, "stl", "obj", "eps", "ps"],
    "text/csv": ["csv", *TEXTS],
    "text/vtt": ["vtt", *TEXTS],
    "application/x-subrip": ["srt", *TEXTS],
    "application/json": ["json", *TEXTS],
}
"""Extensions that fit a type, the usual one first. What is written is often called by another name that fits as well."""

RUNNING = re.findall(
    r"\w+", "exe com scr pif msi bat cmd ps1 vbs vbe js jse wsf wsh hta lnk url reg jar apk app dmg html htm xhtml shtml php svgz swf"
)
"""By these names a computer or a browser runs a file, whatever it holds."""

KNOWN = {*RUNNING, *(extension for fitting in EXTENSIONS.values() for extension in fitting)}


def of(filename: str) -> str:
    """Return the extension in lower case, without its dot; empty if there is none."""
    stem, _dot, extension = filename.rpartition(".")
    return extension.lower() if stem else ""


def fits(filename: str, content_type: str) -> bool:
    """Return whether a name says what the content is. One without an extension, or with one that we do not know, says nothing false."""
    extension = of(filename)
    return extension not in KNOWN or content_type not in EXTENSIONS or extension in EXTENSIONS[content_type]


def usual(content_type: str) -> str:
    """Return the extension that files of this type usually have; empty if we know none."""
    return EXTENSIONS.get(content_type, [""])[0]


def name_for_download(filename: str, content_type: str) -> str:
    """Return the name under which a file is given out: with the right extension behind a false one."""
    return filename if fits(filename, content_type) else f"{filename}.{usual(content_type)}"
