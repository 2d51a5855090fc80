"""What does our own code add to a search? The same questions, three ways, in turns, at 10,000 works with nested editions.

*raw*: the very body that we send, sent by a bare client of Elasticsearch; *search*: `search.services.search`, with labels,
choice of editions and all; *page*: the whole search page through Django's test client. The target is search/raw within 1.3.
Run: .venv/bin/python benchmarks/search_latency.py [--works 10000] [--rounds 10]
"""

import argparse
import random
import time
from collections.abc import Callable
from typing import Any

from common import import_demo_texts, percentile, prepare, print_header, print_table
from synthetic import fill_index, read_catalogue

QUESTIONS: list[tuple[str, dict[str, tuple[str, ...]]]] = [
    ("", {}),
    ("", {"subject": ("physics",)}),
    ("", {"language": ("en", "fr"), "access": ("public",)}),
    ("", {"resource_type": ("experiment", "show"), "audience": ("primary",), "licence": ("CC-BY-4.0", "CC-BY-SA-4.0")}),
    ("water", {}),
    ("soap bubbles", {}),
    ("telescope moon children", {"language": ("en",)}),
    ("how to build a bridge from paper and tape", {}),
    ("climate", {"country": ("GB", "FR")}),
    ("lumière et couleurs", {}),
    ("望远镜", {}),
    ("磁铁 实验", {"language": ("zh-Hans",)}),
    ("الماء", {}),
    ("luz", {"resource_type": ("experiment",)}),
    ("実験", {}),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    prepare()
    import_demo_texts()
    editions = fill_index(read_catalogue(), options.works).editions
    asked = f"{len(QUESTIONS)} questions × {options.rounds} rounds"
    print_header(f"Search at {options.works:,} works with {editions:,} nested editions, {asked}")
    times = measure(options.rounds)
    raw = times["raw"]
    rows = []
    for name, taken in times.items():
        p50, p95 = percentile(taken, 50), percentile(taken, 95)
        rows.append(
            [
                name,
                f"{p50 * 1000:.1f} ms",
                f"{p95 * 1000:.1f} ms",
                f"{p50 / percentile(raw, 50):.2f}",
                f"{p95 / percentile(raw, 95):.2f}",
            ]
        )
    print_table(["", "p50", "p95", "p50 / raw", "p95 / raw"], rows)


def measure(rounds: int) -> dict[str, list[float]]:
    """Return seconds by way of asking. The ways take turns, each time in another order, after one round that does not count."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.cache import caches  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from elasticsearch import Elasticsearch  # noqa: PLC0415

    from search import address, index, services  # noqa: PLC0415
    from search.queries import search_body  # noqa: PLC0415
    from search.types import SearchRequest  # noqa: PLC0415

    bare, browser = Elasticsearch(settings.ELASTICSEARCH_URL), Client(SERVER_NAME="localhost")
    times: dict[str, list[float]] = {"raw": [], "search": [], "page": []}
    lot = random.Random(1)
    for turn in range(rounds + 1):
        for words, selections in QUESTIONS:
            request = SearchRequest(q=words, selections=selections)
            body, url = search_body(request, services.meaning_of(request)), address.write(request)
            ways: dict[str, Callable[[], Any]] = {
                "raw": lambda body=body: bare.search(index=index.alias(), body=body, allow_partial_search_results=False),
                "search": lambda request=request: services.search(request),
                "page": lambda url=url: browser.get(url).content,
            }
            for name in lot.sample(sorted(ways), len(ways)):
                caches["search"].clear()
                began = time.perf_counter()
                ways[name]()
                if turn:
                    times[name].append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    main()
