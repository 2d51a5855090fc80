"""The environment `.venv`, made from requirements.lock, and again when the lock or the Python changes. Standard library only."""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_services.cache import sha256
from local_services.console import TroubleError, say
from local_services.processes import output_of, run_tool
from local_services.settings import CHECKOUT, VENV, VENV_PYTHON

LOCK_FILE = CHECKOUT / "requirements.lock"
STAMP = VENV / ".installed-from"


def ensure_venv(log: Path) -> None:
    """Make `.venv` what the lock says. Raises TroubleError when that fails."""
    wanted = f"{sha256(LOCK_FILE)} {sys.version_info.major}.{sys.version_info.minor}"
    with _one_at_a_time():
        if _stamp() == wanted and VENV_PYTHON.exists():
            return
        if not _runs():
            _create(log)
        say("Installing the Python packages of requirements.lock (a minute or two the first time).")
        pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        run_tool(
            [*pip, "--require-hashes", "--no-deps", "-r", str(LOCK_FILE)],
            log=log,
            folder=CHECKOUT,
            what="Installing the Python packages",
        )
        STAMP.write_text(wanted + "\n", encoding="ascii")


def continue_in_venv(arguments: list[str]) -> None:
    """Become the same command in `.venv`, unless that is where we are."""
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.chdir(CHECKOUT)
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "local_services", *arguments])  # noqa: S606 - no shell is wanted


def _stamp() -> str:
    return STAMP.read_text(encoding="ascii").strip() if STAMP.is_file() else ""


def _runs() -> bool:
    """Whether `.venv` holds a working Python of our version, with pip."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    code = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    return VENV_PYTHON.exists() and output_of([str(VENV_PYTHON), "-c", code], folder=CHECKOUT).strip() == version


def _create(log: Path) -> None:
    say("Making the Python environment .venv.")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        run_tool([sys.executable, "-m", "venv", str(VENV)], log=log, folder=CHECKOUT, what="Making .venv")
    except TroubleError as error:
        shutil.rmtree(VENV, ignore_errors=True)
        hint = "Python's venv module is needed (on Debian: apt-get install python3-venv)"
        raise TroubleError(f"{error} {hint}.") from error


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    descriptor = os.open(CHECKOUT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
