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

FOLDERS_OF_MINUTES = frozenset({"real_input", "cluster", "deployment", "relevance"})
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config):
    """Settings of tests: quick passwords, names of this worker's own, static files unhashed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SEARCH_INDEX_PREFIX = f"{settings.SEARCH_INDEX_PREFIX}-test-{WORKER}"
    settings.S3_BUCKET = f"{settings.S3_BUCKET}-test-{WORKER}"
    settings.OFFICE_CONVERTER = ""  # it takes seconds a document; tests of it name one
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # a test's database need not outlive the machine
    settings.STATIC_ROOT = Path(tempfile.mkdtemp(prefix="festival-static-"))  # whitenoise warns of one that does not exist
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    storages_changed(setting="STORAGES")  # Django may have built them already
    post_migrate.connect(_load_vocabularies, sender=apps.get_app_config("catalogue"), dispatch_uid="tests.vocabularies")


def pytest_collection_modifyitems(items):
    """Begin with the folders whose files take minutes: last, they would keep one worker while the others rest."""
    items.sort(key=lambda item: item.path.parent.name not in FOLDERS_OF_MINUTES)


def pytest_runtest_setup(item):
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def _load_vocabularies(**_):
    """After the migrations, and after each flush of a transactional test, so that every test finds the terms."""
    from catalogue import vocabulary_files  # noqa: PLC0415 - models are loaded by now
    from catalogue.vocabulary import VOCABULARIES  # noqa: PLC0415

    for name in VOCABULARIES:
        vocabulary_files.load(name)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database of this worker's own; SQLite's is in a file: threads and other processes of a test see the same."""
    from tests import database_template  # noqa: PLC0415

    with django_db_blocker.unblock():
        undo = database_template.clone(WORKER)
    yield
    with django_db_blocker.unblock():
        undo()


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
