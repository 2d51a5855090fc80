"""What a look into a file finds; docs/adr/0011-what-files-are-taken.md is the same table in words."""

import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import zipfile

import pypdfium2
import pytest
from django.conf import settings

from media.inspection import archives
from media.inspection.__main__ import LOOKS
from media.inspection.findings import Findings, Limits
from media.inspection.kinds import kind_of
from media.verdicts import RefusedError
from tests.factories import files
from tests.factories.files import EICAR, drawing, film, odf, ole, ooxml, pdf, picture, zipped

LIMITS = Limits(pixels=600_000_000, entries=1000, unpacked_bytes=1024**3)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
ABBREVIATING = b'<!DOCTYPE x [<!ENTITY a "a">]><x/>'
SYMLINK = 0o120777 << 16


@pytest.fixture
def look(tmp_path):
    """Look into bytes of a type, here in this process; the code of the rejection, or the findings."""

    def run(content_type, body):
        source = tmp_path / "source"
        source.write_bytes(body)
        findings = Findings(content_type)
        try:
            LOOKS[kind_of(content_type)](content_type, source, LIMITS, findings)
        except RefusedError as refused:
            return refused.rejection
        return sorted(findings.warnings)

    return run


def linked(*links):
    """A ZIP of links: pairs of name and target."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, target in links:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = SYMLINK
            archive.writestr(entry, target)
    return file.getvalue()


def tar(*names, links=(), hard_links=(), body=bytes(600)):
    """A tar of files that all hold the same, and of links: pairs of name and target."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
        for kind, pairs in ((tarfile.SYMTYPE, links), (tarfile.LNKTYPE, hard_links)):
            for name, target in pairs:
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = kind, target
                archive.addfile(entry)
    return file.getvalue()


def tar_gz(*names, **more):
    return gzip.compress(tar(*names, **more))


def with_a_spoilt_middle(body):
    return body[: len(body) // 2] + b"noise" * 20 + body[len(body) // 2 + 100 :]


def nested(depth):
    body = zipped({"a.txt": b"words"})
    for _level in range(depth):
        body = zipped({"inner.zip": body})
    return body


def sheet(*records):
    """The stream of an old spreadsheet: its beginning, then records without content."""
    return {"Workbook": struct.pack("<HH16x", 0x0809, 16) + b"".join(struct.pack("<HH", kind, 0) for kind in records)}


WORD = {"WordDocument": b"\xec\xa5" + bytes(100)}
LOCKED_WORD = {"WordDocument": b"\xec\xa5" + bytes(8) + b"\x00\x01" + bytes(90)}
SLIDES = {"Current User": bytes(12) + b"\x5f\xc0\x91\xe3", "PowerPoint Document": bytes(64)}
LOCKED_SLIDES = SLIDES | {"Current User": bytes(12) + b"\xdf\xc4\xd1\xf3"}
RUNNING_SLIDES = SLIDES | {"PowerPoint Document": bytes(64) + struct.pack("<HHIIII", 2, 0x0400, 12, 1, 1, 2)}
NOISE = os.urandom(8000)

GOOD = {
    "a PNG": ("image/png", picture()),
    "a JPEG": ("image/jpeg", picture("JPEG")),
    "a JPEG with a film behind it, as phones make them": ("image/jpeg", picture("JPEG") + film(b"ftyp", b"moov")),
    "a GIF": ("image/gif", picture("GIF")),
    "a GIF filled up with zeros": ("image/gif", picture("GIF") + bytes(100)),
    "a WebP": ("image/webp", picture("WEBP")),
    "an AVIF": ("image/avif", picture("AVIF")),
    "a TIFF": ("image/tiff", picture("TIFF")),
    "a BMP": ("image/bmp", picture("BMP")),
    "a poster of more pixels than are decoded here": ("image/png", files.png_header(20_000, 10_000)),
    "a PDF": ("application/pdf", pdf(3)),
    "a PDF with an empty line behind its end": ("application/pdf", pdf() + b"\r\n\0\0"),
    "a film": ("video/mp4", film(b"ftyp", b"moov", b"mdat")),
    "a film with zeros behind it": ("video/mp4", film(b"ftyp", b"mdat", b"moov") + bytes(50)),
    "a recording": ("audio/x-m4a", film(b"ftyp", b"moov", b"mdat")),
    "a drawing": ("image/svg+xml", drawing("<a xlink:href='https://example.org/'><circle r='5'/></a>")),
    "a drawing with a picture in it": ("image/svg+xml", drawing("<image xlink:href='data:image/png;base64,AAAA'/>")),
    "a drawing with a style": ("image/svg+xml", drawing("<style>.a{fill:url(#b);background:url(data:image/png;base64,AA)}</style>")),
    "a drawing of Illustrator": (
        "image/svg+xml",
        drawing(
            "<switch><foreignObject requiredExtensions='&ai;'/></switch>",
            before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" '
            '[<!ENTITY ai "http://ns.adobe.com/AdobeIllustrator/10.0/">]>',
        ),
    ),
    "an old text document": (DOC, ole(WORD)),
    "an old spreadsheet": (XLS, ole(sheet(0x0042, 0x0161))),
    "old slides": (PPT, ole(SLIDES)),
    "an archive": ("application/zip", zipped({"a.txt": b"words", "sim/index.html": b"<script>run()</script>", "b/": b""})),
    "an archive with folders of scripts": ("application/zip", zipped({"Scripts/plot.py": b"print()", "Basic/lesson.xml": b"<x/>"})),
    "an e-book with a folder of scripts": (EPUB, zipped({"mimetype": EPUB.encode(), "Scripts/quiz.js": b"ask()"})),
    "an archive with XML that abbreviates": ("application/zip", zipped({"data/sky.xml": ABBREVIATING})),
    "an archive with packed tables": ("application/zip", zipped({"a.csv.gz": gzip.compress(b"1,2"), "b.tar.gz": tar_gz("b.csv")})),
    "an archive with links that stay in it": ("application/zip", linked(("node/bin/run", "../lib/run.js"), ("latest", "./2/b"))),
    "an empty archive": ("application/zip", zipped({})),
    "archives in archives": ("application/zip", nested(3)),
    "a text document": (DOCX, ooxml()),
    "an open document": (ODT, odf()),
    "a packed file": ("application/gzip", gzip.compress(b"words")),
    "a packed tape archive": ("application/gzip", tar_gz("./a.txt", "b/c.txt", links=[("b/d", "../a.txt")])),
    "a packed tape archive with good archives in it": ("application/gzip", tar_gz("a.zip", body=nested(2))),
    "a tape archive with links that stay in it": (
        "application/x-tar",
        tar("a/b.txt", links=[("a/c", "b.txt"), ("d", "a")], hard_links=[("e.txt", "a/b.txt")]),
    ),
    "a tape archive": ("application/x-tar", tar("a.txt", "b/c.txt")),
}

REFUSED = {
    "a PNG cut off": ("image/png", picture()[:-200], "truncated"),
    "a PNG without its end": ("image/png", picture()[:-12], "truncated"),
    "a JPEG cut off": ("image/jpeg", picture("JPEG", (400, 400))[:3000], "truncated"),
    "a GIF cut off": ("image/gif", picture("GIF")[:-300], "truncated"),
    "a PDF cut off": ("application/pdf", pdf(3)[:-150], "truncated"),
    "a film cut off": ("video/mp4", film(b"ftyp", b"moov", b"mdat")[:-20], "truncated"),
    "a film that was never finished": ("video/mp4", film(b"ftyp", b"mdat"), "truncated"),
    "a drawing cut off": ("image/svg+xml", drawing("<g/>")[:-8], "truncated"),
    "an archive cut off": ("application/zip", zipped({"a.bin": bytes(500), "b.bin": bytes(500)})[:-60], "truncated"),
    "a packed file cut off": ("application/gzip", gzip.compress(b"words" * 100)[:-9], "truncated"),
    "a tape archive cut off": ("application/x-tar", tar("a.txt")[:700], "truncated"),
    "a packed tape archive cut off": ("application/gzip", tar_gz("a.txt", body=NOISE)[:-2000], "truncated"),
    "a packed tape archive that was cut off before": ("application/gzip", gzip.compress(tar("a.txt")[:700]), "truncated"),
    "a packed tape archive with noise inside": ("application/gzip", with_a_spoilt_middle(tar_gz("a.txt", body=NOISE)), "damaged"),
    "a PNG with noise inside": ("image/png", files.noisy_picture(), "damaged"),
    "an archive whose beginning is lost": ("application/zip", zipped({"a.bin": b"words" * 99, "b": b"b"})[40:], "damaged"),
    "a drawing that is not well-formed": ("image/svg+xml", drawing("<g></h>"), "damaged"),
    "an old document that is none": (DOC, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "damaged"),
    "a PNG of 900 million pixels": ("image/png", files.png_header(30_000, 30_000), "too-many-pixels"),
    "a GIF that begins a comment": ("image/gif", b"GIF89a/*" + bytes(8) + b"*/=1;alert(1)//", "two-in-one"),
    "a GIF with a script behind its end": ("image/gif", picture("GIF") + b"*/=1;alert(1)", "two-in-one"),
    "a PNG with an archive behind its end": ("image/png", picture() + zipped({"a": b"a"}), "two-in-one"),
    "a JPEG with a page behind its end": ("image/jpeg", picture("JPEG") + b"<html><body>", "two-in-one"),
    "a JPEG with words behind its end": ("image/jpeg", picture("JPEG") + b"location = 'https://example.org/'", "two-in-one"),
    "a PNG with a program behind its end": ("image/png", picture() + b"MZ\x90\0" + bytes(range(256)), "two-in-one"),
    "a PDF with an archive behind its end": ("application/pdf", pdf() + zipped({"a": b"a"}), "two-in-one"),
    "a PDF with a page behind its end": ("application/pdf", pdf() + b"<script>alert(1)</script>", "two-in-one"),
    "a PDF with an archive behind its end that hides it": (
        "application/pdf",
        pdf() + zipped({"a": b"a"})[:-2] + b"\x06\0\n%%EOF",
        "two-in-one",
    ),
    "a PDF with a large archive behind its end": (
        "application/pdf",
        pdf() + zipped({"a": bytes(100_000)}, zipfile.ZIP_STORED),
        "two-in-one",
    ),
    "a film with an archive behind its end": ("video/mp4", film(b"ftyp", b"moov") + zipped({"a": b"a"}), "two-in-one"),
    "a drawing that is an archive, too": ("image/svg+xml", drawing() + zipped({"a": b"a"}), "two-in-one"),
    "a PDF with a password": ("application/pdf", files.locked_pdf(), "locked"),
    "an archive with a password": ("application/zip", files.locked_zip(), "locked"),
    "a text document with a password": ("application/x-ole-storage", ole({"EncryptedPackage": b"x"}), "locked"),
    "an old text document with a password": (DOC, ole(LOCKED_WORD), "locked"),
    "old slides with a password": (PPT, ole(LOCKED_SLIDES), "locked"),
    "an open document with a password": (ODT, odf(manifest=b"<manifest:encryption-data/>"), "locked"),
    "a text document with macros": (DOCX, ooxml({"word/vbaProject.bin": b"x"}), "macros"),
    "a spreadsheet with macros of Excel 4": (DOCX, ooxml({"xl/macrosheets/sheet1.xml": b"<x/>"}, "xl"), "macros"),
    "an open document with macros": (ODT, odf({"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "an open document with scripts": (ODT, odf({"Scripts/python/run.py": b"x"}), "macros"),
    "an open document with scripts that does not say what it is": (
        "application/zip",
        zipped({"content.xml": b"<x/>", "META-INF/manifest.xml": b"<x/>", "Scripts/python/run.py": b"x"}),
        "macros",
    ),
    "an open document with scripts that calls itself an e-book": (
        EPUB,
        zipped({"mimetype": EPUB.encode(), "META-INF/manifest.xml": b"<x/>", "Scripts/python/run.py": b"x"}),
        "macros",
    ),
    "an open document of another kind with macros, in an archive": (
        "application/zip",
        zipped({"a.sxw": zipped({"mimetype": b"application/vnd.sun.xml.writer", "Basic/Standard/Module1.xml": b"<x/>"})}),
        "macros",
    ),
    "an old document with macros": (DOC, ole(WORD | {"_VBA_PROJECT": b"x"}), "macros"),
    "old slides with macros": (PPT, ole(RUNNING_SLIDES), "macros"),
    "a document with macros in an archive": ("application/zip", zipped({"a.docm": ooxml({"word/vbaProject.bin": b"x"})}), "macros"),
    "an old document with macros in an archive": ("application/zip", zipped({"a.doc": ole({"_VBA_PROJECT": b"x"})}), "macros"),
    "a document with macros in a packed tape archive": (
        "application/gzip",
        tar_gz("a.docm", body=ooxml({"word/vbaProject.bin": b"x"})),
        "macros",
    ),
    "a document with macros in a tape archive": ("application/x-tar", tar("a.doc", body=ole({"_VBA_PROJECT": b"x"})), "macros"),
    "an archive that grows a thousandfold": ("application/zip", files.zip_of_zeros(), "decompression-bomb"),
    "such archives in an archive": ("application/zip", zipped({"a.zip": files.zip_of_zeros()}, zipfile.ZIP_STORED), "decompression-bomb"),
    "archives in archives in archives in archives": ("application/zip", nested(4), "decompression-bomb"),
    "an archive of very many files": ("application/zip", zipped({f"{n}": b"" for n in range(1001)}), "decompression-bomb"),
    "a packed file that grows a thousandfold": ("application/gzip", gzip.compress(bytes(70 * 1024**2)), "decompression-bomb"),
    "a packed tape archive that grows a thousandfold": ("application/gzip", tar_gz("a", body=bytes(70 * 1024**2)), "decompression-bomb"),
    "a packed tape archive of very many files": (
        "application/gzip",
        tar_gz(*(f"{n}" for n in range(1001)), body=b""),
        "decompression-bomb",
    ),
    "archives in archives in archives in a packed tape archive": (
        "application/gzip",
        tar_gz("a.zip", body=nested(3)),
        "decompression-bomb",
    ),
    "a text document with entities": (DOCX, ooxml({"word/a.xml": ABBREVIATING}), "decompression-bomb"),
    "a text document with entities in UTF-16": (DOCX, ooxml({"word/a.xml": "<!ENTITY a 'a'>".encode("utf-16")}), "decompression-bomb"),
    "a document with entities in an archive": (
        "application/zip",
        zipped({"inner.zip": zipped({"a.docx": ooxml({"word/a.xml": ABBREVIATING})})}),
        "decompression-bomb",
    ),
    "an e-book with entities": (EPUB, zipped({"mimetype": EPUB.encode(), "a.xhtml": ABBREVIATING}), "decompression-bomb"),
    "a document with entities whose list of contents is amiss": (DOCX, zipped({"word/document.xml": ABBREVIATING}), "decompression-bomb"),
    "a drawing whose entities grow": (
        "image/svg+xml",
        drawing("&b;", before='<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'),
        "decompression-bomb",
    ),
    "a drawing with a very long entity": (
        "image/svg+xml",
        drawing(before=f'<!DOCTYPE svg [<!ENTITY a "{"a" * 2000}">]>'),
        "decompression-bomb",
    ),
    "a drawing that reads another file": (
        "image/svg+xml",
        drawing("&x;", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "/etc/hostname">]>'),
        "script",
    ),
    "a drawing with a script": ("image/svg+xml", drawing("<script>alert(1)</script>"), "script"),
    "a drawing with a script by another prefix": ("image/svg+xml", drawing('<s:script xmlns:s="http://www.w3.org/2000/svg"/>'), "script"),
    "a drawing that runs when loaded": ("image/svg+xml", drawing(attributes="onload='alert(1)'"), "script"),
    "a drawing with a link that runs": ("image/svg+xml", drawing("<a xlink:href=' java\tscript:alert(1)'/>"), "script"),
    "a drawing that puts such a link in": ("image/svg+xml", drawing("<set attributeName='href' to='javascript:alert(1)'/>"), "script"),
    "a drawing with a page in it": ("image/svg+xml", drawing("<foreignObject><iframe src='x'/></foreignObject>"), "script"),
    "a drawing with a picture from elsewhere": ("image/svg+xml", drawing("<image href='https://example.org/a.png'/>"), "script"),
    "a drawing with a style from elsewhere": ("image/svg+xml", drawing("<style>@import '//example.org/a.css'</style>"), "script"),
    "a drawing with a filling from elsewhere": ("image/svg+xml", drawing("<g style='fill: url( \"https://example.org/#a\")'/>"), "script"),
    "a drawing with a style sheet": ("image/svg+xml", drawing(before='<?xml-stylesheet href="a.css"?>'), "script"),
    "a virus in an archive": ("application/zip", zipped({"a.com": EICAR}), "malware"),
    "a virus in an archive in an archive": ("application/zip", zipped({"a.zip": zipped({"a.txt": EICAR + b"\r\n"})}), "malware"),
    "a virus in a packed tape archive": ("application/gzip", tar_gz("a.com", body=EICAR), "malware"),
    "a virus in a tape archive in an archive": ("application/zip", zipped({"a.tar": tar("a.com", body=EICAR)}), "malware"),
    "an archive with a way out": ("application/zip", zipped({"../../evil.txt": b"x"}), "unsafe-paths"),
    "an archive with a way to the root": ("application/zip", zipped({"/etc/evil": b"x"}), "unsafe-paths"),
    "an archive with a drive": ("application/zip", zipped({"C:\\evil.txt": b"x"}), "unsafe-paths"),
    "an archive with a link that leads out": ("application/zip", linked(("link", "../../etc/passwd")), "unsafe-paths"),
    "a tape archive with a way out": ("application/x-tar", tar("../evil.txt"), "unsafe-paths"),
    "a tape archive with a link that leads out": ("application/x-tar", tar("a.txt", links=[("link", "/etc/passwd")]), "unsafe-paths"),
    "a tape archive with a second name for what lies outside": (
        "application/x-tar",
        tar("a.txt", hard_links=[("b", "../a.txt")]),
        "unsafe-paths",
    ),
    "a tape archive with a second name for a link": (
        "application/x-tar",
        tar(links=[("a/b/c", "../../d")], hard_links=[("c", "a/b/c")]),
        "unsafe-paths",
    ),
    "an archive with a link that goes down and then out": ("application/zip", linked(("a/b", "c/../../../d")), "unsafe-paths"),
    "an archive with a link to its own folder's folder": ("application/zip", linked(("a/b", "../..")), "unsafe-paths"),
    "an archive with a link to the root": ("application/zip", linked(("a", "/etc")), "unsafe-paths"),
    "an archive with a long link that leads out": ("application/zip", linked(("a", "b/" * 400 + "../" * 500)), "unsafe-paths"),
    "an archive with links that lead out together": ("application/zip", linked(("a", "."), ("A/b", "..")), "unsafe-paths"),
    "a packed tape archive with a way out": ("application/gzip", tar_gz("../evil.txt"), "unsafe-paths"),
    "a packed tape archive with a link that leads out": ("application/gzip", tar_gz(links=[("a", "..")]), "unsafe-paths"),
    "a packed tape archive with a way out, in an archive": ("application/zip", zipped({"a.tgz": tar_gz("/etc/evil")}), "unsafe-paths"),
    "a program in Java": ("application/zip", zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), "type-not-allowed"),
}

WARNED = {
    "an archive with a program": ("application/zip", zipped({"setup.EXE": b"MZ"}), ["holds-programs"]),
    "an archive with a program in Java": (
        "application/zip",
        zipped({"a": zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"})}),
        ["holds-programs"],
    ),
    "a tape archive with a program": ("application/x-tar", tar("setup.exe"), ["holds-programs"]),
    "a packed tape archive with a program": ("application/gzip", tar_gz("setup.exe"), ["holds-programs"]),
    "a packed tape archive with a locked archive": ("application/gzip", tar_gz("a.zip", body=files.locked_zip()), ["seems-locked"]),
    "an archive with a broken tape archive": ("application/zip", zipped({"a.tar": tar("a.txt")[:700]}), ["not-opened"]),
    "a PDF with a program": ("application/pdf", None, ["holds-programs"]),
    "an archive with a locked one": ("application/zip", zipped({"solutions.zip": files.locked_zip()}), ["seems-locked"]),
    "an archive with a broken one": ("application/zip", zipped({"a.zip": zipped({"a": bytes(500)})[:-40]}), ["not-opened"]),
    "an old spreadsheet that may have a password": (XLS, ole(sheet(0x002F)), ["seems-locked"]),
    "a TIFF that only its own program knows": ("image/tiff", files.STRANGE_TIFF, ["not-opened"]),
}


@pytest.mark.parametrize(("content_type", "body"), GOOD.values(), ids=GOOD)
def test_good_files_are_taken_without_a_word(look, content_type, body):
    assert look(content_type, body) == []


@pytest.mark.parametrize(("content_type", "body", "rejection"), REFUSED.values(), ids=REFUSED)
def test_bad_files_are_told_apart(look, content_type, body, rejection):
    assert look(content_type, body) == rejection


@pytest.mark.parametrize(("content_type", "body", "warnings"), WARNED.values(), ids=WARNED)
def test_odd_files_are_taken_with_a_word(look, content_type, body, warnings):
    assert look(content_type, body or pdf_with("setup.exe")) == warnings


def test_a_small_document_beside_a_large_film_is_no_bomb(look):
    film_and_sheet = {"film.mp4": os.urandom(65 * 1024**2), "sheet.docx": ooxml()}
    assert look("application/zip", zipped(film_and_sheet, zipfile.ZIP_STORED)) == []


def test_of_a_very_large_packed_file_only_so_much_is_unpacked(look, monkeypatch):
    monkeypatch.setattr(archives, "MOST_OF_GZIP", 5000)
    assert look("application/gzip", tar_gz("a.bin", body=NOISE)) == ["not-inspected"]
    assert look("application/gzip", gzip.compress(NOISE)) == ["not-inspected"]


def pdf_with(name):
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.new_attachment(name).set_data(b"MZ")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (zipped({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), DOCX),
        (zipped({"content.xml": b"", "mimetype": ODT.encode()}), ODT),
    ],
)
def test_a_document_is_known_by_what_is_in_it_whatever_the_order(tmp_path, body, found):
    source = tmp_path / "source"
    source.write_bytes(body)
    process = fenced("application/zip", source)
    assert json.loads(process.stdout) == {"content_type": found, "warnings": [], "rejection": None}


def fenced(content_type, source, limits=LIMITS):
    written = json.dumps({"pixels": limits.pixels, "entries": limits.entries, "unpacked_bytes": limits.unpacked_bytes})
    command = [sys.executable, "-m", "media.inspection", content_type, written, str(source)]
    return subprocess.run(command, cwd=settings.BASE_DIR, check=False, capture_output=True)


def test_the_process_says_what_it_refuses(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(files.locked_zip())
    assert json.loads(fenced("application/zip", source).stdout)["rejection"] == "locked"


def test_the_process_says_that_it_could_not_look(tmp_path):
    process = fenced("application/zip", tmp_path / "nothing")
    assert process.returncode == 3
    assert b"FileNotFoundError" in process.stderr


def test_the_process_knows_nothing_of_django():
    script = (
        "import sys, media.inspection.__main__; sys.exit(any(name.split('.')[0] in {'django', 'boto3', 'config'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR, check=False).returncode == 0
