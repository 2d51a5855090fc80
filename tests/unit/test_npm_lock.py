"""The front end's lock says what and which hash, never where from."""

import json

from django.conf import settings

LOCK = settings.BASE_DIR / "package-lock.json"


def test_no_address_stands_in_the_lock():
    assert "http" not in LOCK.read_text()


def test_every_package_has_its_hash():
    packages = json.loads(LOCK.read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
