"""How the worker comes along with what it makes of files: words, pages and captions, tried again, told, made anew by command."""

import io
import shutil
from io import StringIO
from urllib.request import urlopen
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from core import jobs
from media import derivations, deriving, selectors
from media.models import Derivation, DerivationState, DerivedFile, ExtractedText, ObjectState
from media.store import store
from tests.factories import documents
from tests.factories.files import STRANGE_TIFF
from tests.factories.media import make_object
from tests.factories.members import make_institution

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed.")
pytestmark = pytest.mark.django_db
Kind = DerivedFile.Kind


def derived(body, filename, **fields):
    stored = make_object(body=body, filename=filename, **fields)
    while jobs.run_due(10):
        pass
    stored.refresh_from_db()
    return stored


def words(stored):
    return selectors.words_of([stored.pk]).get(stored.pk)


def content(file):
    with urlopen(selectors.derived_url(file)) as answer:  # noqa: S310 - signed by us
        return answer.headers["Content-Type"], answer.read()


@pytest.mark.parametrize(
    ("filename", "body"),
    [
        ("a.pdf", documents.pdf("Gletscherspalten messen")),
        ("a.docx", documents.docx("Gletscherspalten messen")),
        ("a.pptx", documents.pptx("Gletscherspalten messen")),
        ("a.odt", documents.odt("Gletscherspalten messen")),
        ("a.epub", documents.epub("<p>Gletscherspalten messen</p>")),
        ("a.txt", "Gletscherspalten messen".encode("utf-16")),
        ("a.csv", b"was,wie\nGletscherspalten messen,Seil\n"),
        ("a.srt", documents.srt("Gletscherspalten messen")),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nGletscherspalten messen\n"),
        ("a.zip", documents.packed({"Gletscherspalten messen.txt": "x"})),
    ],
)
def test_words_are_read_of_every_kind_of_file(filename, body):
    stored = derived(body, filename)
    assert "Gletscherspalten messen" in words(stored)
    assert str(derivations.sentence(stored)) == "Ready for preview and search."


def test_the_first_pages_of_a_pdf_are_drawn():
    stored = derived(documents.pdf(*(f"Page {number}" for number in range(1, 15))), "long.pdf")
    pages = selectors.derived_files([stored.pk], Kind.PREVIEW)[stored.pk]
    assert [page.variant for page in pages] == [f"page-{number}" for number in range(1, 11)]
    content_type, body = content(pages[9])
    assert content_type == "image/webp"
    assert Image.open(io.BytesIO(body)).width == 1200
    assert words(stored).split("\n")[13] == "Page 14"


def test_a_large_picture_can_be_enlarged():
    file = io.BytesIO()
    Image.new("RGB", (3000, 2000)).save(file, "PNG")
    stored = derived(file.getvalue(), "photo.png")
    [enlarged] = selectors.derived_files([stored.pk], Kind.PREVIEW)[stored.pk]
    assert (enlarged.variant, enlarged.width, enlarged.height) == ("enlarged", 1920, 1280)


def test_subtitles_become_what_browsers_show():
    stored = derived("1\r\n00:00:01,000 --> 00:00:02,000\r\nDie Brücke hält.\r\n".encode("cp1252"), "film.de.srt")
    [captions] = selectors.derived_files([stored.pk], Kind.CAPTIONS)[stored.pk]
    content_type, body = content(captions)
    assert content_type == "text/vtt"
    assert body.decode() == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nDie Brücke hält.\n"


@needs_ffmpeg
def test_a_recording_shows_its_waves():
    stored = derived(documents.wav(), "beep.wav")
    [waves] = selectors.derived_files([stored.pk], Kind.PREVIEW)[stored.pk]
    assert (waves.variant, waves.width, waves.height) == ("waveform", 1200, 160)
    assert Image.open(io.BytesIO(content(waves)[1])).convert("RGBA").getextrema()[3] != (0, 0)
    assert stored.duration_seconds == 2


def test_without_the_program_for_it_that_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    stored = derived(b"fLaC\x00\x00\x00\x22" + b"\x10\x00\x10\x00" + b"\0" * 30, "sound.flac")
    assert "lacks the program" in str(derivations.sentence(stored))


def test_what_cannot_be_opened_says_why_and_is_not_tried_again():
    stored = derived(STRANGE_TIFF, "scan.tif")
    assert "cannot be opened" in str(derivations.sentence(stored))
    assert Derivation.objects.get(source=stored).state == DerivationState.FAILED
    assert not jobs.open_keys("media.derive")


def test_a_decoder_that_was_cut_off_is_tried_again_and_then_no_more(monkeypatch):
    monkeypatch.setattr(deriving, "TIMEOUT_SECONDS", 0.01)
    stored = derived(documents.pdf("slow"), "slow.pdf")
    assert str(derivations.sentence(stored)) == str(derivations.PREPARING)
    assert jobs.open_keys("media.derive") == {str(stored.pk)}
    for _ in range(derivations.MOST_TRIES - 1):
        jobs.Job.objects.update(run_after="2000-01-01T00:00Z")
        jobs.run_due()
    assert "took too long" in str(derivations.sentence(stored))
    assert not jobs.open_keys("media.derive")
    assert not jobs.Job.objects.filter(state="failed").exists()


def test_a_second_try_that_succeeds_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(deriving, "TIMEOUT_SECONDS", 0.01)
    stored = derived(documents.pdf("slow"), "slow.pdf")
    monkeypatch.undo()
    jobs.Job.objects.update(run_after="2000-01-01T00:00Z")
    jobs.run_due()
    assert words(stored) == "slow"
    assert str(derivations.sentence(stored)) == "Ready for preview and search."


def test_a_store_that_is_away_is_waited_for(settings):
    stored = make_object(body=b"words", filename="a.txt")
    endpoint, settings.S3_ENDPOINT_URL = settings.S3_ENDPOINT_URL, "http://127.0.0.1:9"
    jobs.run_due()
    assert derivations.is_waiting(stored)
    settings.S3_ENDPOINT_URL = endpoint
    jobs.Job.objects.update(run_after="2000-01-01T00:00Z")
    jobs.run_due()
    assert words(stored) == "words"


def test_bytes_that_the_store_lost_are_said():
    stored = make_object(body=b"words", filename="a.txt")
    store().delete(stored.key)
    jobs.run_due()
    assert "does not have the file" in str(derivations.sentence(stored))


def test_of_a_file_that_was_lost_nothing_is_said_to_be_ready_or_on_its_way():
    ready = derived(documents.docx("ready"), "a.docx")
    twin = derived(documents.docx("ready"), "b.docx", institution=ready.institution)
    waiting = make_object(body=b"words", filename="a.txt")
    assert (derivations.is_waiting(waiting), str(derivations.sentence(waiting))) == (True, str(derivations.PREPARING))
    for stored in (ready, twin, waiting):
        store().delete(stored.key)
    with pytest.raises(SystemExit):
        call_command("media_audit", "--repair", stdout=StringIO(), stderr=StringIO())
    for stored in (ready, twin, waiting):
        stored.refresh_from_db()
        assert stored.state == ObjectState.LOST
        assert (derivations.is_waiting(stored), derivations.sentence(stored)) == (False, "")


def test_made_again_there_is_nothing_twice_and_what_is_no_more_goes():
    stored = derived(documents.pdf("one", "two"), "a.pdf")
    extra = DerivedFile.objects.create(
        source=stored, kind=Kind.PREVIEW, variant="page-3", key=f"derived/{stored.pk}/old", content_type="x", size=1
    )
    store().put(extra.key, io.BytesIO(b"x"), "image/webp")
    before = set(DerivedFile.objects.exclude(pk=extra.pk).values_list("key", flat=True))
    deriving.derive(stored.pk)
    assert set(DerivedFile.objects.values_list("key", flat=True)) == before
    assert ExtractedText.objects.count() == 1
    jobs.run_due()
    assert store().head(extra.key) is None


def test_what_was_made_stays_where_nothing_can_be_made_now(monkeypatch):
    stored = derived(documents.pdf("one"), "a.pdf")
    monkeypatch.setattr(deriving, "TIMEOUT_SECONDS", 0.01)
    derivation = deriving.derive(stored.pk, last_try=True)
    assert derivation.state == DerivationState.FAILED
    assert words(stored) == "one"


def test_bytes_alike_share_words_and_state():
    institution = make_institution()
    body = documents.docx("shared")
    derived(body, "a.docx", institution=institution)
    second = derived(body, "b.docx", institution=institution)
    assert second.duplicate_of_id
    assert (words(second), str(derivations.sentence(second))) == ("shared", "Ready for preview and search.")


def test_the_clock_asks_for_what_an_older_version_made_or_nobody_did():
    old, never, done = (derived(documents.docx(name), f"{name}.docx") for name in ("old", "never", "done"))
    Derivation.objects.filter(source=old).update(recipe=0)
    Derivation.objects.filter(source=never).delete()
    assert derivations.ask_for_what_is_missing() == 2
    assert jobs.open_keys("media.derive") == {str(old.pk), str(never.pk)}
    assert derivations.ask_for_what_is_missing() == 0, "they are on their way"
    jobs.Job.objects.update(run_after="2000-01-01T00:00Z")
    jobs.run_due()
    assert derivations.ask_for_what_is_missing() == 0
    assert not derivations.is_waiting(done)


class TestCommand:
    def run(self, *arguments):
        out = StringIO()
        call_command("derive", *arguments, stdout=out, stderr=StringIO())
        return out.getvalue()

    @pytest.fixture
    def files(self):
        return [derived(documents.docx("words"), "a.docx"), derived(documents.pdf("words"), "a.pdf"), derived(b"MZ? no: words", "a.txt")]

    def test_it_makes_everything_anew(self, files):
        ExtractedText.objects.all().delete()
        assert "3 files looked at." in self.run()
        assert ExtractedText.objects.count() == 3

    def test_by_file_kind_and_need(self, files):
        assert "1 files" in self.run(str(files[0].pk))
        assert "1 files" in self.run("--kind", "pdf")
        assert "0 files" in self.run("--missing")
        Derivation.objects.filter(source=files[2]).update(recipe=0)
        assert "1 files" in self.run("--missing")
        assert "0 files" in self.run("--failed")

    def test_its_exit_status_says_what_could_not_be_made(self, files, settings):
        derived(STRANGE_TIFF, "scan.tif")
        with pytest.raises(SystemExit) as ended:
            self.run()
        assert ended.value.code == 1
        settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
        with pytest.raises(CommandError) as away:
            self.run()
        assert away.value.returncode == 2

    def test_a_file_that_is_none_is_said(self, files):
        with pytest.raises(CommandError):
            self.run(str(uuid4()))
