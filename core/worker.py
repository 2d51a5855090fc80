"""The worker process: loops in threads that never die of one error, and a clean stop.

Rooms register their loops in AppConfig.ready: `register_loop("search_sync", step, idle_seconds=0.2)`.
"""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from core import jobs

logger = structlog.stdlib.get_logger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 15.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Loop:
    """A step that is repeated: at once while it returns True, else after `idle_seconds`."""

    name: str
    step: Callable[[], bool]
    idle_seconds: float


_loops: dict[str, Loop] = {}


def register_loop(name: str, step: Callable[[], bool], idle_seconds: float) -> None:
    """Add a loop to the worker; a name is given once."""
    if name in _loops and _loops[name].step is not step:
        raise RuntimeError(f"Two loops of the worker are called {name}.")
    _loops[name] = Loop(name, step, idle_seconds)


class Worker:
    """All registered loops, each in a thread of its own, until `stop` is called."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._repeat, args=(loop,), name=loop.name, daemon=True) for loop in _loops.values()]

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; must be called in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        for thread in self.threads:
            thread.start()
        logger.info("worker_started", loops=[thread.name for thread in self.threads])
        self.stopping.wait()
        self._finish()

    def stop(self) -> None:
        """Let each loop finish its step, then end."""
        self.stopping.set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _finish(self) -> None:
        """Wait for the steps under way, not longer than STOP_SECONDS; give back the jobs that are still running then."""
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self.threads:
            thread.join(max(deadline - time.monotonic(), 0))
        running = [thread.name for thread in self.threads if thread.is_alive()]
        if running:
            jobs.release_leases()
        connections.close_all()
        logger.info("worker_stopped", left_running=running)

    def _repeat(self, loop: Loop) -> None:
        pause, failures = 0.0, 0
        while not self.stopping.wait(pause):
            try:
                close_old_connections()
                pause = 0.0 if loop.step() else loop.idle_seconds
                failures = 0
            except Exception as error:  # noqa: BLE001 - a loop outlives every error
                failures += 1
                pause = min(FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 10), LONGEST_PAUSE_SECONDS)
                _report(loop, error, pause)
        connections.close_all()


def _report(loop: Loop, error: Exception, pause: float) -> None:
    """Log an error of a loop; that the database is away needs no traceback."""
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("database_away", loop=loop.name, pause_seconds=pause, error=str(error).strip())
    else:
        logger.error("loop_failed", loop=loop.name, pause_seconds=pause, exc_info=error)
