"""Background work kept in the database: taken under a lease, tried again with growing pauses, nothing lost by a kill.

A room registers what can be done (`@handler`), and asks for it inside the transaction of the change that makes it necessary
(`enqueue`): the job exists if, and only if, the change does. The worker (core.worker) does it.
"""

import datetime as dt
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from core import clock
from core.errors import UnavailableError
from core.models import Job

logger = structlog.stdlib.get_logger(__name__)

OPEN_STATES = (Job.State.WAITING, Job.State.RUNNING)
FIRST_PAUSE = dt.timedelta(seconds=5)
LONGEST_PAUSE = dt.timedelta(hours=1)
LONGEST_WAIT_FOR_A_SERVICE = dt.timedelta(minutes=5)
ERROR_LENGTH = 8000


@dataclass(frozen=True, slots=True)
class Handler:
    """What does the work of one kind, called with the payload as keyword arguments."""

    kind: str
    run: Callable[..., None]
    max_attempts: int


_handlers: dict[str, Handler] = {}
_held: set[UUID] = set()
_held_lock = threading.Lock()


def handler(kind: str, *, max_attempts: int = 5) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function for a kind of job. It may be run twice for one job (a lease can end), so it must stand repetition."""

    def register(run: Callable[..., None]) -> Callable[..., None]:
        known = _handlers.get(kind)
        if known is not None and known.run is not run:
            raise RuntimeError(f"Two handlers for jobs of kind {kind}.")
        _handlers[kind] = Handler(kind, run, max_attempts)
        return run

    return register


def enqueue(kind: str, payload: dict[str, Any], *, key: str = "", run_after: dt.datetime | None = None) -> None:
    """Ask for a job, inside the caller's transaction. The payload is JSON; UUIDs become strings.

    With a key, a request is folded into the open job of that kind and key. If that one is running, it runs once more afterwards:
    it may have read what this transaction changes before the change.
    """
    payload = {name: str(value) if isinstance(value, UUID) else value for name, value in payload.items()}
    run_after = run_after or clock.now()
    with transaction.atomic():
        while not (key and _folded(kind, key, run_after)):
            try:
                with transaction.atomic():
                    Job.objects.create(kind=kind, payload=payload, key=key, run_after=run_after)
            except IntegrityError:  # somebody else asked at the same moment: fold into theirs
                if not key:
                    raise
            else:
                return


def _folded(kind: str, key: str, run_after: dt.datetime) -> bool:
    """Fold a request into the open job, if there is one. The row stays locked until the caller's transaction ends."""
    job = Job.objects.select_for_update().filter(kind=kind, key=key, state__in=OPEN_STATES).first()
    if job is None:
        return False
    if job.state == Job.State.WAITING:
        job.run_after = min(job.run_after, run_after)
    else:  # a `run_after` that moved while the job ran says: once more
        job.run_after = max(job.run_after + dt.timedelta(microseconds=1), run_after)
    job.save(update_fields=["run_after"])
    return True


def open_keys(kind: str) -> set[str]:
    """Return the keys of the jobs of a kind that are still to be done."""
    return set(Job.objects.filter(kind=kind, state__in=OPEN_STATES).values_list("key", flat=True))


def run_due(limit: int = 100, *, kinds: frozenset[str] | None = None) -> int:
    """Run due jobs, one after the other, in this thread; return how many were run (not more than `limit`)."""
    done = 0
    while done < limit and run_one(kinds=kinds):
        done += 1
    return done


def run_one(*, kinds: frozenset[str] | None = None) -> bool:
    """Take the job that is due the longest and run it; return False if none is due."""
    job = _take(kinds if kinds is not None else frozenset(_handlers))
    if job is None:
        return False
    _run(job)
    return True


def _due(kinds: frozenset[str]) -> QuerySet[Job]:
    now = clock.now()
    return Job.objects.filter(
        Q(state=Job.State.WAITING, run_after__lte=now) | Q(state=Job.State.RUNNING, leased_until__lt=now), kind__in=kinds
    ).order_by("run_after", "created_at")


def _take(kinds: frozenset[str]) -> Job | None:
    """Return a due job, now leased to this thread, or None. A job whose worker died on its last try is set aside instead."""
    while _due(kinds).exists():  # without the write lock that SQLite gives to every transaction
        with transaction.atomic():
            job = _due(kinds).select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if job.attempts >= _handlers[job.kind].max_attempts:
                _set_aside(Job.objects.filter(pk=job.pk), job, job.error or "The worker died, or was killed, each time it ran this job.")
                continue
            job.state, job.lease, job.attempts = Job.State.RUNNING, uuid4(), job.attempts + 1
            job.leased_until = clock.now() + settings.JOB_LEASE
            job.save(update_fields=["state", "lease", "leased_until", "attempts"])
            return job
    return None


def _run(job: Job) -> None:
    """Run a taken job and write down how it ended."""
    work = _handlers[job.kind]
    _hold(job)
    structlog.contextvars.bind_contextvars(job=str(job.id), job_kind=job.kind)
    try:
        work.run(**job.payload)
    except UnavailableError as error:
        _wait_for_a_service(job, error)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the runner goes on
        _failed(job, work, error)
    else:
        _finished(job)
    finally:
        _let_go(job)
        structlog.contextvars.unbind_contextvars("job", "job_kind")


def _own(job: Job) -> QuerySet[Job]:
    """The row, as long as the lease is ours: after its end another worker may have it."""
    return Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.RUNNING)


def _finished(job: Job) -> None:
    done = (
        _own(job)
        .filter(run_after=job.run_after)
        .update(state=Job.State.DONE, finished_at=clock.now(), lease=None, leased_until=None, error="")
    )
    if not done:  # asked for again meanwhile
        _own(job).update(state=Job.State.WAITING, lease=None, leased_until=None, attempts=0, error="")


def _wait_for_a_service(job: Job, error: UnavailableError) -> None:
    """Try again when the service may be back; such tries are not counted. The pause is a quarter of the job's age, within limits."""
    now = clock.now()
    pause = min(max((now - job.created_at) / 4, FIRST_PAUSE), LONGEST_WAIT_FOR_A_SERVICE)
    logger.warning("job_waits_for_a_service", pause_seconds=pause.total_seconds(), error=str(error))
    _own(job).update(
        state=Job.State.WAITING, run_after=now + pause, attempts=job.attempts - 1, lease=None, leased_until=None, error=str(error)
    )


def _failed(job: Job, work: Handler, error: Exception) -> None:
    """Try again after a pause that grows fourfold each time, or set the job aside after its last try."""
    text = "".join(traceback.format_exception(error))[-ERROR_LENGTH:]
    if job.attempts >= work.max_attempts:
        _set_aside(_own(job), job, text)
        return
    pause = min(FIRST_PAUSE * 4 ** (job.attempts - 1), LONGEST_PAUSE)
    logger.warning("job_failed_will_retry", attempt=job.attempts, pause_seconds=pause.total_seconds(), exc_info=error)
    _own(job).update(state=Job.State.WAITING, run_after=clock.now() + pause, lease=None, leased_until=None, error=text)


def _set_aside(row: QuerySet[Job], job: Job, text: str) -> None:
    logger.error("job_set_aside", job=str(job.id), job_kind=job.kind, attempts=job.attempts, error=text)
    row.update(state=Job.State.FAILED, finished_at=clock.now(), lease=None, leased_until=None, error=text)


def _hold(job: Job) -> None:
    with _held_lock:
        if job.lease:
            _held.add(job.lease)


def _let_go(job: Job) -> None:
    with _held_lock:
        if job.lease:
            _held.discard(job.lease)


def renew_leases() -> bool:
    """Push the end of the leases that this process holds; a loop of the worker calls it three times per lease."""
    with _held_lock:
        held = list(_held)
    if held:
        Job.objects.filter(lease__in=held, state=Job.State.RUNNING).update(leased_until=clock.now() + settings.JOB_LEASE)
    return False


def release_leases() -> None:
    """Give back what a stopping worker could not finish: the next one takes it at once, and the try is not counted."""
    with _held_lock:
        held = list(_held)
    for job in Job.objects.filter(lease__in=held, state=Job.State.RUNNING):
        _own(job).update(state=Job.State.WAITING, lease=None, leased_until=None, attempts=max(job.attempts - 1, 0))


def forget_finished(older_than: dt.timedelta = dt.timedelta(days=7)) -> int:
    """Delete jobs that are done since `older_than`; what failed stays until somebody has looked. Return how many."""
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=clock.now() - older_than)
    return old.delete()[0]
