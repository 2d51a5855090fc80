"""The tests' database is migrated once and kept in DATA_DIR; each worker begins with a copy of it, made by Django's own cloning."""

import fcntl
import hashlib
import importlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connections

from catalogue import site_tree

HASH_LENGTH = 10


def clone(worker):
    """Connect this process to a database of its own; return what undoes it."""
    connection = connections["default"]
    original = connection.settings_dict["NAME"]
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{connection.vendor}-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker makes what the others copy
        _make_template(connection, folder)
        connection.close()  # what is in use is not copied
        mine = connection.creation.get_test_db_clone_settings(worker)
        _drop(connection, mine["NAME"])
        connection.creation.clone_test_db(suffix=worker, verbosity=0)
    connection.settings_dict.update(mine)

    def undo():
        connections.close_all()
        connection.creation.destroy_test_db(original, verbosity=0)

    return undo


def _make_template(connection, folder):
    """Bring the template up to date. One that other migrations made is thrown away."""
    record = folder / f"{connection.vendor}-template.txt"
    before = record.read_text(encoding="utf-8") if record.exists() else ""
    name = _template_name(connection, folder)
    if before and before != name:
        _drop(connection, before)
    connection.settings_dict.setdefault("TEST", {})["NAME"] = name
    keep = before == name
    if not keep:
        record.unlink(missing_ok=True)  # what is half made is not kept
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
    record.write_text(name, encoding="utf-8")


def _template_name(connection, folder):
    """Name the template after its place and all that it is made of."""
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for path in sorted(_sources()):
        digest.update(path.read_bytes())
    name = f"template_{digest.hexdigest()[:HASH_LENGTH]}"
    return str(folder / f"{name}.sqlite3") if connection.vendor == "sqlite" else f"test_{name}"


def _sources():
    yield Path(site_tree.__file__)
    yield from (Path(site_tree.__file__).parent / "vocabularies").glob("*.json")
    for app in apps.get_app_configs():
        try:
            package = importlib.import_module(f"{app.name}.migrations")
        except ModuleNotFoundError:
            continue
        for folder in package.__path__:
            yield from Path(folder).glob("*.py")


def _drop(connection, name):
    """Remove a database that a killed run may have left."""
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(f"{name}{ending}").unlink(missing_ok=True)
    else:
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")
