"""The search page as the catalogue grows, against the bare request, and against what a site would have instead.

At each size, an index of its own is filled with synthetic works (synthetic.py) and asked some hundred different questions, each way
once, in an order drawn by lot, so that nobody's cache holds an answer: *raw*, the very body that we send (words, meaning, all facets,
passages), sent by a bare client; *search*, `search.services.search`; *page*, the whole page through Django; *wagtail* and *postgresql*,
the rivals (rivals.py). Then pages without words: raw and page when nothing is kept, *kept* when it is, and the rivals.
Run: .venv/bin/python benchmarks/search_scale.py --works 10000 100000 [--questions 300] [--rivals-up-to 100000] [--pieces 0]
"""

import argparse
import datetime as dt
import json
import os
import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from common import database_on_postgresql, import_demo_texts, percentile, prepare, print_header, print_table
from scale_plot import RESULTS, draw, read_results

WARM_UP = 20
"""Questions that are asked first and not counted, so that every way has its code, connections and statements ready."""

ROUNDS_WITHOUT_WORDS = 5
CHOSEN: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {},
    {"subject": ("physics",)},
    {"language": ("en",)},
    {"resource_type": ("experiment",)},
    {"country": ("GB",)},
    {"audience": ("primary",)},
    {"access": ("public",)},
)
"""The pages without words: nothing chosen, or one value."""

RIVALS = ("wagtail", "postgresql")

Ways = dict[str, Callable[[], Any]]
Times = dict[str, list[float]]


def main() -> None:
    options = read_options()
    database_on_postgresql()
    prepare()
    from django.conf import settings  # noqa: PLC0415 - importable only after prepare()

    if options.pieces is not None:
        settings.SEARCH_PIECES = options.pieces
    import_demo_texts()
    from synthetic import read_catalogue  # noqa: PLC0415 - needs Django

    catalogue = read_catalogue()
    print_header(f"Search at {', '.join(f'{works:,}' for works in options.works)} works: {options.questions} questions each")
    results = read_results()
    for works in options.works:
        results[str(works)] = measured(catalogue, works, options)
        report(results[str(works)])
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draw(results)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, nargs="+", default=[10_000])
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--rivals-up-to", type=int, default=100_000, help="Larger catalogues are not filled into the rivals.")
    parser.add_argument("--pieces", type=int, help="SEARCH_PIECES instead of the settings': vectors of an edition beside its summary's.")
    parser.add_argument("--at-load", type=float, metavar="L", help="Once all is filled, wait until the load of the last minute is below L.")
    parser.add_argument("--vectors", default="", help="Another kind of index for the vectors than ours, as Elasticsearch names it.")
    return parser.parse_args()


def measured(catalogue: Any, works: int, options: argparse.Namespace) -> dict[str, Any]:
    """Fill the index, and the rivals' up to the size that was given; return what was measured."""
    import synthetic  # noqa: PLC0415

    with_rivals = works <= options.rivals_up_to
    filled = synthetic.fill_index(catalogue, works, vectors=options.vectors)
    rivals = fill_rivals(catalogue, works) if with_rivals else {}
    asked = synthetic.questions(catalogue, WARM_UP + options.questions)
    while options.at_load and os.getloadavg()[0] >= options.at_load:
        time.sleep(5)
    load = os.getloadavg()
    try:
        ask_questions(asked[:WARM_UP], rivals)
        with_words = ask_questions(asked[WARM_UP:], rivals)
        without_words = ask_without_words(rivals)
    finally:
        for rival in rivals.values():
            rival.delete()
    return {
        "works": works,
        "editions": filled.editions,
        "fill_seconds": round(filled.seconds),
        "settled_seconds": round(filled.settled),
        "index_megabytes": filled.megabytes,
        "when": f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d %H:%M} UTC",
        "load_before": [round(value, 1) for value in load],
        "vectors": filled.vectors,
        "kind_of_vectors": options.vectors or "as shipped",
        "with_words": figures(with_words),
        "without_words": figures(without_words),
    }


def fill_rivals(catalogue: Any, works: int) -> dict[str, Any]:
    import rivals  # noqa: PLC0415 - needs Django
    import synthetic  # noqa: PLC0415

    rivals.fill_table(synthetic.works(catalogue, works))
    both = {"wagtail": rivals.Wagtail(f"benchmark-{os.getpid()}-"), "postgresql": rivals.PostgreSQL()}
    for rival in both.values():
        rival.fill()
    return both


def ask_questions(questions: Iterable[Any], rivals: Mapping[str, Any]) -> Times:
    """Return seconds by way of asking; each question is asked once each way."""
    lot = random.Random(3)
    times: Times = {name: [] for name in ("raw", "search", "page", *rivals)}
    for question in questions:
        ways = ways_of_asking(question, rivals)
        for name in lot.sample(sorted(ways), len(ways)):
            forget_question()
            times[name].append(timed(ways[name]))
    return times


def ask_without_words(rivals: Mapping[str, Any]) -> Times:
    """Return seconds for pages without words: each first when nothing is kept of it anywhere, then at once again."""
    from synthetic import Question  # noqa: PLC0415

    times: Times = {name: [] for name in ("raw", "page", "kept", *rivals, *(f"{name} again" for name in rivals))}
    for _round in range(ROUNDS_WITHOUT_WORDS):
        for chosen in CHOSEN:
            ways = ways_of_asking(Question("", "en", dict(chosen)), rivals)
            forget_answers()
            times["raw"].append(timed(ways["raw"]))
            times["page"].append(timed(ways["page"]))
            times["kept"].append(timed(lambda ways=ways: without_asking(ways["page"])))
            for name in rivals:
                times[name].append(timed(ways[name]))
                times[f"{name} again"].append(timed(ways[name]))
    return times


def without_asking(way: Callable[[], Any]) -> None:
    """Do it, and fail if Elasticsearch was asked: then nothing was kept, and the figure would be another."""
    from unittest import mock  # noqa: PLC0415

    with mock.patch("search.services.ask", side_effect=AssertionError("Nothing was kept of this page.")):
        way()


def ways_of_asking(question: Any, rivals: Mapping[str, Any]) -> Ways:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from elasticsearch import Elasticsearch  # noqa: PLC0415

    from search import address, index, services  # noqa: PLC0415
    from search.queries import search_body  # noqa: PLC0415
    from search.types import SearchRequest  # noqa: PLC0415

    bare, browser = _once("bare", lambda: Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=60)), _once("browser", Client)
    request = SearchRequest(q=question.words, selections=question.selections)
    body, url = search_body(request, services.meaning_of(request)), address.write(request)
    ways: Ways = {
        "raw": lambda: bare.search(index=index.alias(), body=body, allow_partial_search_results=False),
        "search": lambda: services.search(request),
        "page": lambda: page(browser, url),
    }
    return ways | {name: lambda rival=rival: rival.page(question) for name, rival in rivals.items()}


_made: dict[str, Any] = {}


def _once(name: str, make: Callable[[], Any]) -> Any:
    if name not in _made:
        _made[name] = make()
    return _made[name]


def page(browser: Any, url: str) -> None:
    response = browser.get(url, headers={"host": "localhost"})
    assert response.status_code == 200, (url, response.status_code)  # noqa: PLR2004


def forget_question() -> None:
    """Let the question be encoded again: each reader asks something else."""
    from search import vectors  # noqa: PLC0415

    vectors._remembered_question.cache_clear()  # noqa: SLF001 - there is no other way to it


def forget_answers() -> None:
    """Empty our cache, and Elasticsearch's, which keeps the rival's counts."""
    from django.core.cache import caches  # noqa: PLC0415

    from search.client import client  # noqa: PLC0415

    caches["search"].clear()
    client().indices.clear_cache(index=f"benchmark-{os.getpid()}-*")


def timed(way: Callable[[], Any]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def figures(times: Times) -> dict[str, dict[str, float]]:
    """Return percentiles in milliseconds by way of asking."""
    return {name: {f"p{share}": round(percentile(taken, share) * 1000, 1) for share in (50, 95, 99)} for name, taken in times.items()}


def report(result: Mapping[str, Any]) -> None:
    """Print the tables of one size."""
    filled = f"filled in {result['fill_seconds']} s, {result['index_megabytes']} MB"
    print(f"\n{result['works']:,} works, {result['editions']:,} editions, {result['vectors']:,} vectors; {filled}")
    for title, against, name in (
        ("words and meaning", "page", "with_words"),
        ("no words, at most one value chosen", "kept", "without_words"),
    ):
        ours = result[name][against]
        rows = [
            [
                way,
                *(f"{taken[share]:.1f} ms" for share in ("p50", "p95", "p99")),
                *(f"{taken[share] / ours[share]:.2f}" for share in ("p50", "p95")),
            ]
            for way, taken in result[name].items()
        ]
        print()
        print_table([title, "p50", "p95", "p99", f"p50 / {against}", f"p95 / {against}"], rows)


if __name__ == "__main__":
    main()
