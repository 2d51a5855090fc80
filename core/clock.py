"""The one clock. Rules that depend on the date ask it at the moment of asking, so that a test can travel."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterator

from django.utils import timezone

_travelled: list[dt.datetime] = []


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return _travelled[-1] if _travelled else timezone.now()


def today() -> dt.date:
    """Return today's date in the site's time zone (settings.TIME_ZONE)."""
    return day_of(now())


def day_of(moment: dt.datetime) -> dt.date:
    """Return the date of a moment in the site's time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def start_of(day: dt.date) -> dt.datetime:
    """Return the moment, in UTC, at which a day begins in the site's time zone."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_default_timezone()).astimezone(dt.UTC)


def parse_day(text: str) -> dt.date | None:
    """Return the day that YYYY-MM-DD names, else None. Years 1000 to 8999: of these every time zone can tell when a day begins."""
    if not re.fullmatch(r"[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@contextlib.contextmanager
def travel(to: dt.datetime) -> Iterator[None]:
    """Let `now()` answer `to` within the block; for tests only."""
    _travelled.append(to)
    try:
        yield
    finally:
        _travelled.pop()
