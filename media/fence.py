"""Starts what opens files of strangers: a process of its own, without our secrets, bound to limits (media.decoding, media.inspection)."""

import os
import subprocess
import sys

from django.conf import settings

TIMEOUT_SECONDS = 120
PASSED_ON = ("PATH", "LANG", "LC_ALL")


def run(module: str, *arguments: str, timeout: float = TIMEOUT_SECONDS) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m module` and return how it ended. Raises subprocess.TimeoutExpired."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=settings.BASE_DIR,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        capture_output=True,
        check=False,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
    )
