"""French and Chinese are whole: every text of the code and the templates has a translation that fits its placeholders."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = ["fr", "zh_Hans"]
ROOMS = ["config", "core", "members", "media", "catalogue", "sharing", "search", "exchange", "templates"]
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
TAG = re.compile(r"</?[a-z]+")
COUNTED = {"number", "count", "parts"}
"""What a singular may leave out: “one institution” names no number."""


def catalogue(language, folder=ROOT):
    with (folder / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(message):
    """Return pairs of an original and its translation; for counted things each form against the plural."""
    if isinstance(message.id, tuple):
        return [(message.id[1], form) for form in message.string]
    return [(message.id, message.string)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated_or_fuzzy(language):
    messages = [message for message in catalogue(language) if message.id]
    assert messages
    assert [message.id for message in messages if message.fuzzy or not all(form for _, form in texts(message))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_agree(language):
    wrong = []
    for message in catalogue(language):
        for original, translation in texts(message) if message.id else []:
            wanted, given = set(PLACEHOLDER.findall(original)), set(PLACEHOLDER.findall(translation))
            left_out = {name for name, _ in wanted - given}
            if given - wanted or (left_out and not (isinstance(message.id, tuple) and left_out <= COUNTED)):
                wrong.append((original, translation))
            if sorted(TAG.findall(original)) != sorted(TAG.findall(translation)):
                wrong.append((original, translation))
    assert wrong == []


def test_no_text_stands_where_it_is_not_gathered():
    """GNU gettext does not look into f-strings (its bug 61596): what stands there would never be translated."""
    calls = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    strings = [(path, node) for path in files for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)]
    assert strings
    inside = [(path, call) for path, node in strings for call in ast.walk(node) if isinstance(call, ast.Call)]
    assert [f"{path}:{call.lineno}" for path, call in inside if isinstance(call.func, ast.Name) and call.func.id in calls] == []


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """The texts as `make messages` would gather them now, from a copy of the source."""
    if shutil.which("xgettext") is None:
        pytest.skip("GNU gettext is not here, so the texts of the source cannot be gathered.")
    folder = tmp_path_factory.mktemp("source")
    for room in [*ROOMS, "locale"]:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", *[f"--locale={language}" for language in LANGUAGES]]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_source_is_missing(language, gathered):
    known = {message.id for message in catalogue(language) if message.id}
    wanted = {message.id for message in catalogue(language, gathered) if message.id}
    assert wanted - known == set()
