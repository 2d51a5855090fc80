"""Thumbnails and measures, of files as they really come: good, broken, lying and hostile."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings as site_settings
from PIL import Image

from core import jobs
from media import deriving, selectors
from media.models import DerivedFile, StoredObject
from media.store import store
from tests.factories.media import make_object
from tests.factories.members import make_institution

MEDIA = site_settings.BASE_DIR.parent / "shared" / "data" / "media"
needs_shared = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not MEDIA.is_dir(), reason="The real files of ../shared/data/media are not here."),
]
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed.")
pytestmark = pytest.mark.django_db


def picture(size=(1200, 800), colour=(200, 30, 30), kind="PNG", **options):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


def derived(body, filename):
    stored = make_object(body=body, filename=filename)
    jobs.run_due()
    stored.refresh_from_db()
    return stored


def shown(file):
    with urlopen(selectors.derived_url(file)) as answer:  # noqa: S310 - signed by us
        assert answer.headers["Content-Type"] == "image/webp"
        return Image.open(io.BytesIO(answer.read()))


def test_a_picture_gets_two_thumbnails_and_its_measures():
    stored = derived(picture(), "photo.png")
    assert (stored.width, stored.height) == (1200, 800)
    small, large = selectors.thumbnail(stored.id, 320), selectors.thumbnail(stored.id, 960)
    assert (small.width, small.height, large.width) == (320, 213, 960)
    image = shown(small)
    assert image.size == (320, 213)
    red, green, blue = image.convert("RGB").getpixel((100, 100))
    assert red > 180
    assert max(green, blue) < 60


def test_a_small_picture_is_not_blown_up():
    stored = derived(picture((40, 30)), "icon.png")
    assert selectors.thumbnail(stored.id, 960).width == 40
    assert DerivedFile.objects.count() == 1


def test_a_very_tall_picture_shows_its_upper_part():
    stored = derived(picture((500, 20_000)), "strip.png")
    small = selectors.thumbnail(stored.id, 320)
    assert (small.width, small.height) == (320, 960)
    assert stored.height == 20_000


def test_transparency_is_kept():
    file = io.BytesIO()
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(file, "PNG")
    stored = derived(file.getvalue(), "drawing.png")
    assert shown(selectors.thumbnail(stored.id, 320)).convert("RGBA").getpixel((10, 10))[3] == 0


def test_the_place_a_photograph_was_taken_is_not_passed_on():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (52.0, 12.0, 3.0)
    stored = derived(picture(kind="JPEG", exif=exif), "photo.jpg")
    with urlopen(selectors.derived_url(selectors.thumbnail(stored.id, 320))) as answer:  # noqa: S310 - signed by us
        body = answer.read()
    assert b"Secret Camera" not in body
    assert not Image.open(io.BytesIO(body)).getexif()


def test_a_photograph_lying_on_its_side_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = derived(picture((1200, 800), kind="JPEG", exif=exif), "photo.jpg")
    assert (stored.width, stored.height) == (800, 1200)
    small = selectors.thumbnail(stored.id, 320)
    assert (small.width, small.height) == (320, 480)


def test_what_has_no_picture_has_no_thumbnail():
    stored = derived(b"Just words.\n", "notes.txt")
    assert selectors.thumbnail(stored.id, 320) is None


def test_a_duplicate_shows_the_thumbnail_of_the_first():
    institution = make_institution()
    body = picture((500, 500))
    make_object(institution, body, "one.png")
    second = make_object(institution, body, "two.png")
    jobs.run_due()
    third = make_object(institution, body, "three.png")
    jobs.run_due()
    for copy in (second, third):
        copy.refresh_from_db()
        assert copy.width == 500
        assert selectors.thumbnail(copy.id, 320) is not None
    assert DerivedFile.objects.count() == 2


def test_made_again_the_new_ones_take_the_place_of_the_old():
    stored = derived(picture(), "photo.png")
    deriving.derive(stored.id)
    assert DerivedFile.objects.filter(source=stored, kind="thumbnail").count() == 2
    assert store().head(DerivedFile.objects.first().key) is not None


def test_derived_files_of_a_deleted_object_are_discarded(monkeypatch):
    stored = make_object(body=picture(), filename="photo.png")
    kept = deriving._keep

    def deleted_meanwhile(*args):
        StoredObject.objects.filter(pk=stored.pk).delete()
        return kept(*args)

    monkeypatch.setattr(deriving, "_keep", deleted_meanwhile)
    jobs.run_due()
    assert store().head(f"derived/{stored.id}/thumbnail-320") is None


def test_the_decoder_knows_nothing_of_django_and_gets_no_secrets(tmp_path):
    script = "import sys, media.converting; sys.exit(any(name.split('.')[0] in {'django', 'boto3', 'config'} for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], cwd=site_settings.BASE_DIR, check=False).returncode == 0


def test_a_decoder_that_eats_memory_is_stopped(tmp_path):
    script = "from media import decoding; decoding.limit_resources(); bytearray(4 * 1024**3)"
    done = subprocess.run([sys.executable, "-c", script], cwd=site_settings.BASE_DIR, check=False, capture_output=True)
    assert b"MemoryError" in done.stderr


def test_a_decoder_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(deriving, "TIMEOUT_SECONDS", 0.01)
    stored = derived(picture(), "photo.png")
    assert selectors.thumbnail(stored.id, 320) is None


@needs_ffmpeg
def test_a_playlist_that_calls_itself_a_film_reads_no_other_file(tmp_path):
    """The demuxer is named, so what is inside cannot choose one that follows references."""
    (tmp_path / "film.mp4").write_text("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    command = [sys.executable, "-m", "media.decoding", "video", "video/mp4", tmp_path / "film.mp4", tmp_path]
    done = subprocess.run(command, cwd=site_settings.BASE_DIR, env={"PATH": os.environ["PATH"]}, check=False, capture_output=True)
    assert done.returncode == 3
    assert not list(tmp_path.glob("thumbnail*"))


class TestRealFiles:
    pytestmark = needs_shared

    @pytest.mark.parametrize(
        "name",
        [
            "csu-barcode-step-1.jpg",
            "csu-kauri-5.png",
            "csu-parity-cards.gif",
            "exif-orientation-6.jpg",
            "hopper.webp",
            "icc_profile_big.jpg",
            "sample.avif",
            "sample.heic",
            "maint-guide.zh-cn.pdf",
            "congress-scan.pdf",
            "form.pdf",
            pytest.param("bigbuckbunny.mp4", marks=needs_ffmpeg),
            pytest.param("bigbuckbunny.webm", marks=needs_ffmpeg),
            pytest.param("just-two-mice.mp4", marks=needs_ffmpeg),
        ],
    )
    def test_good_files_are_shown(self, name):
        stored = derived(MEDIA / "ok" / name, name)
        image = shown(selectors.thumbnail(stored.id, 320)).convert("L")
        darkest, brightest = image.getextrema()
        assert brightest - darkest > 100, "an empty picture"

    def test_what_is_known_of_good_files(self):
        assert derived(MEDIA / "ok" / "maint-guide.zh-cn.pdf", "a.pdf").pages == 63
        film = derived(MEDIA / "ok" / "bigbuckbunny.mp4", "a.mp4")
        assert (film.width, film.height, round(film.duration_seconds)) == (1280, 720, 5)
        assert round(derived(MEDIA / "ok" / "sample.m4a", "a.m4a").duration_seconds) == 5

    @pytest.mark.parametrize("path", sorted((MEDIA / "ok").glob("*")) if MEDIA.is_dir() else [], ids=lambda path: path.name)
    def test_every_good_file_is_taken(self, path: Path):
        assert make_object(body=path, filename=path.name).content_type != "application/octet-stream"

    @pytest.mark.parametrize(
        ("decoder", "content_type", "name"),
        [
            ("image", "image/gif", "decompression_bomb.gif"),
            ("image", "image/png", "truncated_image.png"),
            ("image", "image/jpeg", "truncated_jpeg.jpg"),
            ("image", "image/png", "broken_data_stream.png"),
            ("image", "image/gif", "zero_width.gif"),
            ("image", "image/tiff", "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif"),
            ("pdf", "application/pdf", "encrypted-user-password.pdf"),
            ("pdf", "application/pdf", "truncated-zh.pdf"),
            ("image", "image/gif", "polyglot-gif-js.gif"),
        ],
    )
    def test_the_decoder_gives_up_on_what_cannot_be_opened(self, decoder, content_type, name, tmp_path):
        """Most of these are refused before; a site that has them from earlier days must not stumble."""
        command = [sys.executable, "-m", "media.decoding", decoder, content_type, MEDIA / "edge" / name, tmp_path]
        assert subprocess.run(command, cwd=site_settings.BASE_DIR, check=False, capture_output=True).returncode == 3
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        "name",
        ["decompression_bomb_extents.gif", "hopper_bad_exif.jpg", "invalid-exif.jpg", "exif-dpi-zerodivision.jpg", "bad-linearization.pdf"],
    )
    def test_odd_files_that_can_be_opened_are_shown(self, name):
        stored = derived(MEDIA / "edge" / name, name)
        assert selectors.thumbnail(stored.id, 320) is not None

    def test_drawings_are_kept_and_have_no_thumbnail(self):
        stored = derived(MEDIA / "ok" / "csu-logo.svg", "logo.svg")
        assert stored.content_type == "image/svg+xml"
        assert selectors.thumbnail(stored.id, 320) is None
