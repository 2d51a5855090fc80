"""The one folder from which an import may take files; nothing outside it can be named."""

from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from core.errors import InvalidInputError


class Files(Protocol):
    """Finds files by the names that rows give."""

    def find(self, name: str) -> Path:
        """Return the path of the file on this machine; raise InvalidInputError with a sentence if there is none."""


class FileFolder:
    """Finds files by the names that rows give: paths below the folder."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InvalidInputError(_("%(folder)s is not a folder.") % {"folder": folder})
        self.folder = folder.resolve()

    def find(self, name: str) -> Path:
        """Return the path of a regular file inside the folder; raise InvalidInputError otherwise.

        No absolute path, no `..`, and no symbolic link that leads out: what the path resolves to must lie in the folder.
        """
        parts = name.replace("\\", "/").split("/")
        if "\x00" in name or Path(name).is_absolute() or ".." in parts or parts[0].endswith(":"):
            raise InvalidInputError(_("“%(name)s” does not lie in the folder of the files.") % {"name": name})
        path = self.folder.joinpath(*parts)
        try:
            resolved = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise InvalidInputError(_("There is no file “%(name)s” in the folder.") % {"name": name}) from error
        if not resolved.is_relative_to(self.folder):
            raise InvalidInputError(_("“%(name)s” does not lie in the folder of the files.") % {"name": name})
        if not resolved.is_file():
            raise InvalidInputError(_("“%(name)s” is not a file.") % {"name": name})
        return resolved
