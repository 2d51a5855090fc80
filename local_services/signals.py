"""Signals that ask us to end, as an exception that comes where it can be dealt with."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """A signal asked us to end; not an Exception, so nothing on the way swallows it."""


class _State:
    held = 0
    pending = False


def _raise(_number: int, _frame: FrameType | None) -> None:
    if _State.held:
        _State.pending = True
    else:
        raise StopRequested


@contextmanager
def ending_signals(signals: Sequence[signal.Signals] = ENDING_SIGNALS) -> Iterator[None]:
    """Within, a signal to end raises StopRequested; the handlers of before come back afterwards."""
    before = {number: signal.signal(number, _raise) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def signals_held() -> Iterator[None]:
    """Within, StopRequested waits until the end of the block: so that a process just started is always one that we know of."""
    _State.held += 1
    try:
        yield
    finally:
        _State.held -= 1
    if _State.pending and not _State.held:
        _State.pending = False
        raise StopRequested


@contextmanager
def signals_ignored(signals: Sequence[signal.Signals] = ENDING_SIGNALS) -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_IGN) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
