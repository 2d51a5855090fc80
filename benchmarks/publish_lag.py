"""How long after its publication is a resource found? A stream of publishes, with a real worker running beside.

The lag is from the moment at which publishing has returned (its transaction is committed) to the first answer of the live
index that holds the work. Run: .venv/bin/python benchmarks/publish_lag.py [--publishes 200] [--per-second 5]
"""

import argparse
import threading
import time

from common import percentile, prepare, print_header, print_table, worker


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publishes", type=int, default=200)
    parser.add_argument("--per-second", type=float, default=5.0)
    options = parser.parse_args()
    prepare()
    print_header(f"Publish-to-searchable lag: {options.publishes} publishes, up to {options.per_second:g} a second")

    from catalogue.services import publish_directly  # noqa: PLC0415
    from search import rebuild  # noqa: PLC0415
    from tests.factories.catalogue import make_resource  # noqa: PLC0415
    from tests.factories.members import make_institution  # noqa: PLC0415

    house = make_institution()
    drafts = [make_resource(house, publish=False, title=f"Resource {number}") for number in range(options.publishes)]
    rebuild.rebuild()
    with worker():
        published: dict[str, float] = {}
        seen: dict[str, float] = {}
        watcher = threading.Thread(target=watch, args=(seen, options.publishes))
        watcher.start()
        wait_for_worker(make_resource(house, title="To see whether the worker is up").work_id, seen)
        for draft in drafts:
            next_at = time.monotonic() + 1 / options.per_second
            publish_directly(draft, by=None)
            published[str(draft.work_id)] = time.monotonic()
            time.sleep(max(next_at - time.monotonic(), 0))
        watcher.join(timeout=60)
    report(published, seen)


def watch(seen: dict[str, float], publishes: int) -> None:
    """Ask the live index every 20 ms for works not seen yet, and note when each is found first.

    The question is small: a whole search each time would take processor time from what is measured.
    """
    from search import index  # noqa: PLC0415
    from search.client import client  # noqa: PLC0415

    while len(seen) <= publishes:
        unseen = {"bool": {"filter": [{"term": {"visible": True}}], "must_not": [{"ids": {"values": list(seen)}}]}}
        found = client().search(index=index.alias(), query=unseen, size=50, source=False, track_total_hits=False)
        now = time.monotonic()
        for hit in found["hits"]["hits"]:
            seen.setdefault(hit["_id"], now)
        time.sleep(0.02)


def wait_for_worker(work_id: object, seen: dict[str, float]) -> None:
    deadline = time.monotonic() + 60
    while str(work_id) not in seen:
        assert time.monotonic() < deadline, "The worker does not index anything."
        time.sleep(0.05)


def report(published: dict[str, float], seen: dict[str, float]) -> None:
    lags = [max(seen[work_id] - at, 0.0) for work_id, at in published.items() if work_id in seen]
    lost = len(published) - len(lags)
    within = sum(lag < 1 for lag in lags) / len(published)
    stream = len(published) / (max(published.values()) - min(published.values()))
    print_table(
        ["publishes", "a second", "p50", "p95", "max", "within 1 s", "never found"],
        [
            [
                len(published),
                f"{stream:.1f}",
                *(f"{value * 1000:.0f} ms" for value in (percentile(lags, 50), percentile(lags, 95), max(lags))),
                f"{within:.1%}",
                lost,
            ]
        ],
    )


if __name__ == "__main__":
    main()
