"""Uploads files and folders with an API token, from any machine: parts side by side; run again, it goes on where it stopped.

    FESTIVAL_TOKEN=fct_… python -m exchange.client --site https://library.example FOLDER FILE

Needs nothing of the site's code, only the standard library and tqdm, so this file can be copied to where the files lie.
docs/howto/upload-by-api.md is its manual.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tqdm import tqdm

BLOCK = 1024 * 1024
TIMEOUT_SECONDS = 60
PAUSES = (0.0, 1.0, 3.0, 10.0, 30.0)
"""Before each try of a call or a part. The first failure is often only a connection that was kept too long."""
SIGNED_AT_ONCE = 8
LINKS_KEEP_SECONDS = 300
"""On a slow line, links that were fetched together are not used after this; the store takes them for an hour or so."""
LOOK_EVERY = 0.2, 5.0
"""Seconds between two looks at what became of a file: at first, and after a while."""
OVERLOADED = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
COULD_NOT_BEGIN = 2


class CannotGoOnError(Exception):
    """Nothing more can be uploaded; the message says why."""


class RefusedError(Exception):
    """The site, or the store, said no to one file."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Answer:
    """What of an answer counts."""

    status: int
    body: bytes
    etag: str


class Line:
    """HTTP over connections that are kept, one a thread and server."""

    def __init__(self) -> None:
        self._kept, self._all = threading.local(), list[http.client.HTTPConnection]()

    def send(self, method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Return the answer; raise OSError or http.client.HTTPException when the line breaks."""
        target = urlsplit(url)
        connections: dict[str, http.client.HTTPConnection] = self._kept.__dict__
        connection = connections.get(target.netloc)
        if connection is None:
            kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
            connection = connections[target.netloc] = kind(target.netloc, timeout=TIMEOUT_SECONDS)
            self._all.append(connection)
        try:
            connection.request(method, target._replace(scheme="", netloc="").geturl(), body=body, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), _bare(answer.getheader("ETag", "")))
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close what is open; a later call opens it anew."""
        for connection in self._all:
            connection.close()


class Site:
    """The site's API for uploads, with a token."""

    def __init__(self, address: str, token: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise CannotGoOnError(f"{address} is not an https address: anybody on the way could read the token.")
        self.address, self.line = address.rstrip("/"), Line()
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"}

    def call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Return the answer; raise RefusedError for a "no" to this file, CannotGoOnError where no other would fare better."""
        said = json.dumps(body).encode() if body else None
        why = ""
        for pause in PAUSES:
            time.sleep(pause)
            try:
                answer = self.line.send(method, f"{self.address}/api/v1/uploads{path}", said, self._headers)
            except (OSError, http.client.HTTPException) as error:
                why = f"{self.address} cannot be reached: {error or type(error).__name__}"
                continue
            if answer.status not in OVERLOADED:
                return self._read(answer.status, answer.body)
            why = f"{self.address} answers {answer.status}"
        raise CannotGoOnError(f"{why}. Run it again to go on.")

    def _read(self, status: int, answer: bytes) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(answer or b"{}")
        except ValueError as error:
            raise CannotGoOnError(f"{self.address} answers {status}, and not as the library's API does.") from error
        if status == HTTPStatus.UNAUTHORIZED:
            raise CannotGoOnError(str(content.get("detail")))
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise RefusedError(str(content.get("detail", status)), str(content.get("code", "")))
        return content


class Journal:
    """Remembers, in a file, which upload belongs to which file, and which parts the store has taken, with the ETags it gave them.

    A line is added for each; the last one counts.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._entries: dict[str, dict[str, Any]] = {}
        self._taken: dict[str, dict[int, str]] = {}
        self._before_next = ""
        if path.exists():
            text = path.read_text(encoding="utf-8")
            self._before_next = "\n" if text and not text.endswith("\n") else ""
            for line in text.splitlines():
                with contextlib.suppress(ValueError):  # the last one, where the machine died while it was written
                    entry = json.loads(line)
                    if "key" in entry:
                        self._entries[entry["key"]] = entry
                    else:
                        self.parts(entry["upload_id"])[entry["PartNumber"]] = entry["ETag"]

    def get(self, key: str) -> dict[str, Any] | None:
        return self._entries.get(key)

    def put(self, key: str, entry: dict[str, Any]) -> None:
        self._write({"key": key, **entry})

    def parts(self, upload_id: str) -> dict[int, str]:
        """Return the ETags of the parts that the store has taken, by number."""
        return self._taken.setdefault(upload_id, {})

    def put_part(self, upload_id: str, number: int, etag: str) -> None:
        self.parts(upload_id)[number] = etag
        self._write({"upload_id": upload_id, "PartNumber": number, "ETag": etag})

    def _write(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(self._before_next + json.dumps(entry) + "\n")
            self._before_next = ""


@dataclass
class Link:
    """Where one part goes, and when that was asked."""

    number: int
    url: str
    asked: float


@dataclass
class Job:
    """One file and how far it is. `state` is the site's word for it, or `failed`."""

    path: Path
    size: int
    modified: int
    upload_id: str = ""
    object_id: str = ""
    part_size: int = 0
    parts_left: int = 0
    state: str = ""
    message: str = ""
    digest: "Future[str] | None" = None

    def fail(self, error: Exception) -> None:
        self.state, self.message = "failed", str(error)

    def settle(self, status: dict[str, Any]) -> None:
        self.object_id, self.state, self.message = status["object_id"], status["state"], status["message"]


class Uploader:
    """Uploads files, `parallel` parts at a time, whichever files they are of."""

    def __init__(self, site: Site, journal: Journal, *, parallel: int = 4, bar: Any = None) -> None:
        self.site, self.journal, self.parallel = site, journal, parallel
        self._bar, self._lock, self._hasher, self._stopping = bar, threading.Lock(), ThreadPoolExecutor(1), False

    def run(self, paths: Sequence[Path]) -> list[Job]:
        """Send all files and return what is known of each; raise CannotGoOnError when none can be sent any more."""
        jobs = [Job(path, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in paths]
        parts, taking = self._parts(jobs), threading.Lock()

        def work() -> None:
            while not self._stopping:
                with taking:
                    job, numbers = next(parts, (None, []))
                if job is None:
                    return
                self._send(job, numbers)

        pool = ThreadPoolExecutor(self.parallel)
        try:
            for worker in [pool.submit(work) for _ in range(self.parallel)]:
                worker.result()
        finally:  # also where somebody presses Ctrl-C: the parts under way are finished, no other is begun
            self._stopping = True
            pool.shutdown()
            self._hasher.shutdown(cancel_futures=True)
            self.site.line.close()
        return jobs

    def wait(self, jobs: Sequence[Job]) -> None:
        """Wait until the site has looked at every file that was sent."""
        pause = LOOK_EVERY[0]
        while waiting := [job for job in jobs if job.state == "uploaded"]:
            time.sleep(pause)
            pause = min(pause * 1.3, LOOK_EVERY[1])
            for job in waiting:
                try:
                    job.settle(self.site.call("GET", f"/objects/{job.object_id}"))
                except RefusedError as error:
                    job.fail(error)
        self.site.line.close()

    def _parts(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, list[int]]]:
        """Begin one file after the other, and yield the numbers of its parts that the store has not, a few at a time."""
        for job in jobs:
            try:
                numbers = self._begin(job)
            except (RefusedError, OSError) as error:
                job.fail(error)
                continue
            while numbers and job.state != "failed":
                count = max(1, min(SIGNED_AT_ONCE, len(numbers) // (2 * self.parallel)))  # few at the end: all senders end together
                yield job, numbers[:count]
                numbers = numbers[count:]

    def _begin(self, job: Job) -> list[int]:
        """Begin an upload, or take an earlier one up; return the numbers of the parts to send."""
        key = f"{self.site.address} {job.path.resolve()} {job.size} {job.modified}"
        there = self._resumed(job, self.journal.get(key))
        if there is None:
            started = self.site.call("POST", "", filename=job.path.name, size=job.size)
            job.upload_id, job.object_id, job.part_size = started["upload_id"], started["object_id"], started["part_size"]
            self.journal.put(key, {"upload_id": job.upload_id, "object_id": job.object_id, "part_size": job.part_size})
            there = {}
        if job.state:
            self._progress(job.size)
            return []
        self._progress(sum(there.values()))
        numbers = [number for number in range(1, -(-job.size // job.part_size) + 1) if number not in there]
        job.parts_left = len(numbers)
        job.digest = self._hasher.submit(_sha256, job.path)
        if not numbers:
            self._complete(job)
        return numbers

    def _resumed(self, job: Job, entry: dict[str, Any] | None) -> dict[int, int] | None:
        """Return the parts that lie in the store, number to bytes, of an upload that can be gone on with; else None.

        A part counts that is as the store took it: some stores keep what a broken line left of a part as if it were whole.
        """
        if entry is None:
            return None
        try:
            status = self.site.call("GET", f"/objects/{entry['object_id']}")
            if status["state"] in {"uploaded", "verified"}:
                job.settle(status)
                return {}
            listed = self.site.call("GET", f"/{entry['upload_id']}/parts")["parts"]
        except RefusedError:  # it is gone, closed, or was left too long
            return None
        job.upload_id, job.object_id, job.part_size = entry["upload_id"], entry["object_id"], entry["part_size"]
        there = {part["PartNumber"]: _bare(part["ETag"]) for part in listed}
        taken = self.journal.parts(job.upload_id)
        return {number: _range(job, number)[1] for number, etag in taken.items() if there.get(number) == etag}

    def _send(self, job: Job, numbers: list[int]) -> None:
        try:
            for link in self._sign(job, numbers):
                if self._stopping or job.state == "failed":
                    return
                self._put(job, link)
                with self._lock:
                    job.parts_left -= 1
                    is_last = job.parts_left == 0
                if is_last and job.state != "failed":
                    self._complete(job)
        except (RefusedError, OSError) as error:
            job.fail(error)

    def _sign(self, job: Job, numbers: list[int]) -> list[Link]:
        asked, answer = time.monotonic(), self.site.call("POST", f"/{job.upload_id}/parts", numbers=numbers)
        return [Link(number, part["url"], asked) for number, part in zip(numbers, answer["parts"], strict=True)]

    def _put(self, job: Job, link: Link) -> None:
        """Send one part, as often as it takes; with a new link each time, or where the first is old, since it may be past its time."""
        offset, size = _range(job, link.number)
        why = ""
        for tried, pause in enumerate(PAUSES):
            time.sleep(pause)
            if tried or time.monotonic() - link.asked > LINKS_KEEP_SECONDS:
                [link] = self._sign(job, [link.number])
            sent = _Counted(self._progress, _blocks(job.path, offset, size))
            try:
                answer = self.site.line.send("PUT", link.url, sent, {"Content-Length": str(size)})
            except (OSError, http.client.HTTPException) as error:
                why = f"The file store cannot be reached: {error or type(error).__name__}"
            else:
                if answer.status == HTTPStatus.OK:
                    if answer.etag:  # a proxy may take it out; then the SHA-256 alone is compared
                        self.journal.put_part(job.upload_id, link.number, answer.etag)
                    return
                why = f"The file store answers {answer.status}"
            self._progress(-sent.count)
        raise RefusedError(f"{why}. Run it again to go on.")

    def _complete(self, job: Job) -> None:
        """Say that all is sent: the site compares what lies in the store with what it took, and later with what was counted here."""
        digest = job.digest.result() if job.digest else ""
        parts = [{"PartNumber": number, "ETag": etag} for number, etag in self.journal.parts(job.upload_id).items()]
        job.settle(self.site.call("POST", f"/{job.upload_id}/complete", sha256=digest, parts=parts))

    def _progress(self, number: int) -> None:
        if self._bar is not None:
            with self._lock:
                self._bar.update(number)


class _Counted:
    """Blocks that are counted, and told of, as they go."""

    def __init__(self, tell: Any, blocks: Iterator[bytes]) -> None:
        self.count, self._tell, self._blocks = 0, tell, blocks

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            yield block
            self.count += len(block)
            self._tell(len(block))


def _bare(etag: str) -> str:
    """Return an ETag without its quotes: some stores leave them out in lists, and some proxies mark it as weak."""
    return etag.removeprefix("W/").strip('"')


def _range(job: Job, number: int) -> tuple[int, int]:
    """Return where a part begins in its file, and its bytes."""
    offset = (number - 1) * job.part_size
    return offset, min(job.part_size, job.size - offset)


def _blocks(path: Path, offset: int, size: int) -> Iterator[bytes]:
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise RefusedError(f"The file cannot be read: {error}") from error
    with file:
        while size > 0:
            try:
                file.seek(offset)
                block = file.read(min(BLOCK, size))
            except OSError as error:
                raise RefusedError(f"The file cannot be read: {error}") from error
            if not block:
                raise RefusedError("The file became shorter while it was sent.")
            offset, size = offset + len(block), size - len(block)
            yield block


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files named and those in the folders named, however deep, without hidden ones. One that is not there is an error."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            found += [each for each in inside if not any(part.startswith(".") for part in each.relative_to(path).parts)]
        elif path.is_file():
            found.append(path)
        else:
            raise CannotGoOnError(f"There is no file or folder {path}.")
    if not found:
        raise CannotGoOnError("There are no files to upload.")
    return list(dict.fromkeys(found))


def journal_file() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "festival-commons" / "uploads.jsonl"


def main() -> int:
    """Exit status 0: every file was taken; 1: not every one, the lines say which; 2: it could not begin or go on."""
    parser = argparse.ArgumentParser(prog="python -m exchange.client", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--site", required=True, metavar="ADDRESS", help="https://library.example")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="holds the token; else it is in FESTIVAL_TOKEN")
    parser.add_argument("--parallel", type=int, default=4, metavar="N", choices=range(1, 33), help="parts sent at a time (4)")
    parser.add_argument("--no-wait", action="store_true", help="end when all is sent, without waiting for the site's checks")
    parser.add_argument("--journal", type=Path, default=journal_file(), metavar="FILE", help="where it remembers what was begun")
    options = parser.parse_args()
    try:
        token = options.token_file.read_text().strip() if options.token_file else os.environ.get("FESTIVAL_TOKEN", "")
        files = files_in(options.paths)
        total = sum(path.stat().st_size for path in files)
        with tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1024, disable=None) as bar:
            uploader = Uploader(Site(options.site, token), Journal(options.journal), parallel=options.parallel, bar=bar)
            jobs = uploader.run(files)
        if not options.no_wait:
            uploader.wait(jobs)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Run it again to go on.\n")
        return COULD_NOT_BEGIN
    except (CannotGoOnError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return COULD_NOT_BEGIN
    for job in jobs:
        sys.stdout.write("\t".join([job.state, job.object_id, str(job.path), job.message]).rstrip() + "\n")
    return 0 if all(job.state in {"verified", "uploaded"} for job in jobs) else 1


if __name__ == "__main__":
    sys.exit(main())
