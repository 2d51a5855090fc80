"""The client for bulk work, and the script of the manual, against a running site and the real store."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core import jobs
from exchange import client
from exchange.client import CannotGoOnError, Journal, Site, Uploader
from media.models import ObjectState, StoredObject, Upload
from media.store import store
from members import tokens
from tests.cut_line import CutLine
from tests.factories.media import ensure_bucket
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
MANUAL = Path(__file__).parents[3] / "docs" / "howto" / "upload-by-api.md"


@pytest.fixture(autouse=True)
def _bucket(settings):
    ensure_bucket(settings.S3_BUCKET)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.05, 0.1))


@pytest.fixture
def secret(db):
    manager = make_user("manager")
    return tokens.create_token(manager.institution, name="Script", days=30, by=manager)[1]


@pytest.fixture
def run(live_server, secret, tmp_path):
    """Upload paths as a new start of the client would, with the journal of the starts before; return the jobs."""

    def upload(*paths, wait=True, site=None, **options):
        uploader = Uploader(site or Site(live_server.url, secret), Journal(tmp_path / "state" / "journal.jsonl"), **options)
        done = uploader.run(client.files_in(paths))
        jobs.run_due()
        if wait:
            uploader.wait(done)
        return done

    return upload


class Told(Site):
    """A site that remembers what it was asked."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.puts, self.started = [], 0
        send = self.line.send

        def noted(method, url, *rest):
            answer = send(method, url, *rest)
            if method == "PUT" and answer.status == 200:
                self.puts.append(int(re.search(r"partNumber=(\d+)", url)[1]))
            self.started += method == "POST" and url.endswith("/uploads")
            return answer

        self.line.send = noted


@pytest.fixture
def big(tmp_path):
    """A file of four parts, the last of them short."""
    path = tmp_path / "film.bin.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18) + os.urandom(25 * MIB))
    return path


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def bytes_of(stored):
    return b"".join(store().stream(stored.bytes_key, stored.bytes_version_id))


def test_a_folder_goes_up_whole(run, tmp_path, big):
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    (folder / "deeper" / "notes.txt").write_text("Wait until it is still.")
    (folder / ".hidden").write_text("x")
    big.rename(folder / big.name)
    done = run(folder)
    assert [(job.path.name, job.state) for job in done] == [("notes.txt", "verified"), (big.name, "verified")]
    stored = StoredObject.objects.get(filename=big.name)
    assert stored.declared_sha256 == stored.sha256 == sha256(folder / big.name)
    assert bytes_of(stored) == (folder / big.name).read_bytes()


def test_run_again_it_leaves_alone_what_has_arrived(run, live_server, secret, big):
    run(big)
    site = Told(live_server.url, secret)
    assert [job.state for job in run(big, site=site)] == ["verified"]
    assert (site.puts, site.started) == ([], 0)
    assert StoredObject.objects.count() == 1


def test_a_line_cut_in_the_middle_costs_only_what_was_under_way(run, live_server, secret, big, settings):
    line = CutLine(settings.S3_ENDPOINT_URL)
    settings.S3_PUBLIC_ENDPOINT_URL = line.url
    site = Told(live_server.url, secret)
    send = site.line.send

    def cut_after_two(method, url, *rest):
        answer = send(method, url, *rest)
        if len(site.puts) == 2:
            line.cut()
        return answer

    site.line.send = cut_after_two
    [job] = run(big, site=site, parallel=1, wait=False)
    assert (job.state, "Run it again" in job.message) == ("failed", True)
    assert Upload.objects.get().stored_object.state == ObjectState.UPLOADING
    line.mend()
    again = Told(live_server.url, secret)
    assert [job.state for job in run(big, site=again)] == ["verified"]
    assert (sorted(again.puts), again.started) == ([3, 4], 0)
    stored = StoredObject.objects.get()
    assert stored.sha256 == sha256(big)
    line.cut()


def test_a_part_that_a_broken_line_left_is_none(run, live_server, secret, big, settings):
    line = CutLine(settings.S3_ENDPOINT_URL)
    settings.S3_PUBLIC_ENDPOINT_URL = line.url
    line.cut_after(12 * MIB)
    [job] = run(big, parallel=1, wait=False)
    assert (job.state, line.is_cut) == ("failed", True)
    line.mend()
    again = Told(live_server.url, secret)
    assert [job.state for job in run(big, site=again)] == ["verified"]
    assert sorted(again.puts) == [2, 3, 4]
    line.cut()


def test_what_a_broken_line_wrote_late_over_a_part_is_found_and_sent_again(run, live_server, secret, big):
    site = Told(live_server.url, secret)
    call = site.call

    def written_over(method, path, **body):
        if path.endswith("/complete"):
            upload = Upload.objects.select_related("stored_object").get()
            connection.close()  # this thread's own
            store().send_part(upload.stored_object.key, upload.s3_upload_id, 2, bytes(8 * MIB))
        return call(method, path, **body)

    site.call = written_over
    [job] = run(big, site=site, wait=False)
    assert (job.state, "Part 2 of the file has not arrived whole" in job.message) == ("failed", True)
    again = Told(live_server.url, secret)
    assert [job.state for job in run(big, site=again)] == ["verified"]
    assert (again.puts, again.started) == ([2], 0)
    assert StoredObject.objects.get().sha256 == sha256(big)


def test_a_part_that_nobody_saw_taken_is_sent_again(run, live_server, secret, big, monkeypatch):
    monkeypatch.setattr(Uploader, "_complete", lambda self, job: None)  # the machine dies before it has said that all is sent
    run(big, wait=False)
    monkeypatch.undo()
    upload = Upload.objects.get()
    store().send_part(upload.stored_object.key, upload.s3_upload_id, 3, bytes(8 * MIB))
    again = Told(live_server.url, secret)
    assert [job.state for job in run(big, site=again)] == ["verified"]
    assert (again.puts, again.started) == ([3], 0)


def test_a_store_that_gives_no_etag_has_its_parts_compared_by_the_whole_file(run, live_server, secret, big):
    site = Told(live_server.url, secret)
    send = site.line.send
    site.line.send = lambda *request: replace(send(*request), etag="")  # the real answer, as a proxy leaves it
    assert [job.state for job in run(big, site=site)] == ["verified"]


def test_a_file_that_cannot_be_read_is_said_and_stops_no_other(run, tmp_path, big, monkeypatch):
    (gone := tmp_path / "gone.txt").write_text("Wait until it is still.")
    begin = Uploader._begin

    def taken_away(self, job):
        numbers = begin(self, job)
        if job.path == gone:
            job.digest.result()
            gone.unlink()
        return numbers

    monkeypatch.setattr(Uploader, "_begin", taken_away)  # the real one; the disk is unplugged after it
    done = {job.path.name: job for job in run(gone, big)}
    assert done["gone.txt"].message.startswith("The file cannot be read: ")
    assert done[big.name].state == "verified"


def test_links_that_are_kept_too_long_are_not_used(run, big, monkeypatch):
    signed = type(store()).sign_part
    numbers = []

    def noted(self, key, upload_id, number, *arguments, **more):
        numbers.append(number)
        return signed(self, key, upload_id, number, *arguments, **more)

    monkeypatch.setattr(type(store()), "sign_part", noted)  # the real one signs; it is only counted
    monkeypatch.setattr(client, "LINKS_KEEP_SECONDS", -1)  # five minutes have passed
    assert [job.state for job in run(big)] == ["verified"]
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_link_past_its_time_is_signed_again(run, big, settings, monkeypatch):
    sign, numbers = type(store()).sign_part, []

    def first_ones_are_bad(self, key, upload_id, number, *arguments, **more):
        numbers.append(number)
        url = sign(self, key, upload_id, number, *arguments, **more)
        return url.replace("X-Amz-Signature=", "X-Amz-Signature=0") if numbers.count(number) == 1 else url

    monkeypatch.setattr(type(store()), "sign_part", first_ones_are_bad)
    assert [job.state for job in run(big)] == ["verified"]
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_file_that_changed_is_sent_anew(run, big):
    run(big)
    big.write_bytes(big.read_bytes() + b"more")
    [job] = run(big)
    assert job.state == "verified"
    assert {stored.size for stored in StoredObject.objects.all()} == {25 * MIB + 22, 25 * MIB + 26}


def test_an_upload_that_was_left_too_long_is_begun_anew(run, live_server, secret, big, monkeypatch):
    site = Told(live_server.url, secret)
    monkeypatch.setattr(Uploader, "_complete", lambda self, job: None)
    run(big, site=site, wait=False)
    monkeypatch.undo()
    Upload.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert [job.state for job in run(big)] == ["verified"]


def test_one_file_that_is_refused_stops_no_other(run, tmp_path, big):
    (empty := tmp_path / "empty.txt").touch()
    (page := tmp_path / "page.html").write_text("<html><script>alert(1)</script></html>")
    done = {job.path.name: job for job in run(empty, page, big)}
    assert done["empty.txt"].state == "failed"
    assert "0 bytes" in done["empty.txt"].message
    assert done["page.html"].state == "rejected"
    assert done[big.name].state == "verified"


def test_without_a_valid_token_nothing_is_begun(run, live_server, big):
    with pytest.raises(CannotGoOnError, match="token"):
        run(big, site=Site(live_server.url, "fct_wrong"))


def test_a_site_that_is_away_is_said(run, big):
    with pytest.raises(CannotGoOnError, match="cannot be reached"):
        run(big, site=Site("http://127.0.0.1:9", "fct_x"))


def test_the_token_goes_over_no_open_line():
    with pytest.raises(CannotGoOnError, match="https"):
        Site("http://library.example", "fct_x")


def test_a_journal_cut_short_by_a_crash_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "journal.jsonl"
    Journal(path).put("a", {"upload_id": "1"})
    with path.open("a") as file:
        file.write('{"key": "b", "uplo')
    cut = Journal(path)
    assert cut.get("a")["upload_id"] == "1"
    assert cut.get("b") is None
    cut.put("b", {"upload_id": "2"})
    cut.put("c", {"upload_id": "3"})
    assert [Journal(path).get(key)["upload_id"] for key in "abc"] == ["1", "2", "3"]


def finish(process):
    """Do the worker's part until the process ends; return its output."""
    while process.poll() is None:
        jobs.run_due()
    return process.communicate(timeout=10)


def test_the_command(live_server, secret, tmp_path, big):
    environment = {**os.environ, "FESTIVAL_TOKEN": secret, "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "exchange.client", "--site", live_server.url]
    process = subprocess.Popen([*command, str(big)], env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
    out, _ = finish(process)
    assert process.returncode == 0
    assert out.split("\t")[:3] == ["verified", str(StoredObject.objects.get().pk), f"{big}\n"]
    missing = subprocess.run([*command, "nothing.zip"], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (2, "There is no file or folder nothing.zip.\n")


def test_the_script_of_the_manual(live_server, secret, tmp_path, big):
    script = re.search(r"```sh\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)[1]
    environment = {**os.environ, "FESTIVAL_TOKEN": secret, "SITE": live_server.url}
    process = subprocess.Popen(["sh", "-c", script, "upload.sh", str(big)], env=environment, stdout=subprocess.PIPE, text=True)
    out, _ = finish(process)
    assert process.returncode == 0, out
    assert f"{big}: verified" in out
    assert '"status": "created"' in out
    stored = StoredObject.objects.get()
    assert stored.sha256 == stored.declared_sha256 == sha256(big)
    assert stored.uses.exists()
