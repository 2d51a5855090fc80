"""What becomes of good, odd and bad files between upload and download, on the real store and in the real fenced process."""

import signal
import subprocess
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from django.utils.translation import override

from core.errors import InvalidInputError
from media import examination, fence, selectors
from media.examination import examine
from media.models import StoredObject
from media.services import sign_download
from media.verdicts import FileWarning, Rejection
from media.verification import SENTENCES, WARNINGS
from tests.browserlike import send
from tests.factories import files
from tests.factories.files import EICAR, drawing, odf, ooxml, pdf, picture, zipped
from tests.factories.media import make_object

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MIB = 1024**2

REFUSED = [
    ("virus.txt", EICAR, "malware"),
    ("virus.zip", zipped({"a.com": EICAR}), "malware"),
    ("half.png", picture()[:-200], "truncated"),
    ("half.pdf", pdf(3)[:-150], "truncated"),
    ("noise.png", files.noisy_picture(), "damaged"),
    ("locked.pdf", files.locked_pdf(), "locked"),
    ("locked.docx", files.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "locked"),
    ("two.gif", picture("GIF") + b"*/=1;alert(1)", "two-in-one"),
    ("huge.png", files.png_header(30_000, 30_000), "too-many-pixels"),
    ("bomb.zip", files.zip_of_zeros(), "decompression-bomb"),
    ("script.svg", drawing("<script>alert(1)</script>"), "script"),
    ("macros.docx", ooxml({"word/vbaProject.bin": b"x"}), "macros"),
    ("slip.zip", zipped({"../a.txt": b"a"}), "unsafe-paths"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "body", "code"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_bad_files_are_refused_with_a_sentence_and_leave_nothing(name, body, code):
    with override("en"), pytest.raises(InvalidInputError) as refused:
        make_object(body=body, filename=name)
    assert (refused.value.code, str(refused.value)) == (code, str(SENTENCES[Rejection(code)]))
    assert not StoredObject.objects.exists()


def test_every_verdict_has_its_sentence():
    assert set(SENTENCES) == set(Rejection)
    assert set(WARNINGS) == set(FileWarning)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "body", "kept"),
    [
        ("poster.pdf", picture(), "poster.pdf.png"),
        ("poster.png", pdf(), "poster.png.pdf"),
        ("notes.docx", b"Just words.\n", "notes.docx.txt"),
        ("run.bat", b"start calc\n", "run.bat.txt"),
        ("page.html", b"Just words.\n", "page.html.txt"),
        ("kit.docx", zipped({"a.txt": b"words"}), "kit.docx.zip"),
    ],
)
def test_a_name_that_lies_is_told_and_mended_on_the_way_out(name, body, kept):
    stored = make_object(body=body, filename=name)
    assert stored.warnings == ["name-differs"]
    assert f"“{kept}”" in str(selectors.state_sentence(stored))
    assert f'filename="{kept}"' in send(sign_download(stored), method="GET")[1]["Content-Disposition"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("drawing.svg", drawing("<circle r='5'/>")),
        ("photo.JPEG", picture("JPEG")),
        ("table.csv", b"a,b\n1,2\n"),
        ("README", b"words\n"),
        ("sketch.ino", b"void loop() {}\n"),
        ("kit.sb3", zipped({"project.json": b"{}"})),
    ],
)
def test_a_name_that_fits_or_says_nothing_is_left_alone(name, body):
    stored = make_object(body=body, filename=name)
    assert (stored.warnings, selectors.state_sentence(stored)) == ([], "")
    assert f'filename="{name}"' in send(sign_download(stored), method="GET")[1]["Content-Disposition"]


@pytest.mark.django_db
def test_a_document_is_called_what_it_is():
    body = zipped({"word/document.xml": b"<x/>", "z.bin": b"x" * 300_000, "[Content_Types].xml": b"<x/>"})
    stored = make_object(body=body, filename="plan.docx")
    assert (stored.content_type, stored.warnings) == (DOCX, [])


def test_a_site_may_refuse_a_type_that_others_take(settings):
    settings.UPLOAD_REFUSED_TYPES = ["application/zip", "application/vnd.oasis.opendocument.text"]
    assert examine([zipped({"a": b"a"})], "a.zip").rejection == "type-not-allowed"
    assert examine([odf()], "a.odt").rejection == "type-not-allowed"
    assert examine([pdf()], "a.pdf").rejection is None


def test_what_is_too_large_to_be_looked_into_is_taken_with_a_word(settings):
    settings.INSPECT_MAX_BYTES = 1000
    verdict = examine([files.locked_zip(), b"x" * 600, b"x" * 600], "a.zip")
    assert (verdict.rejection, verdict.warnings) == (None, (FileWarning.NOT_INSPECTED,))


def test_a_large_file_passes_through_little_memory():
    tracemalloc.start()
    verdict = examine((b"words " * (MIB // 6) for _ in range(100)), "long.txt")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert verdict.found.size > 99 * MIB
    assert most < 8 * MIB


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    examine([picture()], "a.png")
    examine([files.locked_zip()], "a.zip")
    with pytest.raises(ZeroDivisionError):
        examine((1 // 0 for _ in range(1)), "a.png")
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize(
    ("end", "rejection"), [(-signal.SIGXCPU, "decompression-bomb"), (-signal.SIGSEGV, "damaged"), (-signal.SIGABRT, "damaged")]
)
def test_a_file_that_ends_the_process_is_refused(monkeypatch, end, rejection):
    monkeypatch.setattr(fence, "run", lambda *command: subprocess.CompletedProcess(command, end, b"", b""))
    assert examine([picture()], "a.png").rejection == rejection


@pytest.mark.parametrize("end", [-signal.SIGTERM, -signal.SIGKILL, 1])
def test_a_process_that_is_ended_from_outside_says_nothing_of_the_file(monkeypatch, end):
    monkeypatch.setattr(fence, "run", lambda *command: subprocess.CompletedProcess(command, end, b"", b""))
    with pytest.raises(subprocess.CalledProcessError):
        examine([picture()], "a.png")


def test_a_look_that_fails_is_told(monkeypatch):
    failed = subprocess.CompletedProcess((), examination.CANNOT_LOOK, b"", b"KeyError: 'x'")
    monkeypatch.setattr(fence, "run", lambda *_command: failed)
    verdict = examine([picture()], "a.png")
    assert (verdict.rejection, verdict.warnings) == (None, (FileWarning.NOT_OPENED,))
