"""What all benchmarks share: a database, an index and a bucket of their own, the demo texts, and tables."""

import atexit
import datetime as dt
import io
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent


def prepare() -> None:
    """Set Django up on an empty database of its own (SQLite; another by BENCHMARK_DATABASE_URL), an index prefix and the name of a bucket.

    Elasticsearch and the object store are those that the checkout's settings name: `make run` starts them.
    """
    sys.path.insert(0, str(CHECKOUT))
    folder = Path(tempfile.mkdtemp(prefix="festival-benchmark-"))
    os.environ["DATABASE_URL"] = os.environ.get("BENCHMARK_DATABASE_URL") or f"sqlite:///{folder / 'db.sqlite3'}"
    os.environ["SEARCH_INDEX_PREFIX"] = f"benchmark-{os.getpid()}"
    os.environ["S3_BUCKET"] = f"benchmark-{os.getpid()}"
    os.environ["LOG_LEVEL"] = os.environ.get("BENCHMARK_LOG_LEVEL", "ERROR")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    import django  # noqa: PLC0415 - the settings read the environment set above

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from search import index  # noqa: PLC0415

    atexit.register(lambda: (index.delete(index.ours()), shutil.rmtree(folder, ignore_errors=True)))
    plain_names = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain_names}  # nobody has collected static files here
    override_settings(STORAGES=storages, STATIC_ROOT=folder).enable()
    call_command("migrate", verbosity=0)
    call_command("load_vocabularies", verbosity=0, stdout=io.StringIO())


def database_on_postgresql() -> None:
    """Let `prepare` use a new database on the server of TEST_POSTGRES_URL (`make run` names one), dropped at the end."""
    import psycopg  # noqa: PLC0415

    url = os.environ.get("TEST_POSTGRES_URL")
    if not url:
        sys.exit("TEST_POSTGRES_URL is not set: this benchmark compares with PostgreSQL. `make run` writes it to DATA_DIR/runtime.env.")
    name = f"festival_benchmark_{os.getpid()}"
    server = psycopg.connect(url, autocommit=True)
    server.execute(f"CREATE DATABASE {name}")
    atexit.register(lambda: server.execute(f"DROP DATABASE {name} WITH (FORCE)"))
    os.environ["BENCHMARK_DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()


def boto3_client(**config: object) -> object:
    """Return a client of the store that the settings name."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    return boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT_URL or None,
        region_name=settings.S3_REGION,
        aws_access_key_id=settings.S3_ACCESS_KEY_ID,
        aws_secret_access_key=settings.S3_SECRET_ACCESS_KEY,
        config=Config(**{"s3": {"addressing_style": "path"}, **config}),
    )


@contextmanager
def own_bucket() -> Iterator[None]:
    """Make the bucket of this run, and take it away with all that lies in it."""
    from django.conf import settings  # noqa: PLC0415

    from media.store import store  # noqa: PLC0415

    store().ensure_bucket([settings.SITE_URL])
    try:
        yield
    finally:
        empty_bucket("")
        boto3_client().delete_bucket(Bucket=settings.S3_BUCKET)


def empty_bucket(prefix: str) -> None:
    """Delete what lies under a prefix."""
    from media.store import store  # noqa: PLC0415

    for listed in store().objects(prefix):
        store().delete(listed.key)


@contextmanager
def worker() -> Iterator[None]:
    """Run a worker beside."""
    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=CHECKOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def import_demo_texts() -> None:
    """Bring the texts of the demo network in, published, without their files."""
    from exchange.demo import read_contents  # noqa: PLC0415
    from exchange.importing import Importer, Source  # noqa: PLC0415

    make_institutions()
    contents = read_contents()
    Importer(publish=True).run(Source(institution(slug), row) for slug, rows in contents.rows.items() for row in rows)


def make_institutions() -> None:
    """Make the institutions of the demo network."""
    from catalogue.services import create_institution  # noqa: PLC0415
    from exchange.demo import read_contents  # noqa: PLC0415

    for values in read_contents().institutions:
        names = ("slug", "name", "names", "country", "city", "language", "website", "contact_name", "contact_email")
        create_institution(usual_licence=values["licence"], **{name: values[name] for name in names if name in values})


def institution(slug: str):  # noqa: ANN201 - a model, which is importable only after prepare()
    from catalogue.selectors import institution as find  # noqa: PLC0415

    return find(slug)


def print_header(title: str) -> None:
    """Print what was measured, when, and on what."""
    from django.db import connection  # noqa: PLC0415

    from search.client import client  # noqa: PLC0415

    version = client().info()["version"]["number"]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{title}")
    print(f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load before: {load}")
    print(f"Python {platform.python_version()}, Elasticsearch {version}, {connection.vendor}\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in Markdown."""
    cells = [[str(cell) for cell in row] for row in [columns, *rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print("\n".join(lines))


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value under which `share` per cent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]
