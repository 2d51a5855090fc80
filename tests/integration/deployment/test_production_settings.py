"""Production settings pass every check of Django, Wagtail and our own; unsafe ones are refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exchange import checks
from tests.factories.members import make_user

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "SITE_URL": "https://library.example.org",
    "SECRET_KEY": "k7Zr0cV1xW2yQ3mN4bL5vC6xZ7aS8dF9gH0jK1lP2oI3uY4tR5eW6qA",
    "ALLOWED_HOSTS": "library.example.org",
    "TRUST_PROXY": "true",
    "S3_ENDPOINT_URL": "http://store:7070",
    "S3_PUBLIC_ENDPOINT_URL": "https://files.example.org",
    "ELASTICSEARCH_URL": "http://search:9200",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


@pytest.fixture
def manage(tmp_path):
    """Run manage.py in a process of its own, with production settings and an empty SQLite database."""
    (tmp_path / "static").mkdir()

    def run(*arguments, **settings):
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PYTHONWARNINGS": "error::DeprecationWarning:django"}
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(
            command, env={**environment, **PRODUCTION, **settings}, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path
        )

    return run


def check(manage, **settings):
    return manage("check", "--deploy", "--fail-level", "WARNING", **settings)


def test_production_settings_are_clean(manage):
    answer = check(manage)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_unsafe_settings_are_refused_each_by_name(manage):
    answer = check(manage, DEMO="1", DEBUG="1", HSTS_SECONDS="0", SECRET_KEY=f"local-{PRODUCTION['SECRET_KEY']}")
    assert answer.returncode != 0
    for code in ("exchange.E001", "exchange.E002", "security.W004", "security.W018"):
        assert code in answer.stderr


def test_without_a_secret_nothing_starts(manage):
    answer = check(manage, SECRET_KEY="")
    assert answer.returncode != 0
    assert "SECRET_KEY is not set" in answer.stderr


@pytest.mark.parametrize("url", ["https://library.example.org", "http://192.168.1.5:8000", "http://0.0.0.0:8000"])
def test_demo_and_local_secrets_stay_on_this_machine(settings, url):
    settings.DEMO, settings.SECRET_KEY, settings.SITE_URL = True, "local-secret", url
    assert checks.demo_only_on_loopback()
    assert checks.secret_key_of_its_own()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_on_this_machine_they_are_no_offence(settings, url):
    settings.DEMO, settings.SECRET_KEY, settings.SITE_URL = True, "local-secret", url
    assert checks.demo_only_on_loopback() == checks.secret_key_of_its_own() == []


@pytest.mark.django_db
def test_demo_accounts_do_not_become_accounts_of_a_site(settings):
    make_user(is_demo=True)
    settings.DEMO = True
    assert checks.no_demo_accounts() == []
    settings.DEMO = False
    assert [error.id for error in checks.no_demo_accounts()] == ["exchange.E003"]
