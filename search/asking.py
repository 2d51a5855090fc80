"""Sends questions to the live index."""

from collections.abc import Mapping, Sequence
from typing import Any

from search import index
from search.client import IndexMissingError, SearchUnavailableError, client, errors_translated


def ask(body: dict[str, Any]) -> Mapping[str, Any]:
    """Send a body to the live index; once more where the index went away under the question, as it may at the end of a rebuild."""
    try:
        return _ask_once(body)
    except IndexMissingError:
        return _ask_once(body)


def ask_together(bodies: Sequence[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Send several bodies in one request and return their answers in that order; all of them or an error."""
    try:
        return _ask_together_once(bodies)
    except IndexMissingError:
        return _ask_together_once(bodies)


def _ask_once(body: dict[str, Any]) -> Mapping[str, Any]:
    with errors_translated():
        response: Mapping[str, Any] = client().options().search(index=index.alias(), body=body, allow_partial_search_results=False).body
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
            error = IndexMissingError if answer["status"] == index.NOT_FOUND else SearchUnavailableError
            raise error(str(answer["error"]))
    return answers
