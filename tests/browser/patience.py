"""Waiting for what a browser brings about; meanwhile the page goes on, with the routes that a test has laid."""

import math
import time


def eventually(page, condition, seconds=20):
    """Wait for a condition outside the page while the page goes on."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Nothing came of it within {seconds} seconds."
        page.wait_for_timeout(50)


SECONDS_BETWEEN_TRIES = 8


def write(page, field, text, is_saved):
    """Write, and now and then once more, until the editor has saved it: what stands there in the first seconds counts as untouched."""
    spaces, wrote_at = 0, -math.inf

    def wrote_and_saved():
        nonlocal spaces, wrote_at
        if time.monotonic() - wrote_at > SECONDS_BETWEEN_TRIES:
            field.fill(text + " " * spaces)
            spaces, wrote_at = spaces + 1, time.monotonic()
        return is_saved()

    eventually(page, wrote_and_saved, 45)
