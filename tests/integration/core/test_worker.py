"""The worker: outlives errors, stops cleanly, and what a killed one left is taken up by the next."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import OperationalError

from core import jobs, worker
from core.models import Job
from tests import processes
from tests.waiting import until

SCRIPT = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def start_worker(transactional_db, tmp_path):
    started = []

    def start() -> subprocess.Popen[bytes]:
        environment = processes.environment(JOB_LEASE_SECONDS="2", JOB_THREADS="1")
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, SCRIPT, tmp_path], env=environment, stderr=log)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_killed_worker_s_job_is_taken_again_when_its_lease_ends(start_worker, tmp_path):
    jobs.enqueue("test.wait_for_go", {})
    first = start_worker()
    until((tmp_path / "started-1").exists, seconds=30)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert Job.objects.get(kind="test.wait_for_go").state == Job.State.RUNNING
    (tmp_path / "go").touch()
    start_worker()
    until(lambda: Job.objects.get(kind="test.wait_for_go").state == Job.State.DONE, seconds=30)
    assert (tmp_path / "finished").exists()
    assert Job.objects.get(kind="test.wait_for_go").attempts == 2


def test_a_long_job_keeps_its_lease(start_worker, tmp_path):
    jobs.enqueue("test.wait_for_go", {})
    start_worker()
    until((tmp_path / "started-1").exists, seconds=30)
    start_worker()
    first_end = Job.objects.get(kind="test.wait_for_go").leased_until
    until(lambda: (Job.objects.get(kind="test.wait_for_go").leased_until - first_end).total_seconds() > 3, seconds=30)
    (tmp_path / "go").touch()
    until(lambda: Job.objects.get(kind="test.wait_for_go").state == Job.State.DONE, seconds=30)
    assert not (tmp_path / "started-2").exists()


def test_a_stopping_worker_finishes_its_job(start_worker, tmp_path):
    jobs.enqueue("test.wait_for_go", {})
    process = start_worker()
    until((tmp_path / "started-1").exists, seconds=30)
    process.terminate()
    (tmp_path / "go").touch()
    assert process.wait(timeout=30) == 0
    assert Job.objects.get(kind="test.wait_for_go").state == Job.State.DONE


def test_a_loop_outlives_errors_and_pauses_longer_each_time(monkeypatch):
    monkeypatch.setattr(worker, "_loops", {})
    monkeypatch.setattr(worker, "FIRST_PAUSE_SECONDS", 0.001)
    calls = []
    enough = threading.Event()

    def step() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("a bug")
        if len(calls) == 2:
            raise OperationalError("the database is away")
        enough.set()
        return False

    worker.register_loop("test", step, idle_seconds=60)
    running = worker.Worker()
    running.threads[0].start()
    assert enough.wait(10)
    running.stop()
    running.threads[0].join(10)
    assert not running.threads[0].is_alive()
    assert len(calls) == 3


def test_a_loop_that_has_work_does_not_pause(monkeypatch):
    monkeypatch.setattr(worker, "_loops", {})
    left = list(range(50))
    worker.register_loop("test", lambda: bool(left and left.pop() is not None), idle_seconds=60)
    running = worker.Worker()
    running.threads[0].start()
    until(lambda: not left, seconds=5)
    running.stop()
    running.threads[0].join(10)
    assert not running.threads[0].is_alive()


def test_a_name_is_given_once(monkeypatch):
    monkeypatch.setattr(worker, "_loops", {})
    worker.register_loop("test", lambda: False, idle_seconds=1)
    with pytest.raises(RuntimeError):
        worker.register_loop("test", lambda: True, idle_seconds=1)
