"""Files on their way through a virus scanner: one that speaks its protocol, and ClamAV's own where it is installed."""

import datetime as dt
import shutil
import socket
import subprocess

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import clock, jobs
from core.errors import InvalidInputError
from media import selectors, services
from media.examination import examine
from media.models import ObjectState, StoredObject, Upload
from media.scanning import ScannerAwayError
from media.store import store
from media.verdicts import Scan
from members.viewer import Viewer
from tests.factories.files import EICAR
from tests.factories.media import ensure_bucket, make_object
from tests.factories.members import make_user
from tests.virus_scanner import VirusScanner
from tests.waiting import until

INFECTED = b"Notes on an experiment.\n" + EICAR  # not at the beginning: it is the scanner that must find it
SIGNATURE = f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n"


@pytest.fixture
def scanner(settings):
    scanner = VirusScanner()
    settings.CLAMAV_URL = scanner.url
    yield scanner
    scanner.close()


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """ClamAV's daemon with a signature of our own; its addresses."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("ClamAV's daemon is not installed.")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "festival.ndb").write_text(SIGNATURE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lines = ["Foreground yes", f"DatabaseDirectory {folder}", f"LocalSocket {folder}/socket", f"TCPSocket {port}", "TCPAddr 127.0.0.1"]
    (folder / "clamd.conf").write_text("\n".join([*lines, "StreamMaxLength 1M", "MaxThreads 2", ""]))
    process = subprocess.Popen([program, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    def answers():
        assert process.poll() is None, "clamd has ended."
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(f"{folder}/socket") == 0

    until(answers, seconds=30)
    yield {"tcp": f"tcp://127.0.0.1:{port}", "unix": f"unix:{folder}/socket"}
    process.terminate()
    process.wait()


def scan(*blocks):
    return examine(iter(blocks), "notes.txt")


def test_a_clean_file_is_scanned_whole(scanner):
    verdict = scan(b"words, ", b"more words")
    assert (verdict.rejection, verdict.scan) == (None, Scan.CLEAN)
    assert scanner.seen == [b"words, more words"]


def test_without_a_scanner_a_file_is_taken_unscanned(settings):
    settings.CLAMAV_URL = ""
    assert scan(INFECTED).scan == Scan.NOT_SCANNED


def test_a_file_with_a_virus_is_not_taken(scanner):
    assert scan(INFECTED[:30], INFECTED[30:]).rejection == "malware"


def test_a_file_larger_than_the_scanner_takes_is_taken_unscanned(scanner, settings):
    settings.CLAMAV_MAX_BYTES = 10
    verdict = scan(b"eleven or", b" more")
    assert (verdict.rejection, verdict.scan) == (None, Scan.TOO_LARGE)
    assert scanner.seen == []


@pytest.mark.parametrize("behaviour", ["hangs up", "is silent", "stumbles"])
def test_a_scanner_that_fails_lets_nothing_through(scanner, settings, behaviour):
    settings.CLAMAV_TIMEOUT_SECONDS = 0.3
    scanner.behaviour = behaviour
    with pytest.raises(ScannerAwayError):
        scan(*[b"words"] * 10_000)


@pytest.mark.parametrize("url", ["127.0.0.1:3310", "tcp://127.0.0.1", "http://127.0.0.1:3310", "unix:"])
def test_an_address_that_is_none_is_said(settings, url):
    settings.CLAMAV_URL = url
    with pytest.raises(ImproperlyConfigured, match="CLAMAV_URL"):
        scan(b"words")


@pytest.mark.django_db
class TestUploads:
    @pytest.fixture(autouse=True)
    def _bucket(self, settings):
        ensure_bucket(settings.S3_BUCKET)

    @pytest.fixture
    def uploaded(self):
        """An upload whose part lies in the store and which was completed; the worker has not looked yet."""

        def run(body):
            viewer = Viewer.of(make_user("contributor"))
            started = services.start_upload(viewer, institution_id=viewer.institution_id, filename="notes.txt", size=len(body))
            upload = Upload.objects.select_related("stored_object").get(pk=started.upload_id)
            store().send_part(upload.stored_object.key, upload.s3_upload_id, 1, body)
            return services.complete_upload(viewer, started.upload_id)

        return run

    def test_a_virus_in_an_import_is_said_and_leaves_nothing(self, scanner):
        with pytest.raises(InvalidInputError) as refused:
            make_object(body=INFECTED)
        assert refused.value.code == "malware"
        assert not StoredObject.objects.exists()

    def test_what_the_scanner_said_is_kept(self, scanner):
        stored = make_object(body=b"words")
        assert stored.scan == "clean"
        assert "nothing found" in selectors.scan_sentence(stored)

    def test_an_upload_waits_for_the_scanner_and_is_checked_when_it_is_back(self, scanner, uploaded):
        scanner.behaviour = "hangs up"
        stored = uploaded(b"words\n")
        jobs.run_due()
        stored.refresh_from_db()
        assert (stored.state, stored.scan) == (ObjectState.UPLOADED, "waiting")
        assert "virus scanner" in str(selectors.state_sentence(stored))
        scanner.behaviour = ""
        with clock.travel(clock.now() + dt.timedelta(minutes=10)):
            jobs.run_due()
        stored.refresh_from_db()
        assert (stored.state, stored.scan) == (ObjectState.VERIFIED, "clean")
        assert selectors.state_sentence(stored) == ""

    def test_an_upload_with_a_virus_is_rejected_and_said(self, scanner, uploaded):
        stored = uploaded(INFECTED)
        jobs.run_due()
        stored.refresh_from_db()
        assert (stored.state, stored.rejection) == (ObjectState.REJECTED, "malware")
        assert "virus" in str(selectors.state_sentence(stored))


@pytest.mark.parametrize("way", ["tcp", "unix"])
class TestClamAV:
    @pytest.fixture(autouse=True)
    def _address(self, clamd, settings, way):
        settings.CLAMAV_URL = clamd[way]

    def test_it_finds_the_virus(self):
        assert scan(INFECTED).rejection == "malware"

    def test_it_lets_a_clean_file_through(self):
        verdict = scan(*[b"words " * 1000] * 50)
        assert (verdict.rejection, verdict.scan) == (None, Scan.CLEAN)

    def test_a_file_beyond_its_own_limit_is_not_let_through(self):
        with pytest.raises(ScannerAwayError):
            scan(*[bytes(range(32, 127)) * 1000] * 50)
