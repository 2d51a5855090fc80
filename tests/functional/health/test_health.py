"""/healthz and /readyz: what a supervisor and an operator ask."""

import json
import threading
import time

import pytest

from exchange import health
from search import index, rebuild
from tests.factories.media import ensure_bucket


def test_a_living_process_says_so_and_touches_nothing(client):
    answer = client.get("/healthz")  # without `db`, a query would fail the test
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_when_all_parts_answer(client, settings):
    ensure_bucket(settings.S3_BUCKET)
    rebuild.rebuild()
    try:
        answer = client.get("/readyz")
    finally:
        index.delete(index.ours())
    assert json.loads(answer.content) == {"database": "ok", "search": "ok", "object_store": "ok", "files": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_part_that_is_away_is_named_with_the_reason(client, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = client.get("/readyz")
    parts = json.loads(answer.content)
    assert answer.status_code == 503
    assert parts["database"] == "ok"
    assert parts["search"] != "ok"


def test_parts_that_hang_delay_nothing(monkeypatch):
    end = threading.Event()
    monkeypatch.setattr(health, "DEADLINE_SECONDS", 0.3)
    monkeypatch.setattr(health, "CHECKS", {name: lambda: end.wait(20) and None for name in ("one", "two", "three")})
    start = time.monotonic()
    parts = health.readiness()
    end.set()
    assert time.monotonic() - start < 2
    assert all("No answer" in reason for reason in parts.values())


def test_a_check_that_breaks_is_a_reason_too(monkeypatch):
    monkeypatch.setattr(health, "CHECKS", {"one": lambda: 1 / 0})
    assert health.readiness() == {"one": "The check failed; the log says how."}


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading(client, address):
    assert client.post(address).status_code == 405
