"""Waiting for a condition, with a deadline: no test sleeps for a time that is hoped to be long enough."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = 10) -> T:
    """Return the condition's first true value; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"Nothing came of it within {seconds} seconds.")
        time.sleep(0.02)
