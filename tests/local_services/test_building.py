"""Translations and front end, in a checkout of their own."""

import gettext
import json
import os
import shutil
from pathlib import Path

import pytest

from local_services import debian, frontend, translations
from local_services.console import TroubleError
from local_services.debian import Need

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: fr\\n"

msgid "Search"
msgstr "Chercher"
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout: the modules under test look there instead of into ours."""
    monkeypatch.setattr(translations, "CHECKOUT", tmp_path)
    monkeypatch.setattr(frontend, "CHECKOUT", tmp_path)
    for name, path in {
        "PACKAGE": tmp_path / "package.json",
        "OUTPUT": tmp_path / "static" / "dist",
        "STAMP": tmp_path / "static" / "dist" / ".built-from",
        "INSTALLED": tmp_path / "node_modules" / ".installed-from",
    }.items():
        monkeypatch.setattr(frontend, name, path)
    return tmp_path


def test_translations_are_compiled_when_they_changed(checkout: Path) -> None:
    po = checkout / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(PO, encoding="utf-8")

    assert translations.compile_stale() == [po]
    assert translations.compile_stale() == []
    with po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Search") == "Chercher"

    later = po.with_suffix(".mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(po, ns=(later, later))
    assert translations.compile_stale() == [po]


def test_a_broken_translation_file_is_named(checkout: Path) -> None:
    po = checkout / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "a"\nmsgstr "b"\nwhat is this\n', encoding="utf-8")

    with pytest.raises(TroubleError, match=r"locale/fr/LC_MESSAGES/django\.po"):
        translations.compile_stale()


def test_a_checkout_without_a_front_end_builds_none(checkout: Path) -> None:
    frontend.build(checkout / "log")

    assert not (checkout / "static").exists()


def test_the_front_end_is_built_once_and_again_when_a_source_changes(checkout: Path) -> None:
    script = "mkdir -p static/dist && cat static/app.js >> static/dist/app.js"
    package = {"name": "x", "version": "1.0.0", "private": True, "scripts": {"build": script}}
    lock = {"name": "x", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": {"": {"name": "x", "version": "1.0.0"}}}
    (checkout / "static").mkdir()
    (checkout / "static" / "app.js").write_text("one;", encoding="ascii")
    (checkout / "package.json").write_text(json.dumps(package), encoding="ascii")
    (checkout / "package-lock.json").write_text(json.dumps(lock), encoding="ascii")
    (checkout / "node_modules").mkdir()
    built = checkout / "static" / "dist" / "app.js"

    frontend.build(checkout / "log")
    frontend.build(checkout / "log")
    assert built.read_text(encoding="ascii") == "one;"

    (checkout / "static" / "app.js").write_text("two;", encoding="ascii")
    frontend.build(checkout / "log")
    assert built.read_text(encoding="ascii") == "one;two;"


def test_where_node_is_missing_that_of_the_package_is_used(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = checkout / "tools"
    tools.mkdir()
    for name in ("sh", "setpriv"):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tools))
    (checkout / "package.json").write_text('{"name": "x", "scripts": {"build": "node --version > version"}}', encoding="ascii")
    (checkout / "package-lock.json").write_text('{"name": "x", "lockfileVersion": 3, "packages": {"": {"name": "x"}}}', encoding="ascii")

    frontend.build(checkout / "log")

    assert (checkout / "version").read_text(encoding="ascii").startswith("v24.")


def test_a_front_end_that_does_not_build_is_said(checkout: Path) -> None:
    (checkout / "package.json").write_text('{"name": "x", "scripts": {"build": "exit 1"}}', encoding="ascii")
    (checkout / "package-lock.json").write_text("{}", encoding="ascii")

    with pytest.raises(TroubleError, match="`npm run` failed"):
        frontend.build(checkout / "log")


def test_what_debian_lacks_is_named_in_one_line() -> None:
    needs = [Need("no-such-thing", commands=("no-such-command",)), Need("sh", commands=("sh",))]

    assert [need.package for need in debian.missing(needs)] == ["no-such-thing"]
    assert debian.install_line(debian.missing(needs)) == "apt-get install no-such-thing"
