"""The launcher is tested with real processes, real ports and the real servers."""

import http.client
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local_services.settings import Settings


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the servers' own account can reach too, which pytest's (mode 700) is not for root."""
    folder = Path(tempfile.mkdtemp(prefix="launcher-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings_in() -> Callable[..., Settings]:
    def make(folder: Path, **given: str) -> Settings:
        return Settings(
            given=given,
            host=given.get("HOST", "127.0.0.1"),
            port=int(given.get("PORT", "8000")),
            data_dir=folder / "data",
            cache_dir=folder / "cache",
            demo=True,
            heap="256m",
            site_url="http://localhost:8000",
        )

    return make


@pytest.fixture(scope="session")
def ask() -> Callable[..., tuple[int, Any]]:
    """A question to an HTTP server of ours: its address, a JSON body, the method; the status and the JSON answered."""

    def ask(url: str, body: Any = None, method: str = "") -> tuple[int, Any]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        try:
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            data = None if body is None else json.dumps(body).encode()
            connection.request(method or ("GET" if body is None else "POST"), target, data, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or "null")
        finally:
            connection.close()

    return ask
