"""Sends questions to the live index."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from search import index
from search.client import (
    SERVER_ERRORS,
    TOO_MANY_REQUESTS,
    IndexMissingError,
    RequestRefusedError,
    SearchUnavailableError,
    client,
    errors_translated,
)

MOST_ASKED_AT_ONCE = 32
"""Threads that wait for an answer while others work; with more WEB_THREADS than that, questions would wait for one another."""

_waiting = ThreadPoolExecutor(MOST_ASKED_AT_ONCE, thread_name_prefix="asking")

Answer = TypeVar("Answer")
Done = TypeVar("Done")


def ask(body: dict[str, Any], *, timeout: float | None = None) -> Mapping[str, Any]:
    """Send a body to the live index; once more where the index went away under the question, as it may at the end of a rebuild.

    `timeout` in seconds replaces ELASTICSEARCH_TIMEOUT_SECONDS.
    """
    try:
        return _ask_once(body, timeout)
    except IndexMissingError:
        return _ask_once(body, timeout)


def ask_together(bodies: Sequence[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Send several bodies in one request and return their answers in that order: all of them, or the error of the first that failed."""
    try:
        return _ask_together_once(bodies)
    except IndexMissingError:
        return _ask_together_once(bodies)


def _ask_once(body: dict[str, Any], timeout: float | None) -> Mapping[str, Any]:
    asked = client(timeout=timeout)
    with errors_translated():
        response: Mapping[str, Any] = asked.search(index=index.alias(), body=body, allow_partial_search_results=False).body
    return response


def _ask_together_once(bodies: Sequence[dict[str, Any]]) -> list[Mapping[str, Any]]:
    if not bodies:
        return []
    header = {"index": index.alias(), "allow_partial_search_results": False}
    with errors_translated():
        response = client().msearch(searches=[part for body in bodies for part in (header, body)])
    answers: list[Mapping[str, Any]] = response["responses"]
    for answer in answers:
        if "error" in answer:
            reason, status = str(answer["error"]), answer["status"]
            if status == index.NOT_FOUND:
                raise IndexMissingError(reason)
            if status == TOO_MANY_REQUESTS or status >= SERVER_ERRORS:
                raise SearchUnavailableError(reason)
            raise RequestRefusedError(reason, meta=response.meta, body=answer)
    return answers


def meanwhile(asked: Callable[[], Answer], do: Callable[[], Done]) -> tuple[Answer, Done]:
    """Ask, which must not touch the database, and do something else until the answer is there; return both."""
    answer = _waiting.submit(copy_context().run, asked)
    done = do()
    return answer.result(), done
