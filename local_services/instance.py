"""One running site's folder (DATA_DIR): who uses it, and what the launcher decided, remembered in runtime.env."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_services.console import TroubleError, say
from local_services.env_files import read_env_file, write_env_file
from local_services.ports import remembered_ports
from local_services.processes import rotate, stop_leftovers
from local_services.settings import Settings, prepare_folder

PORT_NAMES = ("LOCAL_ELASTICSEARCH_PORT", "LOCAL_ELASTICSEARCH_TRANSPORT_PORT", "LOCAL_STORE_PORT", "LOCAL_POSTGRESQL_PORT")
# What the user gave is remembered too, so that `manage.py` in another shell meets the same servers.
REMEMBERED = ("DATABASE_URL", "ALLOWED_HOSTS", "DEBUG", "SITE_NAME", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "TIME_ZONE")
REMEMBERED_PREFIXES = ("ELASTICSEARCH_", "S3_", "SEARCH_")


@contextmanager
def owned(settings: Settings) -> Iterator[Path]:
    """Hold DATA_DIR for this launcher alone; end what a killed one left; yield the folder of process records.

    Raises TroubleError when another launcher holds it or it cannot be written.
    """
    prepare_folder(settings.data_dir, "DATA_DIR")
    descriptor = os.open(settings.data_dir / "launcher.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise TroubleError(f"{settings.data_dir} cannot be locked ({error.strerror}); DATA_DIR names another folder.") from error
            holder = os.read(descriptor, 20).decode().strip() or "unknown"
            raise TroubleError(
                f"{settings.data_dir} is in use by another running instance (process {holder}); stop that one or set DATA_DIR."
            ) from error
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        run_dir = settings.data_dir / "run"
        run_dir.mkdir(exist_ok=True)
        if ended := stop_leftovers(run_dir):
            say(f"Ended what an earlier start had left running: {', '.join(ended)}.")
        yield run_dir
    finally:
        os.close(descriptor)


def rotate_logs(settings: Settings) -> None:
    settings.logs.mkdir(parents=True, exist_ok=True)
    for log in settings.logs.glob("*.log"):
        rotate(log)


class Runtime:
    """What this start decides, from what the user gave and what earlier starts remembered. `values` are the site's settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        memory = read_env_file(settings.runtime_file)
        given = settings.given
        self.ports = remembered_ports(PORT_NAMES, memory)
        self.values: dict[str, str] = {
            name: value for name, value in given.items() if name in REMEMBERED or name.startswith(REMEMBERED_PREFIXES)
        }
        self.values |= {
            "SECRET_KEY": given.get("SECRET_KEY") or memory.get("SECRET_KEY") or f"local-{secrets.token_urlsafe(60)}",
            "HOST": settings.host,
            "PORT": str(settings.port),
            "SITE_URL": settings.site_url,
            "DEMO": "1" if settings.demo else "0",
        }

    def save(self) -> None:
        """Write runtime.env (mode 600)."""
        ports = {name: str(port) for name, port in self.ports.items()}
        about = "Written by the launcher at every start; your own settings go into the environment or .env."
        write_env_file(self._settings.runtime_file, {**self.values, **ports}, about)

    def environment(self) -> dict[str, str]:
        """The environment of `manage.py`, the web process and the worker."""
        return {**os.environ, **self.values, "DATA_DIR": str(self._settings.data_dir), "PYTHONUNBUFFERED": "1"}
