"""How many resources a second does `import_resources` take in? Texts of the demo, under identifiers of their own.

Three runs of the same file: into an empty catalogue, again without a change, and after an edit of every row.
Run: .venv/bin/python benchmarks/import_rate.py [--rows 300]
"""

import argparse
import contextlib
import io
import json
import tempfile
import time
from pathlib import Path

from common import CHECKOUT, make_institutions, prepare, print_header, print_table

HOUSE = "severnside"
LEFT_OUT = ("files", "translation_of", "adapted_from")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300)
    options = parser.parse_args()
    prepare()
    make_institutions()
    print_header(f"Import of {options.rows} resources, without files, published")
    rows = rows_from_demo(options.rows)
    edited = [{**row, "abstract": f"{row['abstract']} (Second edition.)"} for row in rows]
    table = []
    for name, content in (("new", rows), ("unchanged", rows), ("every row edited", edited)):
        seconds, said = timed_import(content)
        table.append([name, f"{seconds:.1f} s", f"{options.rows / seconds:.0f}", said])
    print_table(["run", "time", "resources a second", "the command says"], table)


def rows_from_demo(number: int) -> list[dict[str, object]]:
    files = sorted((CHECKOUT / "demo" / "resources").glob("*.jsonl"))
    texts = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = []
    for place in range(number):
        row = {name: value for name, value in texts[place % len(texts)].items() if name not in LEFT_OUT}
        rows.append({**row, "identifier": f"row-{place}", "title": f"{row['title']} ({place})"})
    return rows


def timed_import(rows: list[dict[str, object]]) -> tuple[float, str]:
    """Return seconds and the last line of the command's report."""
    from django.core.management import call_command  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "resources.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        out, began = io.StringIO(), time.perf_counter()
        with contextlib.suppress(SystemExit):  # its exit status tells of drafts; the report says how many
            call_command("import_resources", path, institution=HOUSE, publish=True, stdout=out, stderr=io.StringIO())
        return time.perf_counter() - began, out.getvalue().strip().splitlines()[-1]


if __name__ == "__main__":
    main()
