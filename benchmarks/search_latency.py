"""What does our own code add to a search? The same questions, three ways, in turns, at 10,000 works with nested editions.

*raw*: the very body that we send, sent by a bare client of Elasticsearch; *search*: `search.services.search`, with labels,
choice of editions and all; *page*: the whole search page through Django's test client. The target is search/raw within 1.3.
Run: .venv/bin/python benchmarks/search_latency.py [--works 10000] [--rounds 10]
"""

import argparse
import copy
import random
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from common import import_demo_texts, percentile, prepare, print_header, print_table

BATCH = 250

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
    editions = fill_index(options.works)
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
            body, url = search_body(request), address.write(request)
            ways: dict[str, Callable[[], Any]] = {
                "raw": lambda body=body: bare.search(index=index.alias(), body=body, allow_partial_search_results=False),
                "search": lambda request=request: services.search(request),
                "page": lambda url=url: browser.get(url).content,
            }
            for name in lot.sample(sorted(ways), len(ways)):
                began = time.perf_counter()
                ways[name]()
                if turn:
                    times[name].append(time.perf_counter() - began)
    return times


def fill_index(works: int) -> int:
    """Fill a live index with variations of the demo's works; return the number of editions.

    Each keeps its terms and languages; its sentences are drawn from all texts of its language, so words are spread as in life.
    """
    from catalogue.selectors import published_works  # noqa: PLC0415
    from search import index  # noqa: PLC0415
    from search.documents import load_documents  # noqa: PLC0415

    patterns = list(load_documents(list(published_works().values_list("pk", flat=True))).values())
    sentences: dict[str, list[str]] = {}
    for pattern in patterns:
        for edition in pattern["editions"]:
            for key, texts in edition["body"].items():
                sentences.setdefault(key, []).extend(part for text in texts for part in re.split(r"(?<=[.!?。！？])\s*", text) if part)
    lot = random.Random(1)
    name = index.new_name()
    index.create(name)
    batch, editions = [], 0
    for number in range(works):
        document = variation(patterns[number % len(patterns)], sentences, lot)
        editions += len(document["editions"])
        batch.append(index.Entry(UUID(document["work_id"]), 1, document))
        if len(batch) == BATCH or number == works - 1:
            errors = index.write([name], batch)
            assert not errors, errors[:3]
            batch = []
    index.refresh(name)
    index.make_live(name)
    return editions


def variation(pattern: dict[str, Any], sentences: dict[str, list[str]], lot: random.Random) -> dict[str, Any]:
    document = copy.deepcopy(pattern)
    document["work_id"] = str(uuid4())
    for edition in document["editions"]:
        edition["edition_id"] = edition["card"]["edition_id"] = str(uuid4())
        for key, texts in edition["body"].items():
            edition["body"][key] = [" ".join(lot.choices(sentences[key], k=20)), *texts[1:]]
        for key in edition["abstract"]:
            edition["abstract"][key] = [" ".join(lot.choices(sentences.get(key, [""]), k=4))]
            edition["card"]["abstract"] = edition["abstract"][key][0]
        edition["year"] = [str(lot.randint(2010, 2026))]
    return document


if __name__ == "__main__":
    main()
