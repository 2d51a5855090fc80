"""Small real documents with given words, made without the programs that usually make them."""

import io
import wave
import zipfile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


def pdf(*pages):
    """A PDF with a line of Latin text on each page."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for text in pages:
        words = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        stream = b"BT /F1 18 Tf 40 700 Td (" + words + b") Tj ET"
        kids.append(len(objects) + 1)
        resources = b"/Resources << /Font << /F1 3 0 R >> >>"
        content = b"%d 0 R" % (len(objects) + 2)
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + resources + b" /Contents " + content + b" >>")
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), b" ".join(b"%d 0 R" % kid for kid in kids))
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            len(body),
        )
    )


def docx(*paragraphs, xml=None):
    """A Word document; `xml` stands for the whole of its main part."""
    lines = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    main = xml or f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{lines}</w:body></w:document>'
    return packed({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": main})


def pptx(*slides):
    """Slides with a line each, numbered from 1."""
    parts = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS}
    for number, text in reversed(list(enumerate(slides, 1))):
        parts[f"ppt/slides/slide{number}.xml"] = f'<p xmlns:a="{DRAWING}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>'
    return packed(parts)


def odt(*paragraphs):
    """An OpenDocument text."""
    office, text = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    lines = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    body = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body>{lines}</office:body></office:document-content>'
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body}, zipfile.ZIP_STORED)


def whole_docx(*paragraphs):
    """A Word document with all parts that Word and LibreOffice ask for."""
    package, office = "http://schemas.openxmlformats.org/package/2006", "http://schemas.openxmlformats.org/officeDocument/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    types = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="{relations}"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    target = f'<Relationship Id="r1" Type="{office}/relationships/officeDocument" Target="word/document.xml"/>'
    lines = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    return packed(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{target}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{lines}</w:body></w:document>',
        }
    )


def whole_odt(content):
    """An OpenDocument text with all parts that LibreOffice asks for; `content` is the XML of its body."""
    odf, mime = "urn:oasis:names:tc:opendocument:xmlns", "application/vnd.oasis.opendocument.text"
    spaces = " ".join(f'xmlns:{name}="{odf}:{name}:1.0"' for name in ("office", "text"))
    spaces += f' xmlns:draw="{odf}:drawing:1.0" xmlns:svg="{odf}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = f"<office:body><office:text>{content}</office:text></office:body>"
    entries = f'<m:file-entry m:full-path="/" m:media-type="{mime}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>'
    parts = {
        "mimetype": mime,
        "content.xml": f'<office:document-content {spaces} office:version="1.2">{body}</office:document-content>',
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{odf}:manifest:1.0" m:version="1.2">{entries}</m:manifest>',
    }
    return packed(parts, zipfile.ZIP_STORED)


def epub(*pages):
    """An e-book with a page of HTML each."""
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": "<container/>"}
    parts |= {f"OEBPS/page{number}.xhtml": page for number, page in enumerate(pages, 1)}
    return packed(parts, zipfile.ZIP_STORED)


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    """A ZIP file of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def srt(*lines, start=1):
    """SubRip subtitles, a second each."""
    return "".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},000\n{line}\n\n" for number, line in enumerate(lines, start)
    ).encode()


def wav(seconds=2):
    """A buzzing recording of 8,000 samples a second."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes((b"\xf0\xd8" * 40 + b"\x10\x27" * 40) * (100 * seconds))
    return file.getvalue()
