"""The picture of search_scale.py's figures: .venv/bin/python benchmarks/scale_plot.py draws it again from the results."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results" / "search_scale.json"
PLOT = FOLDER / "search_scale.svg"

PANELS = {
    "with_words": ("Words, meaning, all facets, passages", ("postgresql", "wagtail", "page", "raw")),
    "without_words": ("No words, at most one value chosen", ("postgresql", "wagtail", "page", "kept")),
}
LINES = {
    "postgresql": ("PostgreSQL full text", "#8a6d1f", "s:"),
    "wagtail": ("Wagtail's Elasticsearch backend", "#9b2c4e", "^:"),
    "page": ("our page", "#0b5f8a", "o-"),
    "kept": ("our page, kept", "#1f7a4d", "o-"),
    "raw": ("the bare request of our body", "#0b5f8a", ".--"),
}

Results = dict[str, Any]


def read_results() -> Results:
    """Return the figures of earlier runs by number of works, so that sizes can be measured one at a time."""
    if not RESULTS.exists():
        return {}
    results: Results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


def draw(results: Mapping[str, Any]) -> None:
    """Draw p95 by number of works, both logarithmic."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import, and only wanted here

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "search_scale", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, panels = plt.subplots(1, len(PANELS), figsize=(11, 4.6), sharey=True, layout="constrained")
    sizes = sorted(map(int, results))
    for panel, (part, (title, ways)) in zip(panels, PANELS.items(), strict=True):
        for way in ways:
            label, colour, style = LINES[way]
            known = [(works, results[str(works)][part][way]["p95"]) for works in sizes if way in results[str(works)][part]]
            if known:
                panel.plot(*zip(*known, strict=True), style, color=colour, label=label)
        panel.set(title=title, xlabel="works", xscale="log", yscale="log")
        panel.grid(visible=True, which="major", color="#dddddd")
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False, fontsize=9)
    panels[0].set_ylabel("milliseconds, p95")
    figure.savefig(PLOT, metadata={"Date": None})


if __name__ == "__main__":
    draw(read_results())
