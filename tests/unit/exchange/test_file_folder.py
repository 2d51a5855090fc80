"""An import takes files from one folder, and nothing leads out of it."""

import pytest

from core.errors import InvalidInputError
from exchange.file_folder import FileFolder


@pytest.fixture
def outside(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours")
    return secret


@pytest.fixture
def folder(tmp_path, outside):
    root = tmp_path / "files"
    (root / "below").mkdir(parents=True)
    (root / "poster.pdf").write_bytes(b"%PDF-1.4")
    (root / "below" / "海报.pdf").write_bytes(b"%PDF-1.4")
    (root / "out.txt").symlink_to(outside)
    (root / "up").symlink_to(outside.parent)
    (root / "loop").symlink_to(root / "loop")
    (root / "inside.pdf").symlink_to(root / "poster.pdf")
    return FileFolder(root)


@pytest.mark.parametrize("name", ["poster.pdf", "below/海报.pdf", "below\\海报.pdf", "./poster.pdf", "inside.pdf"])
def test_files_inside_are_found(folder, name):
    assert folder.find(name).read_bytes() == b"%PDF-1.4"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "below/../../secret.txt",
        "..\\secret.txt",
        "out.txt",
        "up/secret.txt",
        "loop",
        "below",
        ".",
        "",
        "missing.pdf",
        "poster.pdf\x00.png",
        "C:\\secret.txt",
        "海" * 300,
    ],
)
def test_no_name_leads_out_or_to_what_is_no_file(folder, name):
    with pytest.raises(InvalidInputError):
        folder.find(name)


def test_an_absolute_path_is_refused_even_if_it_lies_inside(folder):
    with pytest.raises(InvalidInputError):
        folder.find(str(folder.folder / "poster.pdf"))


def test_the_folder_must_exist(tmp_path):
    with pytest.raises(InvalidInputError, match="is not a folder"):
        FileFolder(tmp_path / "none")
