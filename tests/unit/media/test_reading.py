"""The words of files: from each format, in any encoding, and no more than they should cost."""

import io
import zipfile

import pytest
from defusedxml import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden

from media import reading
from tests.factories import documents

WORD = f"{reading.OOXML}.wordprocessingml.document"


@pytest.fixture
def words(tmp_path):
    """The words of an office document of some type."""

    def words(content_type, body):
        path = tmp_path / "source"
        path.write_bytes(body)
        return reading.gathered(reading.office_words(content_type, path))

    return words


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-with-mark", "utf-32", "cp1252", "iso-8859-15"], ids=lambda name: name
)
def test_german_is_read_in_its_encodings(encoding):
    text = "Grüße aus Köln: Die Bäume blühen, und wir lassen Drachen über den großen Flüssen steigen. Schöne Straßen, süße Äpfel.\n" * 3
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-with-mark" else text.encode(encoding)
    assert reading.plain_words(data) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "我们用一盆水和一滴洗洁精让纸船动起来，观察水的表面张力是怎样变化的。准备材料：水盆、纸船、洗洁精。" * 3),
        ("cp1251", "Мы наливаем воду в таз и ждём, пока она успокоится. Потом капаем мыло позади бумажной лодки, и она плывёт. " * 3),
        ("cp1256", "نملأ الحوض بالماء وننتظر حتى يهدأ، ثم نضع قطرة صابون خلف القارب الورقي فيتحرك القارب إلى الأمام على سطح الماء. " * 3),
    ],
)
def test_other_scripts_are_read_in_their_old_encodings(encoding, text):
    assert reading.plain_words(text.encode(encoding)) == text


def test_a_character_that_was_cut_costs_itself_alone():
    assert reading.plain_words("Straße und Brücke".encode()[:-1] + "ü".encode()[:1]) == "Straße und Brück"


def test_words_are_tidied_and_end_somewhere():
    assert reading.gathered(["a\x00b\ufeff \t c\r\n\r\n\n", " d"]) == "ab c\nd"
    assert len(reading.gathered("x" * 1000 for _ in range(10_000))) == reading.MOST_CHARACTERS


def test_office_documents_are_read(words):
    assert words(WORD, documents.docx("Erstens", "Zweitens")) == "Erstens\nZweitens"
    slides = [f"Slide {number}" for number in range(1, 13)]
    assert words(f"{reading.OOXML}.presentationml.presentation", documents.pptx(*slides)).split("\n") == slides
    assert words(f"{reading.ODF}.text", documents.odt("Un", "deux<text:s/>trois")) == "Un\ndeux trois"
    assert (
        words("application/epub+zip", documents.epub("<head><title>no</title></head><p>One &amp; <b>two</b></p><script>three</script>"))
        == "One & two"
    )
    cells = "<sst><si><t>Höhe</t></si><si><r><t>in </t></r><r><t>cm</t></r><rPh><t>kana</t></rPh></si></sst>"
    assert words(f"{reading.OOXML}.spreadsheetml.sheet", documents.packed({"xl/sharedStrings.xml": cells})) == "Höhe\nin cm"
    row = '<row><c t="inlineStr"><is><t>Höhe</t></is></c><c><v>12</v></c><c t="inlineStr"><is><t>Fuß</t></is></c></row>'
    sheet = {"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{row}</sheetData></worksheet>"}
    for shared in ({}, {"xl/sharedStrings.xml": "<sst> </sst>"}):
        assert words(f"{reading.OOXML}.spreadsheetml.sheet", documents.packed(shared | sheet)) == "Höhe\nFuß"


def test_what_was_struck_out_of_a_document_is_not_read(words):
    struck_out = "<w:del><w:r><w:delText>secret</w:delText></w:r></w:del>"
    xml = f'<w:document xmlns:w="{documents.WORD}"><w:p>{struck_out}<w:r><w:t>said</w:t></w:r></w:p></w:document>'
    assert words(WORD, documents.docx(xml=xml)) == "said"


@pytest.mark.parametrize(
    "declaration",
    ['<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">', '<!ENTITY a SYSTEM "file:///etc/passwd">'],
    ids=["that grow", "that read other files"],
)
def test_entities_are_refused(declaration, words):
    with pytest.raises((DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden)):
        words(WORD, documents.docx(xml=f"<!DOCTYPE d [{declaration}]><d><t>&a;</t></d>"))


def test_what_unpacks_to_too_much_is_refused(words, monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 10_000)
    body = documents.docx(xml=f"<d>{'<e/>' * 5000}<t>words</t></d>")
    assert len(body) < 10_000
    with pytest.raises(reading.UnpacksToTooMuchError):
        words(WORD, body)


def test_an_archive_is_listed_with_the_names_that_were_meant(tmp_path):
    path = tmp_path / "kit.zip"
    path.write_bytes(documents.packed({"kit/hand_out.pdf": "", "kit/": "", "__MACOSX/kit/._x": "", "kit/.DS_Store": ""}))
    assert reading.gathered(reading.archive_words(path)) == "kit/hand out.pdf"
    path.write_bytes(_old_archive(["实验手册.pdf", "记录表和材料清单.docx", "教师用书第一章水的表面张力.pdf"]))
    assert reading.gathered(reading.archive_words(path)).split("\n")[0] == "实验手册.pdf"


class _OldMember(zipfile.ZipInfo):
    """A member as old programs of Chinese systems name it: in GBK, without a word about it."""

    def _encodeFilenameFlags(self):  # noqa: N802 - zipfile's name
        return self.filename.encode("gbk"), self.flag_bits


def _old_archive(names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(_OldMember(name), "")
    return file.getvalue()
