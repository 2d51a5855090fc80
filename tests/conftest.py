"""What every test may ask for. The services are real; each worker has a database, an index prefix and a bucket of its own."""

import os
import tempfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.test.signals import storages_changed
from django.utils import translation
from pytest_socket import socket_allow_hosts

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config):
    """Settings of tests: quick passwords, names of this worker's own, static files unhashed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SEARCH_INDEX_PREFIX = f"{settings.SEARCH_INDEX_PREFIX}-test-{WORKER}"
    settings.S3_BUCKET = f"{settings.S3_BUCKET}-test-{WORKER}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STATIC_ROOT = Path(tempfile.mkdtemp(prefix="festival-static-"))  # whitenoise warns of one that does not exist
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    storages_changed(setting="STORAGES")  # Django may have built them already
    post_migrate.connect(_load_vocabularies, sender=apps.get_app_config("catalogue"), dispatch_uid="tests.vocabularies")


def pytest_runtest_setup(item):
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def _load_vocabularies(**_):
    """After the migrations, and after each flush of a transactional test, so that every test finds the terms."""
    from catalogue import vocabulary_files  # noqa: PLC0415 - models are loaded by now
    from catalogue.vocabulary import VOCABULARIES  # noqa: PLC0415

    for name in VOCABULARIES:
        vocabulary_files.load(name)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """SQLite in a file, not in memory: threads and other processes of a test see the same database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder = Path(settings.DATA_DIR)  # its own: two checkouts may be tested at once
        folder.mkdir(parents=True, exist_ok=True)
        database.setdefault("TEST", {})["NAME"] = str(folder / f"{settings.SEARCH_INDEX_PREFIX}.sqlite3")
    elif WORKER != "main":
        database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{WORKER}"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Ids differ from test to test, and so does the language of the last request: neither must outlive its test."""
    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    ContentType.objects.clear_cache()


@pytest.fixture
def work_changes():
    """The ids of works that core.events.works_changed announced since the fixture was asked for; `clear()` forgets them."""
    from core.events import works_changed  # noqa: PLC0415

    seen = []

    def receive(work_ids, **_):
        seen.extend(work_ids)

    works_changed.connect(receive)
    yield seen
    works_changed.disconnect(receive)
