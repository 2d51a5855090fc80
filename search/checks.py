"""What cannot work in the settings of search, or is out of date: `manage.py check` says so in a sentence, before anybody searches."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info

from search.client import node_addresses
from search.health import OLD_SHAPE, uses_old_shape

LONGEST_SEARCH_SECONDS = 30.0
"""Half of what gunicorn gives a request (deploy/gunicorn.conf.py): a page past the last one is searched twice."""

MOST_SHARDS = 1024
"""Elasticsearch makes no index with more."""


def addresses_can_be_asked(**_: Any) -> list[CheckMessage]:
    """Each address needs a scheme and a host; a user and a password in it are those of all nodes."""
    return [
        Error(
            f"ELASTICSEARCH_URL holds {_without_password(address)!r}, which is no address.",
            hint="Give http://HOST:PORT or https://HOST:PORT; several, separated by commas, for a cluster.",
            id="search.E001",
        )
        for address in node_addresses()
        if not _is_address(address)
    ]


def a_search_ends_in_time(**_: Any) -> list[CheckMessage]:
    """However many nodes hang, a reader gets an answer before the web server gives up."""
    timeout, retries = settings.ELASTICSEARCH_TIMEOUT_SECONDS, settings.ELASTICSEARCH_RETRIES
    if timeout <= 0:
        return [Error(f"ELASTICSEARCH_TIMEOUT_SECONDS is {timeout}: no search can be so quick.", hint="5 is usual.", id="search.E002")]
    if retries < 0:
        return [Error(f"ELASTICSEARCH_RETRIES is {retries}; it must be 0 or more.", hint="2 is usual.", id="search.E003")]
    longest = timeout * (retries + 1)
    if longest > LONGEST_SEARCH_SECONDS:
        return [
            Error(
                f"A search may take {longest:g} seconds (ELASTICSEARCH_TIMEOUT_SECONDS for each of {retries + 1} tries); "
                f"the limit is {LONGEST_SEARCH_SECONDS:g}.",
                hint="Lower ELASTICSEARCH_TIMEOUT_SECONDS or ELASTICSEARCH_RETRIES.",
                id="search.E004",
            )
        ]
    return []


def index_can_be_made(**_: Any) -> list[CheckMessage]:
    """Elasticsearch would refuse the index, and the worker could only say so in its log."""
    errors: list[CheckMessage] = []
    if not 1 <= settings.SEARCH_SHARDS <= MOST_SHARDS:
        sentence = f"SEARCH_SHARDS is {settings.SEARCH_SHARDS}; an index has 1 to {MOST_SHARDS}."
        errors.append(Error(sentence, hint="1 serves a million works.", id="search.E005"))
    if settings.SEARCH_REPLICAS < 0:
        sentence = f"SEARCH_REPLICAS is {settings.SEARCH_REPLICAS}; it must be 0 or more."
        errors.append(Error(sentence, hint="0 on a single node, 1 on a cluster.", id="search.E006"))
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", settings.SEARCH_INDEX_PREFIX):
        errors.append(
            Error(
                f"SEARCH_INDEX_PREFIX is {settings.SEARCH_INDEX_PREFIX!r}, which cannot begin the name of an index.",
                hint="Use small letters, digits, - and _, beginning with a letter or a digit.",
                id="search.E007",
            )
        )
    return errors


def index_has_shape_of_this_version(**_: Any) -> list[CheckMessage]:
    """After an upgrade: no reason not to start, since searches go on and the worker mends it."""
    return [Info(str(OLD_SHAPE), hint="`manage.py search_status` shows how far it is.", id="search.I001")] if uses_old_shape() else []


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _without_password(address: str) -> str:
    """Return an address as it may stand in a log."""
    return re.sub(r"//.*@", "//…@", address)
