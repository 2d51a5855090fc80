"""What the user asked for: the environment, then `.env` in the checkout."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from local_services.accounts import can_reach, service_account
from local_services.console import TroubleError, complain
from local_services.env_files import read_env_file

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
SHARED_CACHE = Path("/var/cache/festival-commons")
FALSE_WORDS = {"0", "false", "no", "off", ""}
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Settings:
    """Asked for by the user; `given` holds every name that the environment or `.env` sets."""

    given: Mapping[str, str]
    host: str
    port: int
    data_dir: Path
    cache_dir: Path
    demo: bool
    heap: str
    site_url: str
    interactive: bool = field(default_factory=sys.stdin.isatty)

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def runtime_file(self) -> Path:
        return self.data_dir / "runtime.env"

    @property
    def is_loopback(self) -> bool:
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    def flag(self, name: str) -> bool:
        return self.given.get(name, "").strip().lower() not in FALSE_WORDS


def read_settings() -> Settings:
    """Raises TroubleError for a value that cannot be meant."""
    given = {**read_env_file(CHECKOUT / ".env"), **os.environ}
    given = {name: value for name, value in given.items() if value}
    host = given.get("HOST", "127.0.0.1")
    port = _port(given.get("PORT", "8000"))
    shown = host if host not in {"127.0.0.1", "0.0.0.0", "::", "::1"} else "localhost"  # noqa: S104 - compared, not bound
    return Settings(
        given=given,
        host=host,
        port=port,
        data_dir=_folder(given.get("DATA_DIR", "var")),
        cache_dir=_cache_dir(given),
        demo=given.get("DEMO", "1").strip().lower() not in FALSE_WORDS,
        heap=given.get("ES_HEAP", "512m"),
        site_url=given.get("SITE_URL", f"http://{shown}:{port}").rstrip("/"),
    )


def host_name(url: str) -> str:
    return urlsplit(url).hostname or "localhost"


def prepare_folder(folder: Path, setting: str) -> None:
    """Make a folder and try to write in it. Raises TroubleError that names the setting to change."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-test-{os.getpid()}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise TroubleError(f"{folder} cannot be written ({error.strerror}); {setting} names another folder.") from error


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        raise TroubleError(f"PORT is {text!r}, which is no port number.")
    return int(text)


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    return (folder if folder.is_absolute() else CHECKOUT / folder).resolve()


def _cache_dir(given: Mapping[str, str]) -> Path:
    """Elasticsearch runs as another account when we are root, so the programs must lie where that account can read them."""
    if "CACHE_DIR" in given:
        wanted = _folder(given["CACHE_DIR"])
    else:
        base = given.get("XDG_CACHE_HOME") or os.path.join(given.get("HOME", "~"), ".cache")  # noqa: PTH118 - may hold a ~
        wanted = Path(base).expanduser() / "festival-commons"
    if can_reach(wanted, service_account()):
        return wanted
    if "CACHE_DIR" in given:
        complain(f"The account that Elasticsearch runs as cannot read below {wanted}, so {SHARED_CACHE} is the cache.")
    return SHARED_CACHE
