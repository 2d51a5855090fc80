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
    """Return the client of this process; `timeout` in seconds replaces ELASTICSEARCH_TIMEOUT_SECONDS.

    Raises SearchUnavailableError where no Elasticsearch is configured.
    """
    if not settings.ELASTICSEARCH_URL:
        raise SearchUnavailableError("ELASTICSEARCH_URL is not set.")
    return _connect(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA_CERTS).options(
        request_timeout=timeout or settings.ELASTICSEARCH_TIMEOUT_SECONDS
    )


@lru_cache(maxsize=4)
def _connect(url: str, api_key: str, ca_certs: str) -> Elasticsearch:
    security: dict[str, Any] = {name: value for name, value in (("api_key", api_key), ("ca_certs", ca_certs)) if value}
    return Elasticsearch(
        url,
        **security,
        max_retries=1,
        retry_on_timeout=False,
        retry_on_status=(TOO_MANY_REQUESTS, 502, 503, 504),
    )


@contextmanager
def errors_translated() -> Iterator[None]:
    """Turn what the client raises into SearchUnavailableError, IndexMissingError; a wrong request stays a RequestRefusedError."""
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
