"""Waiting for a condition, with a deadline."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def wait_for(condition: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
    """Whether the condition became true within that many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True


def answers(url: str, seconds: float = 2.0) -> bool:
    """Whether a server of ours answers that address with a 2xx; a proxy set for the outside world is not asked."""
    try:
        with _DIRECT.open(url, timeout=seconds):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False
