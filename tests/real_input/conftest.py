"""Real collections, which lie beside the checkout (../shared) and not in it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from search import index, rebuild, sync

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"The real collections are not here: {SHARED} is absent.")
    return SHARED


@pytest.fixture
def collection(shared):
    def read(name):
        with (shared / "catalogue" / f"{name}.jsonl").open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    return read


@pytest.fixture
def take_in_file(shared):
    """Import and publish a file with the files of media/ok; returns exit status and report."""

    def run(path, institution, *more):
        out, status = StringIO(), 0
        options = ["--institution", institution.slug, "--files", str(shared / "media" / "ok"), "--publish", *more]
        try:
            call_command("import_resources", str(path), *options, stdout=out, stderr=StringIO())
        except SystemExit as ending:
            status = ending.code
        return status, out.getvalue().splitlines()

    return run


@pytest.fixture
def take_in(tmp_path, take_in_file):
    """Write rows as JSON Lines, import and publish them; returns exit status and report."""

    def run(rows, institution):
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        return take_in_file(path, institution)

    return run


@pytest.fixture
def live_index(db):
    """An index that is live and follows the database when `live_index()` is called."""
    index.delete(index.ours())
    rebuild.rebuild()
    yield sync.catch_up
    index.delete(index.ours())
