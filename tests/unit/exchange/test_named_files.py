"""The files of a ZIP are found by the names that rows give them, and unpacked in a process of its own."""

import struct
import unicodedata
import zipfile

import pytest

from core.errors import InvalidInputError
from exchange.bulk import unpacking
from exchange.bulk.named_files import NamedFiles


@pytest.fixture
def packed(tmp_path):
    """A ZIP of these files; returns the files as an import finds them."""

    def named(parts, compression=zipfile.ZIP_DEFLATED, spoil=lambda body: body):
        archive, folder = tmp_path / "files.zip", tmp_path / "unpacked"
        with zipfile.ZipFile(archive, "w", compression) as target:
            for name, body in parts.items():
                target.writestr(name, body)
        archive.write_bytes(spoil(archive.read_bytes()))
        folder.mkdir()
        return NamedFiles(archive, folder)

    return named


@pytest.mark.parametrize("name", ["films/Boat.pdf", "Boat.pdf", "boat.PDF", "./films/boat.pdf", "films\\boat.pdf", " Boat.pdf "])
def test_a_file_is_found_by_the_end_of_its_path(packed, name):
    found = packed({"export/films/Boat.pdf": b"boat", "export/kite.pdf": b"kite"}).find(name)
    assert (found.name, found.read_bytes()) == ("Boat.pdf", b"boat")


@pytest.mark.parametrize("name", ["oat.pdf", "other/Boat.pdf", "films", "../Boat.pdf", "/etc/passwd", ""])
def test_nothing_else_is_found(packed, name):
    with pytest.raises(InvalidInputError, match="There is no file"):
        packed({"films/Boat.pdf": b"boat"}).find(name)


def test_of_several_files_of_one_name_the_folder_says_which(packed):
    files = packed({"a/kit.pdf": b"a", "b/kit.pdf": b"b", "kit.pdf": b"top", "c/plan.pdf": b"c", "d/plan.pdf": b"d"})
    assert files.find("b/kit.pdf").read_bytes() == b"b"
    assert files.find("kit.pdf").read_bytes() == b"top"
    with pytest.raises(InvalidInputError, match=r"several files “plan\.pdf”"):
        files.find("plan.pdf")


def test_names_in_which_accents_are_composed_otherwise_are_the_same(packed):
    files = packed({unicodedata.normalize("NFD", "été.pdf"): b"x"})
    assert files.find("été.pdf").name == "été.pdf"


@pytest.mark.parametrize(
    ("name", "encoding"), [("attività perché città.pdf", "cp850"), ("肥皂船活动手册.pdf", "gb18030"), ("été à la plage.pdf", "utf-8")]
)
def test_names_of_older_programs_are_read_in_the_encoding_of_their_machine(packed, name, encoding):
    raw = name.encode(encoding)
    placeholder = "x" * len(raw)
    files = packed({placeholder: b"body"}, spoil=lambda body: body.replace(placeholder.encode(), raw))
    assert files.find(name).read_bytes() == b"body"


def test_a_file_that_was_asked_for_is_unpacked_once_and_the_others_are_told(packed):
    files = packed({"a.pdf": b"a", "b/b.pdf": b"b", "b/": b"", "__MACOSX/._a.pdf": b"", "b/.DS_Store": b""})
    assert files.find("a.pdf") == files.find("A.pdf")
    assert files.unnamed() == ["b/b.pdf"]


def test_paths_that_lead_out_stay_inside(packed, tmp_path):
    found = packed({"../../escape.pdf": b"x"}).find("escape.pdf")
    assert found.is_relative_to(tmp_path / "unpacked")


def test_a_link_is_no_file(packed, tmp_path):
    link = zipfile.ZipInfo("link.pdf")
    link.external_attr = 0o120777 << 16
    with pytest.raises(InvalidInputError, match="There is no file"):
        packed({link: "/etc/passwd"}).find("link.pdf")


def test_a_file_that_is_damaged_is_told_and_the_others_come(packed):
    parts = {"bad.txt": b"some text", "good.txt": b"other text"}
    files = packed(parts, zipfile.ZIP_STORED, lambda body: body.replace(b"some text", b"soMe text"))
    with pytest.raises(InvalidInputError, match=r"“bad\.txt” cannot be unpacked"):
        files.find("bad.txt")
    with pytest.raises(InvalidInputError, match="cannot be unpacked"):
        files.find("bad.txt")
    assert files.unnamed() == ["good.txt"]
    assert files.find("good.txt").read_bytes() == b"other text"


def test_a_size_that_is_claimed_too_small_is_not_believed(packed):
    def lying(body):
        return body.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 10))

    with pytest.raises(InvalidInputError, match="cannot be unpacked"):
        packed({"zeros.txt": bytes(3_000_000)}, spoil=lying).find("zeros.txt")


@pytest.mark.parametrize("spoil", [lambda body: b"PK\x03\x04 and nothing more", lambda body: body[:-30]])
def test_what_is_no_zip_is_told_in_a_sentence(packed, spoil):
    with pytest.raises(InvalidInputError, match="The ZIP file cannot be read"):
        packed({"a.txt": b"a"}, spoil=spoil)


def test_more_than_there_may_be_is_refused_before_anything_is_unpacked(packed, settings):
    settings.IMPORT_FILES_MAX_BYTES = 1000
    with pytest.raises(InvalidInputError, match="too large"):
        packed({"a.txt": bytes(600), "b.txt": bytes(600)})


def test_too_many_files_are_refused(packed, monkeypatch, tmp_path):
    packed({f"{number}.txt": b"" for number in range(20)})
    monkeypatch.setattr(unpacking, "MOST_FILES", 19)
    assert unpacking.listed(tmp_path / "files.zip") == {"error": "too-many-files"}
