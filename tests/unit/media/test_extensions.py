"""What a name says of a file, and how it is given out."""

import pytest

from media import extensions, file_types


@pytest.mark.parametrize("content_type", file_types.FILE_TYPES)
def test_every_type_has_a_usual_extension_that_fits(content_type):
    assert extensions.fits(f"file.{extensions.usual(content_type)}", content_type)


@pytest.mark.parametrize(
    ("name", "content_type", "given_out"),
    [
        ("poster.PNG", "image/png", "poster.PNG"),
        ("poster.pdf", "image/png", "poster.pdf.png"),
        ("film.mov", "video/mp4", "film.mov"),
        ("notes.md", "text/plain", "notes.md"),
        ("data.txt", "text/csv", "data.txt"),
        ("start.bat", "text/plain", "start.bat.txt"),
        ("drawing.svg", "text/plain", "drawing.svg.txt"),
        ("README", "text/plain", "README"),
        (".exe", "text/plain", ".exe"),
        ("kit.unknown", "application/zip", "kit.unknown"),
        ("map.ggb", "application/vnd.geogebra.file", "map.ggb"),
        ("v1.2 final", "application/pdf", "v1.2 final"),
    ],
)
def test_the_name_under_which_a_file_is_given_out(name, content_type, given_out):
    assert extensions.name_for_download(name, content_type) == given_out
