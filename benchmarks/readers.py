"""Two hundred people read at once: gunicorn as it is shipped, a catalogue of 10,000 works, and now and then a publish.

Each reader goes round: the search page without words, a choice in it, a question, a filter on its results, the page of a hit. Between two
pages they read for 4 to 16 seconds (so a reader asks for some five pages a minute), and wait for each page before they read it. They
start within ten seconds; measured is the time from asking until the whole page is there, from then on. Every answer that is not a
whole page with status 200 is an error.
Run: .venv/bin/python benchmarks/readers.py [--readers 200] [--seconds 60] [--works 10000]
"""

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from common import CHECKOUT, import_demo_texts, percentile, prepare, print_header, print_table

SHORTEST_READING, LONGEST_READING = 4.0, 16.0
ARRIVAL_SECONDS = 10.0
SECONDS_BETWEEN_PUBLISHES = 10.0
TIMEOUT_SECONDS = 30.0
CHOICES = (
    {"subject": "physics"},
    {"language": "en"},
    {"language": "fr"},
    {"resource_type": "experiment"},
    {"audience": "primary"},
    {"access": "public"},
    {"country": "GB"},
)
FIRST_HIT = re.compile(r'class="card__title"[^>]*>\s*<a href="([^"]+)"')
KINDS = ("search page", "one choice", "question", "question and filter", "resource")


@dataclass
class Seen:
    """Seconds by kind of page, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    errors: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--works", type=int, default=10_000)
    parser.add_argument("--port", type=int, default=8207)
    options = parser.parse_args()
    prepare()
    import_demo_texts()
    import synthetic  # noqa: PLC0415 - needs Django

    catalogue = synthetic.read_catalogue()
    editions = synthetic.fill_index(catalogue, options.works).editions
    words = [question.words for question in synthetic.questions(catalogue, 1000)]
    print_header(f"{options.readers} readers for {options.seconds:g} s, {options.works:,} works with {editions:,} editions")
    with server(options.port):
        seen, publishes = read(options, words)
    report(seen, publishes, options.seconds)


@contextmanager
def server(port: int) -> Iterator[None]:
    """Run the site with the configuration of the image, on a port of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": folder}
        manage = [sys.executable, str(CHECKOUT / "manage.py")]
        subprocess.run([*manage, "collectstatic", "--no-input", "--verbosity=0"], cwd=CHECKOUT, env=environment, check=True)
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "config.wsgi"]
        site = subprocess.Popen([*command, "--log-level", "warning", "--no-control-socket"], cwd=CHECKOUT, env=environment)
        try:
            wait_for_site(port)
            yield
        finally:
            site.terminate()
            site.wait(30)


def wait_for_site(port: int) -> None:
    """Ask a few questions, so that every worker has loaded what it needs: a site that readers come to has been up for a while."""
    deadline = time.monotonic() + 60
    for number in range(20):
        while True:
            try:
                status, _page = get(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS), f"/en/search/?q=warm+{number}")
                break
            except ConnectionError:
                assert time.monotonic() < deadline, "The site does not start."
                time.sleep(0.1)
        assert status == http.client.OK, status


def read(options: argparse.Namespace, words: list[str]) -> tuple[Seen, int]:
    """Let the readers read; return what they saw, and how many publishes there were meanwhile."""
    seen, end = Seen(), time.monotonic() + ARRIVAL_SECONDS + options.seconds
    readers = [threading.Thread(target=reader, args=(number, options.port, words, seen, end)) for number in range(options.readers)]
    for thread in readers:
        thread.start()
    publishes = publish_until(end)
    for thread in readers:
        thread.join()
    return seen, publishes


def publish_until(end: float) -> int:
    """Change a work every ten seconds, so that what is kept of pages without words must be asked anew."""
    from catalogue.models import ResourcePage  # noqa: PLC0415
    from search import sync  # noqa: PLC0415

    sync.catch_up()
    publishes = 0
    for edition in ResourcePage.objects.live():
        time.sleep(max(min(SECONDS_BETWEEN_PUBLISHES, end - time.monotonic()), 0))
        if time.monotonic() >= end:
            break
        edition.save()
        sync.catch_up()
        publishes += 1
    return publishes


def reader(number: int, port: int, words: list[str], seen: Seen, end: float) -> None:
    """Go round until the end; what was asked for while others were still arriving is not counted."""
    lot, counted_from = random.Random(number), time.monotonic() + ARRIVAL_SECONDS
    time.sleep(lot.uniform(0, ARRIVAL_SECONDS))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    page, left_out = "", lot.randrange(len(KINDS))
    while True:
        first, left_out = left_out, 0  # not all are at the same place of their first round
        for kind, path in one_round(lot, words)[first:]:
            hit = FIRST_HIT.search(page)
            if time.monotonic() >= end:
                connection.close()
                return
            if kind == "resource" and hit is None:
                continue  # nothing was found; the next question
            began = time.monotonic()
            page = open_page(connection, kind, hit[1] if kind == "resource" and hit else path, seen if began >= counted_from else Seen())
            time.sleep(lot.uniform(SHORTEST_READING, LONGEST_READING))


def one_round(lot: random.Random, words: list[str]) -> list[tuple[str, str]]:
    """Return what a reader opens one after the other, with addresses; that of a resource is on the page before."""
    question, choice = {"q": lot.choice(words)}, lot.choice(CHOICES)
    return [
        ("search page", "/en/search/"),
        ("one choice", f"/en/search/?{urlencode(choice)}"),
        ("question", f"/en/search/?{urlencode(question)}"),
        ("question and filter", f"/en/search/?{urlencode(question | choice)}"),
        ("resource", ""),
    ]


def open_page(connection: http.client.HTTPConnection, kind: str, path: str, seen: Seen) -> str:
    """Return the page; whatever goes wrong is written down, and the reader goes on as people do."""
    began = time.monotonic()
    try:
        status, page = get(connection, path)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        seen.errors.append(f"{kind} {path}: {error!r}")
        return ""
    if status != http.client.OK or "</html>" not in page:
        seen.errors.append(f"{kind} {path}: status {status}, {len(page)} characters")
        return ""
    seen.times[kind].append(time.monotonic() - began)
    return page


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, str]:
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    return response.status, response.read().decode()


def report(seen: Seen, publishes: int, seconds: float) -> None:
    everything = {**seen.times, "all": [taken for times in seen.times.values() for taken in times]}
    rows = [
        [
            kind,
            len(taken),
            f"{len(taken) / seconds:.1f}",
            *(f"{percentile(taken, share) * 1000:.0f} ms" for share in (50, 95, 99)),
            f"{max(taken) * 1000:.0f} ms",
        ]
        for kind, taken in everything.items()
    ]
    print_table(["page", "opened", "a second", "p50", "p95", "p99", "slowest"], rows)
    print(f"\n{publishes} publishes meanwhile. Errors: {len(seen.errors)}")
    for error in seen.errors[:10]:
        print(f"  {error}")
    if seen.errors:
        sys.exit(1)


if __name__ == "__main__":
    main()
