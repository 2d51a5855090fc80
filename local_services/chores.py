"""The smaller commands of the Makefile."""

import shutil
import sys
from pathlib import Path

from local_services import debian, translations
from local_services.console import TroubleError, say
from local_services.instance import owned
from local_services.processes import run_tool
from local_services.settings import CHECKOUT, VENV, Settings

COMPILE_LOCK = (
    *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)
WHOLE_LOCK = "requirements.lock"
IMAGE_LOCK = "deploy/requirements.lock"
TOOL_CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis")


def lock(settings: Settings, upgrade: list[str]) -> int:
    """Make both locks anew from pyproject.toml, keeping what is pinned; `--upgrade` or `--upgrade-package NAME` are passed on.

    The lock of the image is the part of the whole one that a deployment needs.
    """
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise TroubleError("`uv` is needed to make the lock: .venv/bin/pip install uv.")
    whole = ["--extra", "local", "--extra", "dev", *upgrade, "-o", WHOLE_LOCK]
    part = ["--no-annotate", "-c", WHOLE_LOCK, "-o", IMAGE_LOCK]
    for options in (whole, part):
        command = [uv, *COMPILE_LOCK, *options, "pyproject.toml"]
        run_tool(command, log=settings.logs / "setup.log", folder=CHECKOUT, what=f"Making {options[-1]}")
    say(f"{WHOLE_LOCK} and {IMAGE_LOCK} are made; the next `make run` or `make test` installs from the first.")
    return 0


def format_sources(settings: Settings, _rest: list[str]) -> int:
    log = settings.logs / "setup.log"
    for arguments in (["format", "."], ["check", "--fix-only", "--quiet", "."], ["format", "."]):
        run_tool([sys.executable, "-m", "ruff", *arguments], log=log, folder=CHECKOUT, what=f"ruff {arguments[0]}")
    return 0


def messages(settings: Settings, _rest: list[str]) -> int:
    """Collect what is to be translated into locale/ and compile what is translated."""
    log = settings.logs / "setup.log"
    if debian.install([debian.GETTEXT], log):
        raise TroubleError(f"gettext is missing ({debian.install_line([debian.GETTEXT])}).")
    ignored = [part for name in ("var/*", "node_modules/*", ".venv/*", "tests/*") for part in ("--ignore", name)]
    command = [sys.executable, "manage.py", "makemessages", "--all", "--no-wrap", "--add-location", "file", *ignored]
    run_tool(command, log=log, folder=CHECKOUT, what="Collecting the messages")
    for compiled in translations.compile_stale():
        say(f"{compiled.relative_to(CHECKOUT)} compiled")
    return 0


def clean(settings: Settings, _rest: list[str]) -> int:
    """Take away what can be made again. What is kept of the site (DATA_DIR) and the cache stay."""
    with owned(settings):
        folders = [VENV, CHECKOUT / "node_modules", CHECKOUT / "static" / "dist", settings.data_dir / "test", settings.data_dir / "static"]
        for folder in (*folders, *(CHECKOUT / name for name in TOOL_CACHES)):
            shutil.rmtree(folder, ignore_errors=True)
    say(f"Cleaned. The site's data in {settings.data_dir} and the cache in {settings.cache_dir} are still there.")
    return 0
