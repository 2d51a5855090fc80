"""Keeps programs running: one that ends by itself is started again, sooner or later; a signal ends them all."""

import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_services.console import TroubleError, complain, say
from local_services.processes import Child, Program, start
from local_services.signals import signals_held, signals_ignored

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_SECONDS = 60.0
LOOK_SECONDS = 0.5


@dataclass
class _Watched:
    program: Program
    child: Child | None = None
    pause: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0
    ready: bool = False
    died: bool = False


class Supervisor:
    """Starts programs, watches them, and ends them in the reverse order of their start."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._watched: list[_Watched] = []

    def start(self, program: Program) -> None:
        """Start a program and watch it from now on. Raises TroubleError when it cannot be started at all."""
        watched = _Watched(program)
        self._watched.append(watched)
        with signals_held():
            watched.child = start(program, self._run_dir)

    def wait_ready(self, program: Program, seconds: float) -> bool:
        """Whether the program answered within that many seconds. A death meanwhile is met with a new start, as always."""
        watched = next(each for each in self._watched if each.program is program)
        deadline = time.monotonic() + seconds
        while not watched.ready and time.monotonic() < deadline:
            self._look()
            time.sleep(0.1)
        return watched.ready

    def watch(self) -> None:
        """Keep everything running until an exception (a signal within `ending_signals`) ends the watch."""
        with _wakeups() as woken:
            while True:
                self._look()
                readable, _, _ = select.select([woken], [], [], self._seconds_to_next_look())
                if readable:
                    woken.recv(1024)

    def end(self) -> None:
        """End all programs, those that use others first. Further signals do not cut this short; it takes seconds at most."""
        with signals_ignored():
            children = [watched.child for watched in self._watched if watched.child is not None]
            for stage in (True, False):
                ending = [child for child in children if child.program.uses_others is stage]
                for child in ending:
                    child.ask_to_stop()
                asked_at = time.monotonic()
                for child in ending:
                    child.end(asked_at + child.program.stop_seconds)
            self._watched.clear()

    def _look(self) -> None:
        now = time.monotonic()
        for watched in self._watched:
            if watched.child is None:
                if now >= watched.start_at:
                    self._restart(watched)
            elif not watched.child.is_running:
                self._note_death(watched, watched.child, now)
            elif not watched.ready and now >= watched.child.started_at + watched.program.ready_after and watched.program.ready():
                watched.ready = True
                if watched.died:
                    say(f"{watched.program.name} is back.")

    def _note_death(self, watched: _Watched, child: Child, now: float) -> None:
        how = child.how_it_ended
        child.end(now)  # what it left of its group holds ports and locks
        if now > child.started_at + SETTLED_SECONDS:
            watched.pause = FIRST_PAUSE_SECONDS
        complain(f"{watched.program.name} {how}; it is started again in {watched.pause:g} s (its log: {watched.program.log}).")
        watched.child = None
        watched.ready = False
        watched.died = True
        self._pause(watched)

    def _pause(self, watched: _Watched) -> None:
        watched.start_at = time.monotonic() + watched.pause
        watched.pause = min(watched.pause * 2, LONGEST_PAUSE_SECONDS)

    def _restart(self, watched: _Watched) -> None:
        try:
            with signals_held():
                watched.child = start(watched.program, self._run_dir)
        except TroubleError as error:
            complain(str(error))
            self._pause(watched)

    def _seconds_to_next_look(self) -> float:
        settled = all(watched.child is not None and watched.ready for watched in self._watched)
        return SETTLED_SECONDS if settled else LOOK_SECONDS


@contextmanager
def _wakeups() -> Iterator[socket.socket]:
    """A socket that becomes readable when any signal comes, a child's death among them."""
    ours, pythons = socket.socketpair()
    for end in (ours, pythons):
        end.setblocking(False)
    before = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    old = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
    try:
        yield ours
    finally:
        signal.set_wakeup_fd(old)
        signal.signal(signal.SIGCHLD, before)
        ours.close()
        pythons.close()
