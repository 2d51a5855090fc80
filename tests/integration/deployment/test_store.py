"""The scripts of the store's image, run against the real server: the application gets a key that owns its bucket and no more."""

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.conf import settings as site_settings

from core.errors import UnavailableError
from local_services import object_store
from local_services.cache import Cache
from local_services.ports import remembered_ports
from local_services.settings import read_settings
from local_services.waiting import answers
from media.store import store
from tests.waiting import until

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"


@pytest.fixture
def server():
    """A store as its image runs it; gives the environment of its scripts."""
    folder = Path(tempfile.mkdtemp(prefix="store-", dir="/var/tmp"))
    for name in ("objects", "versions", "meta", "iam"):
        (folder / name).mkdir()
    binary = object_store.install(Cache(read_settings().cache_dir), folder / "build.log")
    port = remembered_ports(("STORE_PORT",), {})["STORE_PORT"]
    address = f"127.0.0.1:{port}"
    environment = {
        "PATH": os.pathsep.join([str(binary.parent), os.environ["PATH"]]),
        "STORE_FOLDER": str(folder),
        "STORE_ADDRESS": address,
        "STORE_URL": f"http://{address}",
        "ROOT_ACCESS_KEY": "root",
        "ROOT_SECRET_KEY": secrets.token_hex(16),
        "S3_BUCKET": "festival",
        "S3_ACCESS_KEY_ID": "site",
        "S3_SECRET_ACCESS_KEY": secrets.token_hex(16),
    }
    process = subprocess.Popen([DEPLOY / "store-server.sh"], env=environment)
    try:
        until(lambda: answers(f"http://{address}/_health"))
        yield environment
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)


def set_up(environment):
    return subprocess.run([DEPLOY / "store-setup.sh"], env=environment, check=True, capture_output=True, text=True)


def use(settings, environment, bucket="festival"):
    settings.S3_ENDPOINT_URL = settings.S3_PUBLIC_ENDPOINT_URL = environment["STORE_URL"]
    settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY = environment["S3_ACCESS_KEY_ID"], environment["S3_SECRET_ACCESS_KEY"]
    settings.S3_BUCKET = bucket


def test_the_site_can_use_its_bucket_and_make_no_other(server, settings):
    set_up(server)
    set_up(server)  # every start does it again
    use(settings, server)
    store().ensure_bucket([site_settings.SITE_URL])
    assert store().check() is None
    use(settings, server, bucket="another")
    with pytest.raises(UnavailableError):
        store().ensure_bucket([site_settings.SITE_URL])


def test_before_the_set_up_the_key_opens_nothing(server, settings):
    use(settings, server)
    assert store().check() is not None
