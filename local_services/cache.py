"""The cache: what was fetched or built, shared by checkouts. One fills it at a time; nothing half-made has its final name."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local_services.accounts import make_readable
from local_services.console import TroubleError, say

CHECKSUMS = Path(__file__).with_name("checksums.txt")


class Cache:
    """A cache folder. Its downloads are checked against SHA-256 sums kept in the repository."""

    def __init__(self, root: Path, checksums: Path = CHECKSUMS) -> None:
        self.root = root
        self.downloads = root / "downloads"
        self._checksums = checksums

    def built(self, name: str, build: Callable[[Path], None]) -> Path:
        """The folder of that name, made by `build` in a temporary place when it is not there."""
        target = self.root / name
        if target.is_dir():
            return target
        with self._lock(name):
            if not target.is_dir():
                self._build(target, build)
        return target

    def download(self, filename: str, fetch: Callable[[Path], Path]) -> Path:
        """The checked file of that name. `fetch` gets an empty folder and returns the file that it put there.

        A file that was laid into the downloads folder by hand is used like one that was fetched.
        Raises TroubleError when the sum differs from the repository's; such a file is not kept.
        """
        target = self.downloads / filename
        with self._lock("downloads"):
            if target.is_file() and sha256(target) == self.expected(filename):
                return target
            self.downloads.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.root, prefix=".fetching-") as folder:
                fetched = fetch(Path(folder))
                found = sha256(fetched)
                if found != self.expected(filename):
                    raise TroubleError(
                        f"{filename} is not the file that {self._checksums.name} names (SHA-256 {found[:16]}…); it was thrown away."
                    )
                fetched.replace(target)
        return target

    def expected(self, filename: str) -> str:
        """The SHA-256 sum that the repository keeps for a file. Raises TroubleError when it keeps none."""
        for line in self._checksums.read_text(encoding="ascii").splitlines():
            total, _, name = line.partition("  ")
            if name == filename:
                return total
        raise TroubleError(f"{self._checksums.name} has no SHA-256 sum for {filename}, so it is not used.")

    def _build(self, target: Path, build: Callable[[Path], None]) -> None:
        prefix = f".making-{target.name}-"
        for abandoned in self.root.glob(f"{prefix}*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        place = Path(tempfile.mkdtemp(dir=self.root, prefix=prefix))
        try:
            build(place)
            make_readable(place)
            place.rename(target)
        except OSError as error:
            raise TroubleError(f"{target.name} could not be made in {self.root}: {error.strerror or error}.") from error
        finally:
            shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if self.root.stat().st_uid == os.geteuid():
                self.root.chmod(0o755)
            descriptor = os.open(self.root / f".{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise TroubleError(f"The cache folder {self.root} cannot be used ({error.strerror}); CACHE_DIR names another.") from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another start is filling the cache; waiting for it.")
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp(*parts: str | Path) -> str:
    """A short name for what a thing is made of: texts, and files by their content."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        total.update(b"\0")
    return total.hexdigest()[:12]
