"""The words of a file, for the search. Runs in the process of media.decoding, and like it knows nothing of Django.

Every reader yields pieces of text and is stopped after MOST_CHARACTERS of them; none unpacks more than MOST_UNPACKED bytes.
XML is read without entities and without references to other files (defusedxml). What is broken raises whatever its parser raises.
"""

import codecs
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.sax.handler import ContentHandler

MOST_CHARACTERS = 200_000
MOST_UNPACKED = 200 * 1024**2
MOST_MEMBERS = 10_000
BLOCK = 64 * 1024

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
BLANKS, EMPTY_LINES = re.compile(r"[^\S\n]+"), re.compile(r" ?\n[ \n]*")


class UnpacksToTooMuchError(Exception):
    """What is packed in a file is more than anybody's words."""


def gathered(pieces: Iterable[str]) -> str:
    """Return the beginning of a text, tidied: no control characters, no empty lines, no rows of blanks."""
    taken: list[str] = []
    room = MOST_CHARACTERS
    for piece in pieces:
        taken.append(piece[:room])
        room -= len(piece)
        if room <= 0:
            break
    text = NOT_TEXT.sub("", "".join(taken).replace("\r\n", "\n").replace("\r", "\n"))
    return EMPTY_LINES.sub("\n", BLANKS.sub(" ", text)).strip()


def plain_words(data: bytes) -> str:
    """Return a text file's text, whatever its encoding: by its mark, as UTF-8, else the likeliest."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # the last character may have been cut
    except UnicodeDecodeError:
        import charset_normalizer  # noqa: PLC0415 - few texts need it, and it takes long to load

        best = charset_normalizer.from_bytes(data).best()
        return str(best) if best else data.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the words of an XML format stand, by the names of elements without prefixes; `takes` None: everywhere."""

    members: tuple[str, ...]
    """Patterns of members, in the order in which they are read; those of one pattern by their numbers."""
    ends: Mapping[str, str]
    """What stands for the end of an element."""
    takes: frozenset[str] | None = frozenset({"t"})
    leaves_out: frozenset[str] = frozenset()
    otherwise: str = ""
    """Members that are read where there are no words in the others."""


_WORD = Shape((r"word/document\d*\.xml", r"word/(foot|end)notes\.xml"), {"p": "\n", "br": "\n", "cr": "\n", "tab": " ", "tc": " "})
_SLIDES = Shape((r"ppt/slides/slide\d+\.xml", r"ppt/notesSlides/notesSlide\d+\.xml"), {"p": "\n", "br": "\n", "tc": " "})
_SHEET = Shape(
    (r"xl/sharedStrings\.xml",), {"si": "\n", "is": "\n"}, leaves_out=frozenset({"rPh"}), otherwise=r"xl/worksheets/sheet\d+\.xml"
)
"""Most programs keep the words of all sheets in one member; those that write a table row by row leave them in the cells."""
_OPEN = Shape(
    (r"content\.xml",),
    {"p": "\n", "h": "\n", "line-break": "\n", "tab": " ", "s": " ", "table-cell": " "},
    takes=None,
    leaves_out=frozenset({"tracked-changes"}),
)
SHAPES = {
    f"{OOXML}.wordprocessingml.document": _WORD,
    f"{OOXML}.presentationml.presentation": _SLIDES,
    f"{OOXML}.presentationml.slideshow": _SLIDES,
    f"{OOXML}.spreadsheetml.sheet": _SHEET,
    **dict.fromkeys((f"{ODF}.text", f"{ODF}.spreadsheet", f"{ODF}.presentation", f"{ODF}.graphics"), _OPEN),
}


def office_words(content_type: str, source: Path) -> Iterator[str]:
    """Yield the words of an office document or an e-book."""
    with zipfile.ZipFile(source) as archive:
        blocks = _Blocks(archive)
        shape = SHAPES.get(content_type)
        if shape is None:  # an e-book
            for name in _matching(archive, r".+\.x?html?"):
                yield from _html_words(blocks.of(name))
            return
        has_words = False
        for name in [name for pattern in shape.members for name in _matching(archive, pattern)]:
            for words in _xml_words(blocks.of(name), shape):
                has_words = has_words or bool(words.strip())
                yield words
        for name in [] if has_words else _matching(archive, shape.otherwise):
            yield from _xml_words(blocks.of(name), shape)


def archive_words(source: Path) -> Iterator[str]:
    """Yield the names of what is in a ZIP file, one a line, without the litter that some systems add."""
    with zipfile.ZipFile(source) as archive:
        for name in _names(archive.infolist()[:MOST_MEMBERS]):
            if not name.endswith("/") and not name.startswith("__MACOSX/") and not name.endswith(".DS_Store"):
                yield name.replace("_", " ") + "\n"


def _names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Return the names; where no encoding is given (zipfile takes CP437 then), as they were most likely meant."""
    if all(member.flag_bits & 0x800 or member.filename.isascii() for member in members):
        return [member.filename for member in members]
    joined = "\n".join(member.filename for member in members)
    try:
        return plain_words(joined.encode("cp437")).split("\n")
    except UnicodeEncodeError:  # some with an encoding, some without
        return joined.split("\n")


def _matching(archive: zipfile.ZipFile, pattern: str) -> list[str]:
    whole = re.compile(pattern, re.IGNORECASE)
    found = [member.filename for member in archive.infolist()[:MOST_MEMBERS] if whole.fullmatch(member.filename)]
    return sorted(found, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])


@dataclass
class _Blocks:
    """What members unpack to, block by block, until all of them together were too much."""

    archive: zipfile.ZipFile
    left: int = field(default_factory=lambda: MOST_UNPACKED)

    def of(self, name: str) -> Iterator[bytes]:
        with self.archive.open(name) as member:
            for block in iter(partial(member.read, BLOCK), b""):
                self.left -= len(block)
                if self.left < 0:
                    raise UnpacksToTooMuchError(f"more than {MOST_UNPACKED} bytes")
                yield block


class _Words(ContentHandler):
    """Keeps the text of the elements that count."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.kept: list[str] = []
        self.taking = 1 if shape.takes is None else 0
        self.leaving = 0

    def startElement(self, name: str, _attrs: Any) -> None:  # noqa: N802 - SAX's name
        local = name.rpartition(":")[2]
        self.leaving += local in self.shape.leaves_out
        self.taking += self.shape.takes is not None and local in self.shape.takes

    def endElement(self, name: str) -> None:  # noqa: N802 - likewise
        local = name.rpartition(":")[2]
        self.leaving -= local in self.shape.leaves_out
        self.taking -= self.shape.takes is not None and local in self.shape.takes
        if not self.leaving and local in self.shape.ends:
            self.kept.append(self.shape.ends[local])

    def characters(self, content: str) -> None:
        if self.taking and not self.leaving:
            self.kept.append(content)


def _xml_words(blocks: Iterable[bytes], shape: Shape) -> Iterator[str]:
    from defusedxml.sax import make_parser  # type: ignore[import-untyped]  # noqa: PLC0415 - it takes long to load

    words = _Words(shape)
    parser = make_parser()
    parser.setContentHandler(words)
    for block in blocks:
        parser.feed(block)
        yield "".join(words.kept)
        words.kept.clear()
    parser.close()


class _Html(HTMLParser):
    """Keeps the text of a page, without scripts and styles."""

    HIDDEN = frozenset({"script", "style", "head"})
    INLINE = frozenset({"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u"})

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self.hidden += tag in self.HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(self.hidden - (tag in self.HIDDEN), 0)
        if tag not in self.INLINE:
            self.kept.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.kept.append(data)


def _html_words(blocks: Iterable[bytes]) -> Iterator[str]:
    page = _Html()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for block in blocks:
        page.feed(decoder.decode(block))
        yield "".join(page.kept)
        page.kept.clear()
