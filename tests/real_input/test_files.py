"""Real files, good and bad, through the look that every upload gets: what becomes of each."""

import subprocess
import sys

import pytest

from media.examination import examine

pytestmark = pytest.mark.shared_data

EDGE = {
    "bad-linearization.pdf": "taken",
    "bom-utf16.csv": "taken",
    "broken.png": "type-not-allowed",
    "broken_data_stream.png": "damaged",
    "content-stream-errors.pdf": "taken",
    "csv-formula-injection.csv": "taken",
    "decompression_bomb.gif": "too-many-pixels",
    "decompression_bomb_extents.gif": "taken",
    "empty.pdf": "empty",
    "encrypted-user-password.pdf": "locked",
    "exif-dpi-zerodivision.jpg": "taken",
    "hopper_bad_exif.jpg": "taken",
    "invalid-exif.jpg": "taken",
    "latin1.csv": "taken",
    "lies-html-named.png": "type-not-allowed",
    "lies-png-named.jpg": "taken: name-differs",
    "multiple_exif.jpg": "taken",
    "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif": "taken: not-opened",
    "pdf-with-attachment.pdf": "taken",
    "polyglot-gif-js.gif": "two-in-one",
    "polyglot-pdf-zip.pdf": "two-in-one",
    "svg-billion-laughs.svg": "decompression-bomb",
    "svg-script.svg": "script",
    "svg-xxe.svg": "script",
    "truncated-zh.pdf": "truncated",
    "truncated_image.png": "truncated",
    "truncated_jpeg.jpg": "truncated",
    "zero_width.gif": "truncated",
    "zip-slip.zip": "unsafe-paths",
}

BOMBS = {
    "eicar.com.txt": "malware",
    "bomb.zip": "decompression-bomb",
    "nested.zip": "decompression-bomb",
    "bomb.png": "too-many-pixels",
    "bomb-text.pdf": "taken",  # a page of a hundred million spaces; read in the fenced process alone, which stops at its limits
}


@pytest.fixture(scope="session")
def media(shared):
    return shared / "media"


def became(path):
    verdict = examine([path.read_bytes()], path.name)
    return verdict.rejection or ": ".join(["taken", *verdict.warnings])


def test_every_good_file_is_taken_without_a_word(media, subtests):
    for path in sorted((media / "ok").iterdir()):
        with subtests.test(path.name):
            assert became(path) == "taken"


def test_what_becomes_of_every_odd_file(media):
    assert {path.name: became(path) for path in sorted((media / "edge").iterdir())} == EDGE


def test_what_becomes_of_bombs(media, tmp_path):
    subprocess.run([sys.executable, media / "make_bombs.py", tmp_path], check=True)
    assert {path.name: became(path) for path in tmp_path.iterdir()} == BOMBS
