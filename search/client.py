"""The connection to Elasticsearch: the only file of the site that imports its client."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import elastic_transport
import elasticsearch
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from elasticsearch import Elasticsearch

from core.errors import UnavailableError

TOO_MANY_REQUESTS = 429
SERVER_ERRORS = 500

RequestRefusedError = elasticsearch.ApiError
"""Elasticsearch answers that a request is wrong in itself; has `status_code`."""

NoAnswerInTimeError = elastic_transport.ConnectionTimeout
"""Elasticsearch was reached and has not answered within the timeout."""


class SearchUnavailableError(UnavailableError):
    """Search does not answer now; the plain listing from the database does. `reason` is for logs, never for a page."""

    code = "search-unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(_("Search does not answer just now. Nothing is lost: please try again in a few minutes."))
        self.reason = reason


class IndexMissingError(SearchUnavailableError):
    """Elasticsearch answers, but the index is not there: it was never built, or lost. The worker builds it by itself."""

    code = "search-index-missing"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.message = _("The search index is being built. Nothing is lost: please try again in a few minutes.")


def client(*, timeout: float | None = None) -> Elasticsearch:
    """Return the client of this process; `timeout` in seconds, for one try, replaces ELASTICSEARCH_TIMEOUT_SECONDS.

    Nodes take turns. One that does not answer is left alone for a second, then for two, four, at most thirty, and the request
    goes to the next: writes too, since each names its version and may come twice. So a request takes at most
    `timeout` × (ELASTICSEARCH_RETRIES + 1). Raises SearchUnavailableError where no Elasticsearch is configured.
    """
    addresses = node_addresses()
    if not addresses:
        raise SearchUnavailableError("ELASTICSEARCH_URL is not set.")
    patience = timeout or settings.ELASTICSEARCH_TIMEOUT_SECONDS, settings.ELASTICSEARCH_RETRIES
    return _patient(addresses, settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA_CERTS, *patience)


def node_addresses() -> tuple[str, ...]:
    """Return the addresses in ELASTICSEARCH_URL, each once."""
    return tuple(dict.fromkeys(address.strip() for address in settings.ELASTICSEARCH_URL.split(",") if address.strip()))


@lru_cache(maxsize=32)
def _patient(addresses: tuple[str, ...], api_key: str, ca_certs: str, timeout: float, retries: int) -> Elasticsearch:
    """Return the client with these options. To set them makes some sixty objects anew, so it is not done for each request."""
    return _connect(addresses, api_key, ca_certs).options(request_timeout=timeout, max_retries=retries)


@lru_cache(maxsize=4)
def _connect(addresses: tuple[str, ...], api_key: str, ca_certs: str) -> Elasticsearch:
    security: dict[str, Any] = {name: value for name, value in (("api_key", api_key), ("ca_certs", ca_certs)) if value}
    return Elasticsearch(
        list(addresses),
        **security,
        retry_on_timeout=len(addresses) > 1,  # to ask the one that was too slow once more would only make it slower
        retry_on_status=(TOO_MANY_REQUESTS, 502, 503, 504),
    )


@contextmanager
def errors_translated() -> Iterator[None]:
    """Turn what the client raises into SearchUnavailableError or IndexMissingError; a wrong request stays a RequestRefusedError."""
    try:
        yield
    except elasticsearch.NotFoundError as error:
        raise IndexMissingError(str(error)) from error
    except elasticsearch.ApiError as error:
        if error.status_code == TOO_MANY_REQUESTS or error.status_code >= SERVER_ERRORS:
            raise SearchUnavailableError(str(error)) from error
        raise
    except elastic_transport.TransportError as error:
        raise SearchUnavailableError(str(error)) from error
