"""What the launcher says: one sentence a line, for a person."""

import sys
from pathlib import Path


class TroubleError(Exception):
    """Something the user has to know, told in one sentence; nothing else of it is of use to them."""


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def last_line(log: Path) -> str:
    """The last line of a log that is not empty, cut at 160 characters; empty when there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:160] for line in reversed(lines) if line.strip()), "")
