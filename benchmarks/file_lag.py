"""How long after an upload's completion is a file checked, shown, and found by its words? With a real worker and a real store.

Each file is a PDF of ten pages whose words are its own, carried by a resource that is published already. The times are from the
answer to `complete` to the first moment at which the database has the check, the thumbnail, and the live index the words.
Run: .venv/bin/python benchmarks/file_lag.py [--files 30] [--per-second 0.5]
"""

import argparse
import time
from collections.abc import Callable
from urllib.request import Request, urlopen

from common import own_bucket, percentile, prepare, print_header, print_table, worker

STAGES = ("checked", "with a thumbnail", "found by its words")
MOST_SECONDS = 120


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--per-second", type=float, default=0.5)
    options = parser.parse_args()
    prepare()
    print_header(f"From the completion of an upload to the search: {options.files} PDFs of ten pages, {options.per_second:g} a second")

    from search import rebuild  # noqa: PLC0415 - importable only after prepare()

    rebuild.rebuild()
    completed: dict[str, float] = {}
    seen: dict[str, dict[str, float]] = {stage: {} for stage in STAGES}
    with own_bucket(), worker():
        upload("warmup")
        wait(completed | {"warmup": time.monotonic()}, {stage: {} for stage in STAGES})
        for number in range(options.files):
            next_at = time.monotonic() + 1 / options.per_second
            upload(f"zyx{number}word")
            completed[f"zyx{number}word"] = time.monotonic()
            while time.monotonic() < next_at:
                look(completed, seen)
        wait(completed, seen)
    report(completed, seen)


def upload(word: str) -> None:
    """Publish a resource with a file that is being uploaded, send the file, and complete it."""
    from media import services  # noqa: PLC0415
    from media.models import StoredObject  # noqa: PLC0415
    from members.viewer import Viewer  # noqa: PLC0415
    from tests.factories import documents  # noqa: PLC0415
    from tests.factories.catalogue import make_resource  # noqa: PLC0415
    from tests.factories.members import make_user  # noqa: PLC0415

    user = make_user("contributor")
    body = documents.pdf(*(f"{word} on page {number}" for number in range(10)))
    viewer = Viewer.of(user)
    started = services.start_upload(viewer, institution_id=user.institution_id, filename=f"{word}.pdf", size=len(body))
    make_resource(user.institution, title="A resource", files=[StoredObject.objects.get(pk=started.object_id)])
    part = services.sign_part(viewer, started.upload_id, 1)
    with urlopen(Request(part.url, data=body, method="PUT")):  # noqa: S310 - signed by us
        pass
    services.complete_upload(viewer, started.upload_id)


def look(completed: dict[str, float], seen: dict[str, dict[str, float]]) -> None:
    """Note for each stage which files have reached it since the last look."""
    from media.models import DerivedFile, StoredObject  # noqa: PLC0415
    from search import index  # noqa: PLC0415
    from search.client import client  # noqa: PLC0415

    def found(word: str) -> bool:
        words = {"nested": {"path": "editions", "query": {"match": {"editions.files.en": word}}}}
        return bool(client().count(index=index.alias(), query=words)["count"])

    reached: tuple[Callable[[str], bool], ...] = (
        lambda word: StoredObject.objects.filter(filename=f"{word}.pdf", state="verified").exists(),
        lambda word: DerivedFile.objects.filter(source__filename=f"{word}.pdf", kind="thumbnail").exists(),
        found,
    )
    for stage, has_reached in zip(STAGES, reached, strict=True):
        for word in completed.keys() - seen[stage].keys():
            if has_reached(word):
                seen[stage][word] = time.monotonic()
    time.sleep(0.02)


def wait(completed: dict[str, float], seen: dict[str, dict[str, float]]) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while any(len(times) < len(completed) for times in seen.values()) and time.monotonic() < deadline:
        look(completed, seen)


def report(completed: dict[str, float], seen: dict[str, dict[str, float]]) -> None:
    rows = []
    for stage, times in seen.items():
        lags = [at - completed[word] for word, at in times.items()]
        figures = (percentile(lags, 50), percentile(lags, 95), max(lags))
        rows.append([stage, *(f"{value:.2f} s" for value in figures), len(completed) - len(lags)])
    print_table(["", "p50", "p95", "max", "never"], rows)


if __name__ == "__main__":
    main()
