"""The one clock. Rules that depend on the date ask it at the moment of asking, so that a test can travel."""

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

_travelled: list[dt.datetime] = []


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return _travelled[-1] if _travelled else timezone.now()


def today() -> dt.date:
    """Return today's date in the site's time zone (settings.TIME_ZONE)."""
    return timezone.localtime(now(), timezone.get_default_timezone()).date()


@contextlib.contextmanager
def travel(to: dt.datetime) -> Iterator[None]:
    """Let `now()` answer `to` within the block; for tests only."""
    _travelled.append(to)
    try:
        yield
    finally:
        _travelled.pop()
