"""Programs that no package registry of a language has: from Debian when we are root, else said."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from local_services.console import TroubleError, say
from local_services.processes import run_tool
from local_services.settings import CHECKOUT


@dataclass(frozen=True)
class Need:
    """Something that is there when one of the paths (glob patterns below /) or commands is."""

    package: str
    commands: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        by_command = any(shutil.which(command) for command in self.commands)
        return by_command or any(next(Path("/").glob(pattern), None) for pattern in self.paths)


POSTGRESQL = Need("postgresql", paths=("usr/lib/postgresql/*/bin/initdb",))
CHROMIUM = Need("chromium", commands=("chromium", "chromium-browser"))
FFMPEG = Need("ffmpeg", commands=("ffmpeg",))
GETTEXT = Need("gettext", commands=("xgettext",))
FONTS = Need("fonts-noto-core", paths=("usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",))
CJK_FONTS = Need("fonts-noto-cjk", paths=("usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",))
FOR_TESTS = (POSTGRESQL, CHROMIUM, FFMPEG, FONTS, CJK_FONTS)


def missing(needs: Iterable[Need]) -> list[Need]:
    return [need for need in needs if not need.is_met]


def install_line(needs: Iterable[Need]) -> str:
    return "apt-get install " + " ".join(need.package for need in needs)


def install(needs: Iterable[Need], log: Path) -> list[Need]:
    """Install what is missing if we may; what is missing still."""
    lacking = missing(needs)
    if not lacking or os.geteuid() != 0 or not shutil.which("apt-get"):
        return lacking
    say(f"Installing Debian packages: {', '.join(need.package for need in lacking)}.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *(need.package for need in lacking)]):
        try:
            run_tool(["apt-get", "-qq", *arguments], log=log, environment=environment, folder=CHECKOUT, what=f"`apt-get {arguments[0]}`")
        except TroubleError as error:
            say(str(error))
    return missing(lacking)
