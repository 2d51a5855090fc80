"""What a site that others can reach must not have: `manage.py check --deploy` refuses it."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

from members.models import User

LOCAL_SECRET_PREFIX = "local-"  # noqa: S105 - how the launcher begins the keys that it makes
BUILD_SECRET_PREFIX = "only-while-"  # noqa: S105 - how deploy/Dockerfile begins the one that it passes to collectstatic


def is_loopback(url: str) -> bool:
    """Whether an address can be reached from this machine only."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def demo_only_on_loopback(**_: Any) -> list[CheckMessage]:
    """A demo has accounts whose passwords are known to all."""
    if settings.DEMO and not is_loopback(settings.SITE_URL):
        return [Error("DEMO is on, but SITE_URL is an address that others can reach.", hint="Set DEMO=0.", id="exchange.E001")]
    return []


def secret_key_of_its_own(**_: Any) -> list[CheckMessage]:
    """A key that a tool made for trying out is not one for a site that others can reach."""
    if settings.SECRET_KEY.startswith((LOCAL_SECRET_PREFIX, BUILD_SECRET_PREFIX)) and not is_loopback(settings.SITE_URL):
        hint = "Set SECRET_KEY to at least 50 random characters of your own."
        return [Error("SECRET_KEY is one that was made for a site on this machine only.", hint=hint, id="exchange.E002")]
    return []


def no_demo_accounts(**_: Any) -> list[CheckMessage]:
    """Accounts with known passwords must not stay when a demo becomes a site; a database that is not there yet has none."""
    try:
        there = not settings.DEMO and User.objects.filter(is_demo=True).exists()
    except DatabaseError:
        return []
    if there:
        hint = "Begin with an empty database: the resources of the demo are invented, too."
        return [Error("There are demo accounts, whose passwords are known to all.", hint=hint, id="exchange.E003")]
    return []
