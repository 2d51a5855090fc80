"""The ZIP that may come with a table: its files are found by the names that rows give them."""

import json
import subprocess
import unicodedata
from collections import defaultdict
from pathlib import Path

import structlog
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.errors import InvalidInputError
from exchange.bulk.unpacking import CPU_SECONDS, MOST_FILES
from media import fence, filenames, selectors
from media.models import ObjectState, StoredObject

logger = structlog.stdlib.get_logger(__name__)

ZIP = "application/zip"
MODULE = "exchange.bulk.unpacking"
MOST_FOLDERS = 20


def check(archive: StoredObject) -> None:
    """Raise InvalidInputError for a file that is not checked yet, is no ZIP, or is too large."""
    if archive.state != ObjectState.VERIFIED:
        raise InvalidInputError(selectors.state_sentence(archive))
    if archive.content_type != ZIP:
        raise InvalidInputError(_("“%(name)s” is not a ZIP file.") % {"name": archive.filename})
    _check_size(selectors.known_size(archive))


def _check_size(size: int) -> None:
    if size > settings.IMPORT_FILES_MAX_BYTES:
        sentence = _("The files are too large: at most %(size)s are possible, unpacked. Please divide the table.")
        raise InvalidInputError(sentence % {"size": filesizeformat(settings.IMPORT_FILES_MAX_BYTES)})


class NamedFiles:
    """Finds files by the names that rows give: the end of a path in the ZIP, whole or from any folder on. What is found is unpacked."""

    def __init__(self, archive: Path, folder: Path) -> None:
        """Raises InvalidInputError for a ZIP that cannot be read, or holds too much."""
        self._archive, self._folder = archive, folder
        self._paths: dict[int, str] = {}
        self._named: set[int] = set()
        self._unpacked: dict[int, Path] = {}
        self._by_end: dict[str, list[int]] = defaultdict(list)
        self._list()

    def _list(self) -> None:
        listed = json.loads(self._run() or '{"error": "damaged"}')
        if listed.get("error") == "damaged":
            raise InvalidInputError(_("The ZIP file cannot be read. Please pack it anew."))
        if listed.get("error") == "too-many-files":
            sentence = _("The ZIP file holds too many files: at most %(most)s are possible. Please divide the table.")
            raise InvalidInputError(sentence % {"most": MOST_FILES})
        _check_size(listed["bytes"])
        self._paths = {int(number): name for number, name in listed["names"].items()}
        for number, path in self._paths.items():
            parts = path.casefold().split("/")
            for begin in range(max(len(parts) - MOST_FOLDERS, 0), len(parts)):
                self._by_end["/".join(parts[begin:])].append(number)

    def find(self, name: str) -> Path:
        """Return where the file was unpacked to; raise InvalidInputError for none, several, or one that cannot be unpacked."""
        wanted = unicodedata.normalize("NFC", name.strip()).replace("\\", "/").removeprefix("./")
        ending = self._by_end.get(wanted.casefold(), [])
        found = [number for number in ending if self._paths[number] == wanted] or ending
        if not found:
            raise InvalidInputError(_("There is no file “%(name)s” in the ZIP file.") % {"name": name})
        if len(found) > 1:
            raise InvalidInputError(_("There are several files “%(name)s” in the ZIP file. Please name the folder, too.") % {"name": name})
        number = found[0]
        self._named.add(number)
        if number not in self._unpacked:
            self._unpacked[number] = self._unpack(number, name)
        return self._unpacked[number]

    def unnamed(self) -> list[str]:
        """Return the paths of the files that nobody has looked for."""
        return [path for number, path in self._paths.items() if number not in self._named]

    def _unpack(self, number: int, name: str) -> Path:
        folder = self._folder / str(number)
        folder.mkdir(exist_ok=True)
        path = folder / filenames.clean(self._paths[number])
        if self._run(str(number), str(path), str(settings.IMPORT_FILES_MAX_BYTES)) is None:
            raise InvalidInputError(_("“%(name)s” cannot be unpacked. Please pack the ZIP file anew.") % {"name": name})
        return path

    def _run(self, *arguments: str) -> bytes | None:
        """Return what the other process wrote, or None if it could not do it."""
        try:
            done = fence.run(MODULE, str(self._archive), *arguments, timeout=CPU_SECONDS)
        except subprocess.TimeoutExpired as error:
            why = repr(error)
        else:
            if done.returncode == 0:
                return done.stdout
            why = done.stderr.decode(errors="replace").strip()[-500:] or f"exit status {done.returncode}"
        logger.info("zip_not_read", why=why)
        return None
