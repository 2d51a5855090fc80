"""What the clock brings: each task runs once in its interval, whoever asks (the worker's loop, or `manage.py tick` from cron).

A task is one row of core.Job that is armed again after each run, so leases, retries and records are those of jobs.
"""

import datetime as dt
from collections.abc import Callable

from core import clock, jobs
from core.models import Job

PREFIX = "tick."

_intervals: dict[str, dt.timedelta] = {}


def on_tick(*, every: dt.timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a task without arguments; it must stand being run twice. Its first run is at once, the next one `every` after its end."""

    def register(task: Callable[[], object]) -> Callable[[], object]:
        kind = f"{PREFIX}{task.__module__}.{task.__qualname__}"

        def run() -> None:
            task()

        jobs.handler(kind)(run)
        _intervals[kind] = every
        return task

    return register


def arm() -> bool:
    """See that every task has its open job, due one interval after the last run. Return False (for the worker's loop)."""
    rows = {job.kind: job for job in Job.objects.filter(kind__in=_intervals, key=PREFIX)}
    for kind, every in _intervals.items():
        job = rows.get(kind)
        if job is None:
            jobs.enqueue(kind, {}, key=PREFIX)
        elif job.state not in jobs.OPEN_STATES:
            due = (job.finished_at or clock.now()) + every
            Job.objects.filter(pk=job.pk, state=job.state).update(state=Job.State.WAITING, run_after=due, attempts=0)
    return False


def run_due() -> int:
    """Run, in this thread, the tasks that are due now; return how many."""
    arm()
    return jobs.run_due(kinds=frozenset(_intervals))
