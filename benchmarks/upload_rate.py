"""Uploads by the client beside bare boto3 to the same store, in turns: how fast, and what the web process feels of it.

Both send the same file of random bytes, in parts of 8 MiB, as many side by side; they take turns. boto3 is `upload_file` with nothing
else around it: no site, no look at what arrived; once as it comes, and once without the checksums and signatures of every part that it
counts by default, which the client does not need, since it counts one SHA-256 of the whole. Compared is the time until the last part lies
in the store; then come the store's putting together, and ours: the worker's reading of it all, and the thumbnail of a photograph.
The site is gunicorn as it is shipped, with one worker process, so that there is one memory to look at, and a relay before it that
counts bytes.
Run: .venv/bin/python benchmarks/upload_rate.py [--bytes 256MiB] [--runs 3] [--parallel 4]
"""

import argparse
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from common import CHECKOUT, boto3_client, empty_bucket, own_bucket, prepare, print_header, print_table, worker

MIB = 1024 * 1024
UNITS = {"MiB": MIB, "GiB": 1024 * MIB}
PATIENCE_SECONDS = 600
WITHOUT_CHECKSUMS = {
    "s3": {"addressing_style": "path", "payload_signing_enabled": False},
    "request_checksum_calculation": "when_required",
}


@dataclass
class Times:
    """Seconds of each run."""

    parts_sent: list[float] = field(default_factory=list)
    put_together: list[float] = field(default_factory=list)
    verified: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=size, default=size("256MiB"), metavar="N[MiB|GiB]")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parallel", type=int, default=4)
    parser.add_argument("--port", type=int, default=8208)
    options = parser.parse_args()
    prepare()
    print_header(f"Uploads of {options.bytes / MIB:,.0f} MiB, {options.parallel} parts at a time, {options.runs} runs, taking turns")
    with tempfile.TemporaryDirectory() as folder, own_bucket(), site(options.port) as pid, worker():
        report(*measure(Path(folder), options, pid), options.bytes)


def size(text: str) -> int:
    found = re.fullmatch(r"(\d+)(MiB|GiB)?", text)
    if not found:
        raise argparse.ArgumentTypeError("a number of bytes, or 256MiB, 5GiB")
    return int(found[1]) * UNITS.get(found[2], 1)


def measure(folder: Path, options: argparse.Namespace, pid: int) -> tuple[list[Times], "Felt", float]:
    """Return the times of boto3, of boto3 without checksums and ours, what the web process felt, and the seconds to a thumbnail."""
    from exchange.client import Journal, Site, Uploader  # noqa: PLC0415
    from tests.cut_line import CutLine  # noqa: PLC0415

    secret, relay = token(), CutLine(f"http://127.0.0.1:{options.port}")
    path = folder / "random.zip"
    write_random(path, options.bytes)
    thumbnail = seconds_to_thumbnail(Uploader(Site(relay.url, secret), Journal(folder / "journal")), write_photograph(folder / "a.png"))
    (bare, light, ours), felt = (
        (Times(), Times(), Times()),
        Felt(pid),
    )  # from here on: the first upload had the web process load what it needs
    for number in range(options.runs):
        uploader = Uploader(Site(relay.url, secret), Journal(folder / f"journal-{number}"), parallel=options.parallel)
        turns = [
            lambda: bare_boto3(path, options.parallel, bare),
            lambda: bare_boto3(path, options.parallel, light, **WITHOUT_CHECKSUMS),
            lambda uploader=uploader: client(path, uploader, ours),
        ]
        for turn in turns[number % 3 :] + turns[: number % 3]:
            carried = relay.carried
            turn()
            felt.note(relay.carried - carried)
    return [bare, light, ours], felt, thumbnail


def bare_boto3(path: Path, parallel: int, times: Times, **config: object) -> None:
    """Upload with boto3 alone; its own events tell when it asked for completion, which is when the last part lay in the store."""
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415

    s3, sent_at = boto3_client(**config), []
    # a handler that returns something would answer in the store's place
    s3.meta.events.register("before-call.s3.CompleteMultipartUpload", lambda **_: sent_at.append(time.perf_counter()))
    began = time.perf_counter()
    transfer = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=8 * MIB, max_concurrency=parallel)
    s3.upload_file(str(path), os.environ["S3_BUCKET"], "bare/object", Config=transfer)
    times.put_together.append(time.perf_counter() - began)
    times.parts_sent.append(sent_at[0] - began)
    empty_bucket("bare/")


def client(path: Path, uploader: object, times: Times) -> None:
    """Upload with the client, then follow the worker; everything is deleted afterwards."""
    from media.models import ObjectState, StoredObject, Upload, UploadState  # noqa: PLC0415

    began = time.perf_counter()
    [job] = uploader.run([path])
    times.parts_sent.append(time.perf_counter() - began)
    assert job.state == "uploaded", job
    until(lambda: Upload.objects.filter(stored_object=job.object_id, state=UploadState.COMPLETED).exists())
    times.put_together.append(time.perf_counter() - began)
    until(lambda: StoredObject.objects.filter(pk=job.object_id, state=ObjectState.VERIFIED).exists())
    times.verified.append(time.perf_counter() - began)
    StoredObject.objects.all().delete()
    empty_bucket("objects/")


def seconds_to_thumbnail(uploader: object, path: Path) -> float:
    from media.models import DerivedFile  # noqa: PLC0415

    [job] = uploader.run([path])
    began = time.perf_counter()
    until(lambda: DerivedFile.objects.filter(source=job.object_id).exists())
    return time.perf_counter() - began


class Felt:
    """Memory of the web process, as the kernel tells it, and bytes that went through it, as the relay counted them."""

    def __init__(self, pid: int) -> None:
        self.pid, self.before = pid, memory(pid)["VmRSS"]
        self.carried: list[int] = []

    def note(self, carried: int) -> None:
        if carried:
            self.carried.append(carried)

    def row(self) -> list[str]:
        now = memory(self.pid)
        return [f"{kib / 1024:.0f} MiB" for kib in (self.before, now["VmRSS"], now["VmHWM"])]


def memory(pid: int) -> dict[str, int]:
    """Return resident memory and its peak, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return {name: int(number) for name, number in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}


def report(times: list[Times], felt: Felt, thumbnail: float, number: int) -> None:
    ours = times[-1]

    def rate(seconds: list[float]) -> str:
        return f"{number / MIB / statistics.median(seconds):.0f} MiB/s"

    def row(label: str, name: str) -> list[str]:
        seconds = [getattr(each, name) for each in times]
        ratios = [f"{statistics.median(rival) / statistics.median(seconds[-1]):.2f}" for rival in seconds[:-1]]
        return [label, *(rate(each) for each in seconds), *ratios]

    print_table(
        ["", "boto3", "boto3, no checksums", "client", "client / boto3", "client / no checksums"],
        [row("until the last part is sent", "parts_sent"), row("until it is put together", "put_together")],
    )
    after = statistics.median(done - sent for done, sent in zip(ours.verified, ours.parts_sent, strict=True))
    print()
    print_table(
        [
            "web process: memory before",
            "after",
            "peak",
            "bytes through it, an upload",
            "complete to verified",
            "photograph: complete to thumbnail",
        ],
        [[*felt.row(), f"{statistics.median(felt.carried):,.0f}", f"{after:.1f} s", f"{thumbnail:.1f} s"]],
    )


def token() -> str:
    from members.tokens import create_token  # noqa: PLC0415
    from tests.factories.members import make_institution, make_user  # noqa: PLC0415

    house = make_institution(quota_bytes=10**15)
    return create_token(house, name="Benchmark", days=30, by=make_user("manager", institution=house))[1]


def write_random(path: Path, number: int) -> None:
    """Write a file that passes for a ZIP archive, and leave it in the page cache for both."""
    with path.open("wb") as file:
        file.write(b"PK\x05\x06" + bytes(18))
        for place in range(22, number, MIB):
            file.write(os.urandom(min(MIB, number - place)))


def write_photograph(path: Path) -> Path:
    """Write a picture of 12 megapixels with noise in it, as a camera's has; return its path."""
    from PIL import Image  # noqa: PLC0415

    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000))
    buffer = io.BytesIO()
    Image.merge("RGB", [noise, noise.rotate(180), noise]).save(buffer, "PNG", compress_level=1)
    path.write_bytes(buffer.getvalue())
    return path


@contextmanager
def site(port: int) -> Iterator[int]:
    """Run the site with the configuration of the image and one worker process; yield that one's id."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": folder, "WEB_WORKERS": "1"}
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"], cwd=CHECKOUT, env=environment, check=True
        )
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "config.wsgi"]
        process = subprocess.Popen([*command, "--log-level", "warning", "--no-control-socket"], cwd=CHECKOUT, env=environment)
        try:
            until(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            yield int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
        finally:
            process.terminate()
            process.wait(30)


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=10):  # noqa: S310 - our own
            return True
    except OSError as error:
        return getattr(error, "code", None) is not None


def until(condition: object) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "Nothing came of it."
        time.sleep(0.02)


if __name__ == "__main__":
    main()
