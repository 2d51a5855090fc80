"""Files of NAME=value lines: `.env`, which the user writes, and those that the launcher writes with mode 600."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local_services.console import TroubleError

_LINE = re.compile(r"^\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*?)\s*$")
_PLAIN = re.compile(r"^[A-Za-z0-9_@%+=:,./-]*$")


def read_env_file(path: Path) -> dict[str, str]:
    """The settings in a file; none when there is no such file. Comments and lines that set nothing are skipped.

    Raises TroubleError when the file is there but cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise TroubleError(f"{path} cannot be read: {error}.") from error
    settings = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            settings[match["name"]] = _unquoted(match["value"])
    return settings


def write_env_file(path: Path, settings: Mapping[str, str], about: str) -> None:
    """Write the settings so that a shell and the site's own reader see the same values; mode 600, replaced in one step."""
    lines = [f"# {about}", *(f"{name}={_quoted(value)}" for name, value in settings.items())]
    write_private(path, "\n".join(lines) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read at any moment (mode 600), replacing an older one in one step."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(path)


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return re.sub(r"\s+#.*$", "", value)


def _quoted(value: str) -> str:
    if _PLAIN.match(value):
        return value
    if "\n" in value:
        raise TroubleError("A setting with a line break cannot be kept: " + value.split("\n", 1)[0][:40])
    if "'" not in value:
        return f"'{value}'"
    return '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'
