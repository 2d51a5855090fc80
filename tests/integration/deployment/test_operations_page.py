"""docs/operations.md names every setting that the site reads, and none that it does not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_setting_has_its_line():
    read = {
        name
        for path in (ROOT / "config").glob("*.py")
        for name in re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', path.read_text(encoding="utf-8"))
    }
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[A-Z].*?) \|", page.partition("## Settings")[2].partition("## Watching")[0], re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    assert documented == read
