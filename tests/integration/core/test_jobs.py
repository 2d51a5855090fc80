"""Jobs: they exist only with their change, are run once, come again after errors and kills, and are never lost."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from core import clock, jobs, tick
from core.errors import UnavailableError
from core.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch):
    """A handler of kind `test.note` that notes its calls; `calls.error` is raised by it when set."""

    class Calls(list[str]):
        error: Exception | None = None

    noted = Calls()
    monkeypatch.setattr(jobs, "_handlers", {})

    @jobs.handler("test.note", max_attempts=3)
    def note(word: str = "") -> None:
        noted.append(word)
        if noted.error:
            raise noted.error

    return noted


def test_a_job_is_run_once_with_its_payload(calls):
    jobs.enqueue("test.note", {"word": "hello"})
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert calls == ["hello"]
    assert Job.objects.get().state == Job.State.DONE


def test_a_job_goes_with_its_transaction(calls):
    with transaction.atomic():
        jobs.enqueue("test.note", {"word": "never"})
        transaction.set_rollback(True)
    assert jobs.run_due() == 0


def test_requests_with_the_same_key_are_folded(calls):
    for _ in range(3):
        jobs.enqueue("test.note", {"word": "one"}, key="a")
    jobs.enqueue("test.note", {"word": "other"}, key="b")
    jobs.run_due()
    assert sorted(calls) == ["one", "other"]


def test_without_a_key_nothing_is_folded(calls):
    jobs.enqueue("test.note", {})
    jobs.enqueue("test.note", {})
    assert jobs.run_due() == 2


def test_asked_again_while_it_runs_it_runs_once_more(calls, monkeypatch):
    @jobs.handler("test.asks_again")
    def asks_again() -> None:
        calls.append("run")
        if len(calls) == 1:
            jobs.enqueue("test.asks_again", {}, key="k")

    jobs.enqueue("test.asks_again", {}, key="k")
    assert jobs.run_due() == 2
    assert calls == ["run", "run"]
    assert Job.objects.get().state == Job.State.DONE


def test_asked_again_in_the_same_microsecond_it_still_runs_once_more(calls):
    @jobs.handler("test.asks_again")
    def asks_again() -> None:
        calls.append("run")
        if len(calls) == 1:
            jobs.enqueue("test.asks_again", {}, key="k")

    with clock.travel(clock.now()):
        jobs.enqueue("test.asks_again", {}, key="k")
        jobs.run_due()
    with clock.travel(clock.now() + dt.timedelta(seconds=1)):
        jobs.run_due()
    assert calls == ["run", "run"]


def test_a_job_for_later_waits(calls):
    jobs.enqueue("test.note", {}, run_after=clock.now() + dt.timedelta(hours=1))
    assert jobs.run_due() == 0
    with clock.travel(clock.now() + dt.timedelta(hours=1, seconds=1)):
        assert jobs.run_due() == 1


def test_errors_are_kept_and_pauses_grow_until_the_last_try(calls):
    calls.error = ValueError("the reason")
    jobs.enqueue("test.note", {})
    pauses = []
    moment = clock.now()
    for _ in range(3):
        with clock.travel(moment):
            assert jobs.run_due() == 1
            job = Job.objects.get()
            assert "the reason" in job.error
            if job.state == Job.State.WAITING:
                pauses.append(job.run_after - moment)
                moment = job.run_after
    assert job.state == Job.State.FAILED
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1]
    with clock.travel(moment + dt.timedelta(days=30)):
        assert jobs.run_due() == 0


def test_while_a_service_is_away_no_try_is_counted(calls):
    calls.error = UnavailableError("The store does not answer.")
    jobs.enqueue("test.note", {})
    moment = clock.now()
    for _ in range(10):
        with clock.travel(moment):
            assert jobs.run_due() == 1
            moment = Job.objects.get().run_after
    assert moment - clock.now() < dt.timedelta(hours=1)
    calls.error = None
    with clock.travel(moment):
        jobs.run_due()
    assert Job.objects.get().state == Job.State.DONE


def test_a_job_whose_lease_ended_is_taken_again_and_the_first_worker_cannot_end_it(calls):
    jobs.enqueue("test.note", {"word": "x"})
    first = jobs._take(frozenset({"test.note"}))
    assert jobs.run_due() == 0
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        second = jobs._take(frozenset({"test.note"}))
        assert second is not None
        jobs._finished(first)
        assert Job.objects.get().state == Job.State.RUNNING
        jobs._finished(second)
    assert Job.objects.get().state == Job.State.DONE


def test_a_job_that_kills_every_worker_is_set_aside(calls):
    jobs.enqueue("test.note", {})
    moment = clock.now()
    for _ in range(3):
        moment += dt.timedelta(hours=1)
        with clock.travel(moment):
            assert jobs._take(frozenset({"test.note"})) is not None
    with clock.travel(moment + dt.timedelta(hours=1)):
        assert jobs._take(frozenset({"test.note"})) is None
    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert "killed" in job.error


def test_leases_are_renewed_and_given_back(calls):
    jobs.enqueue("test.note", {})
    job = jobs._take(frozenset({"test.note"}))
    jobs._hold(job)
    later = clock.now() + dt.timedelta(seconds=30)
    with clock.travel(later):
        jobs.renew_leases()
    assert Job.objects.get().leased_until > later
    jobs.release_leases()
    jobs._let_go(job)
    assert jobs.run_due() == 1


def test_finished_jobs_are_forgotten_failed_ones_are_not(calls):
    jobs.enqueue("test.note", {})
    jobs.run_due()
    Job.objects.create(kind="test.note", state=Job.State.FAILED, finished_at=clock.now())
    with clock.travel(clock.now() + dt.timedelta(days=8)):
        jobs.forget_finished()
    assert [job.state for job in Job.objects.all()] == [Job.State.FAILED]


def test_a_tick_task_runs_once_in_its_interval(calls, monkeypatch):
    monkeypatch.setattr(tick, "_intervals", {})

    @tick.on_tick(every=dt.timedelta(hours=1))
    def task() -> None:
        calls.append("tick")

    start = clock.now()
    assert tick.run_due() == 1
    assert tick.run_due() == 0
    with clock.travel(start + dt.timedelta(minutes=61)):
        assert tick.run_due() == 1
    assert calls == ["tick", "tick"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_each_job_once(calls):
    for number in range(20):
        jobs.enqueue("test.note", {"word": str(number)})

    def work() -> None:
        try:
            jobs.run_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(calls, key=int) == [str(number) for number in range(20)]


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_make_one_job(calls):
    asked = []

    def ask() -> None:
        try:
            jobs.enqueue("test.note", {}, key="same")
            asked.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 6
    assert Job.objects.count() == 1
