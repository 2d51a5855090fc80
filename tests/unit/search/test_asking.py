"""Asking while something else is done."""

from contextvars import ContextVar
from threading import Event

import pytest

from search.asking import meanwhile
from search.client import SearchUnavailableError

TIMEOUT_SECONDS = 10


def test_what_is_done_meanwhile_is_done_before_the_answer_is_there():
    done = Event()
    assert meanwhile(lambda: done.wait(TIMEOUT_SECONDS), lambda: done.set() or "read") == (True, "read")


def test_the_question_knows_for_whom_it_is_asked():
    reader = ContextVar("reader")
    reader.set("curator")
    assert meanwhile(reader.get, lambda: None) == ("curator", None)


def test_the_error_of_a_question_is_raised():
    def asked():
        raise SearchUnavailableError("away")

    with pytest.raises(SearchUnavailableError):
        meanwhile(asked, lambda: "read")
