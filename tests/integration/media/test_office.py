"""Pages of office documents as pictures, by LibreOffice where it is there; and what is said and kept where it is not."""

import io
import os
import shutil
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from urllib.request import urlopen

import openpyxl
import pytest
from django.conf import settings as site_settings
from django.core.management import call_command
from PIL import Image

from core import jobs
from media import confinement, converting, derivations, selectors
from media.models import Derivation, DerivationState, DerivedFile
from tests.factories import documents
from tests.factories.media import make_object
from tests.waiting import until

MEDIA = site_settings.BASE_DIR.parent / "shared" / "data" / "media" / "ok"
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed.")
needs_landlock = pytest.mark.skipif(not confinement.version(), reason="The kernel has no Landlock.")
pytestmark = pytest.mark.django_db
Kind = DerivedFile.Kind
WORDS = "Gletscherspalten messen"
RTF = rb"{\rtf1\ansi Gletscherspalten messen\par}"
RED = (220, 0, 0)


@pytest.fixture
def office(settings):
    settings.OFFICE_CONVERTER = "soffice"


def derived(body, filename):
    stored = make_object(body=body, filename=filename)
    while jobs.run_due(10):
        pass
    stored.refresh_from_db()
    return stored


def pages(stored):
    return selectors.derived_files([stored.pk], Kind.PREVIEW).get(stored.pk, [])


def words(stored):
    return selectors.words_of([stored.pk]).get(stored.pk)


def picture(file):
    with urlopen(selectors.derived_url(file)) as answer:  # noqa: S310 - signed by us
        return Image.open(io.BytesIO(answer.read())).convert("RGB")


def xlsx():
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append([WORDS, 42])
    book.active.column_dimensions["A"].width = 40
    book.save(file)
    return file.getvalue()


def png():
    file = io.BytesIO()
    Image.new("RGB", (200, 200), RED).save(file, "PNG")
    return file.getvalue()


def linked_picture(address):
    size = 'svg:width="8cm" svg:height="8cm"'
    image = f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
    return f'<text:p><draw:frame text:anchor-type="as-char" {size}>{image}</draw:frame></text:p>'


def test_without_a_converter_words_are_found_and_no_picture_is_spoken_of():
    stored = derived(documents.whole_docx(WORDS), "a.docx")
    assert (words(stored), pages(stored)) == (WORDS, [])
    assert str(derivations.sentence(stored)) == str(derivations.READY)
    old = derived(RTF, "a.rtf")
    assert old.content_type == "text/rtf"
    assert (derivations.of(old), derivations.sentence(old)) == (None, "")
    assert derivations.ask_for_what_is_missing() == 0


@pytest.mark.parametrize(("program", "said"), [("no-such-program", "lacks the program"), ("true", "could not open this one")])
def test_where_nothing_can_be_converted_that_is_said_and_the_words_are_found(settings, program, said):
    settings.OFFICE_CONVERTER = program
    stored = derived(documents.docx(WORDS), "a.docx")
    assert said in str(derivations.sentence(stored))
    assert Derivation.objects.get(source=stored).state == DerivationState.FAILED
    assert not jobs.open_keys("media.derive")
    assert (words(stored), pages(stored)) == (WORDS, [])


def _has_ended(state):
    """Whether a process is gone, or dead and not yet fetched by its parent; it may not have heard of its end just when it is sent."""
    try:
        return state.read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_with_its_time_a_converter_loses_all_that_it_started(monkeypatch, tmp_path):
    monkeypatch.setattr(converting, "WALL_SECONDS", 1)
    child = tmp_path / "child"
    with pytest.raises(TimeoutError):
        converting.run(["sh", "-c", f"sleep 300 & echo $! > {child}; wait"], {"PATH": os.environ["PATH"]})
    state = Path(f"/proc/{child.read_text().strip()}/stat")
    until(lambda: _has_ended(state))


@needs_landlock
def test_who_is_confined_reads_and_writes_what_is_named_and_reaches_nobody(tmp_path):
    named, other = tmp_path / "named", tmp_path / "other"
    for folder in (named, other):
        folder.mkdir()
        (folder / "file").write_text("words")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        script = f"""
import os, socket
from pathlib import Path
from media import confinement

def tried(what, *arguments):
    try:
        what(*arguments)
    except PermissionError:
        return False
    return True

confinement.confine(read=[Path({str(named)!r})], write=[])
tries = [
    tried(Path({str(named / "file")!r}).read_text),
    tried(Path({str(named / "file")!r}).write_text, "x"),
    tried(Path({str(other / "file")!r}).read_text),
    tried(Path("/proc", str(os.getppid()), "environ").read_bytes),
]
if confinement.version() >= confinement.TCP_SINCE:
    tries.append(tried(socket.create_connection, {listening.getsockname()!r}))
print(tries)
"""
        done = subprocess.run([sys.executable, "-c", script], cwd=site_settings.BASE_DIR, capture_output=True, check=True, text=True)
    assert done.stdout.strip() in {"[True, False, False, False, False]", "[True, False, False, False]"}


@needs_office
@pytest.mark.parametrize(
    ("filename", "body"),
    [
        ("a.docx", documents.whole_docx(WORDS)),
        ("a.odt", documents.whole_odt(f"<text:p>{WORDS}</text:p>")),
        ("a.xlsx", xlsx()),
        ("a.rtf", RTF),
    ],
)
def test_pages_of_office_documents_become_pictures(office, filename, body):
    stored = derived(body, filename)
    assert str(derivations.sentence(stored)) == str(derivations.READY)
    assert WORDS in words(stored)
    [page] = pages(stored)
    assert (page.variant, page.width, stored.pages) == ("page-1", 1200, 1)
    darkest, brightest = picture(page).convert("L").getextrema()
    assert brightest - darkest > 100, "an empty picture"
    assert selectors.thumbnail(stored.pk, 320).width == 320


@pytest.mark.shared_data
@pytest.mark.skipif(not MEDIA.is_dir(), reason="The real files of ../shared/data/media are not here.")
@needs_office
@pytest.mark.parametrize("name", ["sample.ppt", "dspace-test.pptx", "sample.odp"])
def test_real_slides_become_pictures(office, name):
    stored = derived(MEDIA / name, name)
    assert str(derivations.sentence(stored)) == str(derivations.READY)
    assert len(pages(stored)) == min(stored.pages, 10)
    assert words(stored)


@needs_office
def test_what_came_before_the_converter_is_made_by_command_and_old_documents_by_themselves(settings):
    new, old = derived(documents.whole_docx(WORDS), "a.docx"), derived(RTF, "a.rtf")
    settings.OFFICE_CONVERTER = "soffice"
    assert derivations.ask_for_what_is_missing() == 1
    jobs.run_due()
    assert (len(pages(old)), pages(new)) == (1, [])
    for _ in range(2):
        call_command("derive", "--kind", "office", stdout=StringIO(), stderr=StringIO())
        assert sorted(file.variant for file in new.derived_files.all()) == ["320", "960", "page-1"]
    settings.OFFICE_CONVERTER = "true"
    with pytest.raises(SystemExit):
        call_command("derive", "--kind", "office", stdout=StringIO(), stderr=StringIO())
    assert len(pages(new)) == 1, "what was made stays"


@needs_office
def test_a_document_shows_no_other_file_and_asks_nobody(office, tmp_path):
    """Left to itself, LibreOffice fetches both pictures."""
    (tmp_path / "secret.png").write_bytes(png())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/picture.png"
        links = linked_picture((tmp_path / "secret.png").as_uri()) + linked_picture(address)
        stored = derived(documents.whole_odt(f"<text:p>{WORDS}</text:p>{links}"), "a.odt")
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    [page] = pages(stored)
    assert not [colour for _, colour in picture(page).getcolors(2**24) if colour[0] > 150 and max(colour[1:]) < 80]
