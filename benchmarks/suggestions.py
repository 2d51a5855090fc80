"""Help while typing: how long it takes until the suggestions are there, at 100,000 works.

What is typed are beginnings, from two letters on, of titles, keywords, subjects and institutions of the demo in all its languages,
one in five of four letters or more with two letters exchanged. Each is asked three ways, in an order drawn by lot, with the answers
that Elasticsearch keeps forgotten before each: *raw*, our very bodies (titles, keywords, and labels where any fit) in one request by a
bare client; *suggest*, `search.suggestions.suggest`; *list*, the part of the page that the browser shows, through Django. The target
is p95 of *suggest* within 30 ms. The works have no vectors here.
Run: .venv/bin/python benchmarks/suggestions.py [--works 100000] [--typed 300]
"""

import argparse
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from common import import_demo_texts, percentile, prepare, print_header, print_table

WARM_UP = 20
TARGET_MS = 30
LONGEST = 14
LETTERS_FOR_A_TYPO = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--typed", type=int, default=300)
    options = parser.parse_args()
    prepare()
    import_demo_texts()
    import synthetic  # noqa: PLC0415 - needs Django

    catalogue = synthetic.read_catalogue()
    for pattern in catalogue.patterns:
        for edition in pattern["editions"]:
            edition["passages"] = []
    filled = synthetic.fill_index(catalogue, options.works)
    print_header(f"Suggestions at {options.works:,} works with {filled.editions:,} nested editions, {options.typed} beginnings")
    times, offered = measure(beginnings(catalogue, WARM_UP + options.typed))
    rows = []
    for name, taken in times.items():
        p50, p95 = percentile(taken, 50), percentile(taken, 95)
        ratios = [f"{value / percentile(times['raw'], share):.2f}" for value, share in ((p50, 50), (p95, 95))]
        rows.append([name, f"{p50 * 1000:.1f} ms", f"{p95 * 1000:.1f} ms", *ratios])
    print_table(["", "p50", "p95", "p50 / raw", "p95 / raw"], rows)
    reached = percentile(times["suggest"], 95) * 1000 < TARGET_MS
    print(f"\np95 of suggest under {TARGET_MS} ms: {'yes' if reached else 'no'}. Something was offered for {offered:.0%}.")


def beginnings(catalogue: Any, number: int) -> list[tuple[str, str]]:
    """Return what is typed, each with the reader's language."""
    from catalogue.vocabulary import Subject  # noqa: PLC0415
    from members.models import Institution  # noqa: PLC0415

    editions = [edition for pattern in catalogue.patterns for edition in pattern["editions"]]
    kinds = [
        [edition["card"]["title"] for edition in editions],
        [tag for edition in editions for tag in edition["tag"]],
        [label for subject in Subject.objects.all() for label in subject.labels.values()],
        list(Institution.objects.values_list("name", flat=True)),
    ]
    lot = random.Random(4)
    typed = []
    while len(typed) < number:
        text = lot.choice(lot.choice(kinds)).lower()
        start = lot.choice([0, *(place + 1 for place, letter in enumerate(text[:-2]) if letter == " ")])
        beginning = text[start : start + lot.randint(2, LONGEST)]
        if len(beginning) >= LETTERS_FOR_A_TYPO and lot.random() < 0.2:  # noqa: PLR2004 - one in five
            place = lot.randrange(1, len(beginning) - 1)
            beginning = beginning[:place] + beginning[place + 1] + beginning[place] + beginning[place + 2 :]
        typed.append((beginning, lot.choice(["en", "fr", "zh-hans"])))
    return typed


def measure(asked: list[tuple[str, str]]) -> tuple[dict[str, list[float]], float]:
    """Return seconds by way of asking, without those of the first WARM_UP, and for how many of all something was offered."""
    from django.test import Client  # noqa: PLC0415
    from elasticsearch import Elasticsearch  # noqa: PLC0415

    from search import index, suggestions  # noqa: PLC0415
    from search.client import client, node_addresses  # noqa: PLC0415

    bare, browser = Elasticsearch(list(node_addresses()), request_timeout=60), Client()
    times: dict[str, list[float]] = {"raw": [], "suggest": [], "list": []}
    offered = 0
    lot = random.Random(3)
    for number, (typed, language) in enumerate(asked):
        offered += bool(suggestions.suggest(typed, language))
        searches = [part for body in bodies(typed, language) for part in ({"index": index.alias()}, body)]
        url = f"/{language}/search/suggest/?q={quote(typed)}"
        ways: dict[str, Callable[[], Any]] = {
            "raw": lambda searches=searches: searches and bare.msearch(searches=searches),
            "suggest": lambda typed=typed, language=language: suggestions.suggest(typed, language),
            "list": lambda url=url: browser.get(url, headers={"host": "localhost"}).content,
        }
        for name in lot.sample(sorted(ways), len(ways)):
            client().indices.clear_cache(index=index.alias(), request=True)
            began = time.perf_counter()
            ways[name]()
            if number >= WARM_UP:
                times[name].append(time.perf_counter() - began)
    return times, offered / len(asked)


def bodies(typed: str, language: str) -> list[dict[str, Any]]:
    """Return what `suggest` sends, by listening to it."""
    from unittest.mock import patch  # noqa: PLC0415

    from search import asking, suggestions  # noqa: PLC0415

    sent: list[dict[str, Any]] = []

    def listen_to_both(asked: list[dict[str, Any]]) -> Any:
        sent.extend(asked)
        return asking.ask_together(asked)

    def listen(asked: dict[str, Any]) -> Any:
        sent.append(asked)
        return asking.ask(asked)

    with patch.object(suggestions, "ask_together", listen_to_both), patch.object(suggestions, "ask", listen):
        suggestions.suggest(typed, language)
    return sent


if __name__ == "__main__":
    main()
