"""Small files of every kind, good ones and bad ones, made here so that no test needs a collection."""

import io
import struct
import zipfile
import zlib

import pypdfium2
from PIL import Image

from media.inspection.findings import EICAR

__all__ = ["EICAR"]

LEAFLET = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A PDF of one empty page, always the same bytes."""

STRANGE_TIFF = b"II*\0\x08\0\0\0\0\0" + bytes(80)
"""A picture that our decoder cannot open, of a kind that others may."""


def picture(kind="PNG", size=(60, 40), mode="RGB"):
    file = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(file, kind)
    return file.getvalue()


def noisy_picture():
    """A PNG of which a stretch of the pixels was overwritten."""
    body = picture()
    return body[:60] + b"noise" * 20 + body[160:]


def png_header(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def pdf(pages=1):
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(200, 200)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def locked_pdf():
    """A PDF whose keys fit no password."""
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>/ID[<00><00>]"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R"
        + locked
        + b">>\n%%EOF\n"
    )


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    """A ZIP of a mapping from name to bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return file.getvalue()


def locked_zip():
    """A ZIP whose entries say that they are encrypted."""
    body = bytearray(zipped({"exam.txt": b"secret"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(signature) + offset] |= 1
    return bytes(body)


def zip_of_zeros(mebibytes=70):
    return zipped({"zeros.bin": bytes(mebibytes * 1024**2)})


def ooxml(more=None, folder="word"):
    return zipped({"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<document/>", **(more or {})})


def odf(more=None, manifest=b"<manifest:manifest/>"):
    mimetype = b"application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mimetype, "content.xml": b"<office/>", "META-INF/manifest.xml": manifest, **(more or {})})


def ole(streams):
    """An OLE file ([MS-CFB]) with these streams in its root; each is filled up to 4096 bytes, so that none is a small one."""
    bodies = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    bodies = {name: body + bytes(-len(body) % 512) for name, body in bodies.items()}
    entry_count = 1 + len(bodies)
    directory_sectors = -(-entry_count // 4)
    table = [0xFFFFFFFD] + [number + 1 for number in range(1, directory_sectors)] + [0xFFFFFFFE]
    entries = [_ole_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1 if bodies else 0xFFFFFFFF)]
    content = b""
    for number, (name, body) in enumerate(bodies.items(), 1):
        start = len(table)
        table += [*range(start + 1, start + len(body) // 512), 0xFFFFFFFE]
        following = number + 1 if number < len(bodies) else 0xFFFFFFFF
        entries.append(_ole_entry(name, 2, start, len(body), right=following))
        content += body
    assert len(table) <= 128, "one sector of the table is enough for tests"
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
    fat = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + fat + directory + content


def _ole_entry(name, kind, start, size, *, child=0xFFFFFFFF, right=0xFFFFFFFF):
    written = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1) + links + bytes(36) + struct.pack("<IQ", start, size)


def film(*boxes):
    """An MP4 with boxes of these names, each of 100 bytes."""
    return b"".join(struct.pack(">I4s", 100, name) + (b"isom" if name == b"ftyp" else b"").ljust(92, b"\0") for name in boxes)


def drawing(inside="", attributes="", before=""):
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inside}</svg>'.encode()
    )
