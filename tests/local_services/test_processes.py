import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_services.console import TroubleError
from local_services.processes import Child, Program, rotate, run_tool, start, stop_leftovers
from local_services.signals import StopRequested, ending_signals
from local_services.supervisor import Supervisor
from local_services.waiting import wait_for

# A server with a child of its own in its group, as Elasticsearch has; `stubborn` ones ignore a request to stop.
SERVER = """
import signal, subprocess, sys, time
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


def server(folder: Path, manner: str = "polite", name: str = "The server") -> Program:
    child_file = folder / "child"
    return Program(
        slug="server",
        name=name,
        command=[sys.executable, "-c", SERVER, str(child_file), manner],
        environment=dict(os.environ),
        folder=folder,
        log=folder / "server.log",
        ready=lambda: child_file.exists() and bool(child_file.read_text(encoding="ascii")),
        stop_seconds=1.0,
    )


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def started(program: Program, folder: Path) -> tuple[Child, int]:
    child = start(program, folder / "run")
    assert wait_for(program.ready, 20)
    return child, int((folder / "child").read_text(encoding="ascii"))


def test_ending_a_program_ends_its_whole_group_and_nothing_else(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as bystander:
        child, grandchild = started(server(tmp_path), tmp_path)

        child.ask_to_stop()
        child.end(time.monotonic() + 10)

        assert not is_alive(child.process.pid)
        assert not is_alive(grandchild)
        assert bystander.poll() is None
        bystander.kill()
    assert not list((tmp_path / "run").iterdir())


def test_a_program_that_does_not_stop_is_killed_at_the_deadline(tmp_path: Path) -> None:
    child, grandchild = started(server(tmp_path, "stubborn"), tmp_path)

    child.ask_to_stop()
    child.end(time.monotonic() + 0.5)

    assert child.how_it_ended == "was killed by signal 9"
    assert wait_for(lambda: not is_alive(grandchild), 5)


def test_what_a_killed_launcher_left_is_ended_by_the_next(tmp_path: Path) -> None:
    child, grandchild = started(server(tmp_path), tmp_path)

    assert stop_leftovers(tmp_path / "run") == ["server"]

    assert not is_alive(grandchild)
    assert child.process.wait(timeout=5) == -signal.SIGTERM


def test_a_number_that_belongs_to_another_process_now_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "server.pid").write_text(f"{os.getpid()} 1\n", encoding="ascii")

    assert stop_leftovers(tmp_path) == []
    assert not (tmp_path / "server.pid").exists()


def test_a_server_dies_with_a_launcher_that_was_killed(tmp_path: Path) -> None:
    launcher = f"""
import sys, time
sys.path[:0] = {sys.path!r}
from pathlib import Path
from test_processes import server, started
child, _ = started(server(Path({str(tmp_path)!r})), Path({str(tmp_path)!r}))
print(child.process.pid, flush=True)
time.sleep(600)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen([sys.executable, "-c", launcher], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()

    assert wait_for(lambda: not is_alive(pid), 10)
    stop_leftovers(tmp_path / "run")
    (grandchild,) = [int((tmp_path / "child").read_text(encoding="ascii"))]
    if is_alive(grandchild):
        os.kill(grandchild, signal.SIGKILL)


def test_a_program_that_was_killed_is_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = server(tmp_path)
    supervisor = Supervisor(tmp_path / "run")
    supervisor.start(program)
    assert supervisor.wait_ready(program, 20)
    first, orphan = int((tmp_path / "run" / "server.pid").read_text().split()[0]), int((tmp_path / "child").read_text())
    (tmp_path / "child").unlink()

    os.kill(first, signal.SIGKILL)
    ctrl_c = f"until [ -s {tmp_path}/child ]; do sleep 0.1; done; sleep 1; kill -INT {os.getpid()}"
    with subprocess.Popen(["sh", "-c", ctrl_c]), pytest.raises(StopRequested), ending_signals():
        supervisor.watch()
    second = int((tmp_path / "run" / "server.pid").read_text().split()[0])
    supervisor.end()

    assert second != first
    assert not is_alive(orphan)
    assert not is_alive(second)
    said = capsys.readouterr()
    assert said.err.startswith("The server was killed by signal 9; it is started again in 1 s")
    assert said.out == "The server is back.\n"


def test_a_program_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    missing = Program(
        slug="x",
        name="The thing",
        command=["/no/such/program"],
        environment={},
        folder=tmp_path / "no-such-folder",
        log=tmp_path / "log",
        ready=lambda: True,
    )

    with pytest.raises(TroubleError, match=r"^The thing cannot be started: "):
        start(missing, tmp_path / "run")


def test_a_tool_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(TroubleError, match=r"^Building failed: no space \(the whole story: .*log\)\.$"):
        run_tool(["sh", "-c", "echo working; echo no space; exit 3"], log=tmp_path / "log", folder=tmp_path, what="Building")


def test_secret_arguments_stay_out_of_the_log(tmp_path: Path) -> None:
    run_tool(["true", "s3cret"], log=tmp_path / "log", folder=tmp_path, what="Making a user", secret=True)

    assert (tmp_path / "log").read_text(encoding="utf-8") == "$ Making a user\n"


def test_an_interrupted_tool_is_ended_with_all_it_started(tmp_path: Path) -> None:
    script = f"echo $$ > {tmp_path}/tool; sleep 600 & echo $! > {tmp_path}/child; kill -INT {os.getpid()}; wait"

    with pytest.raises(StopRequested), ending_signals():
        run_tool(["sh", "-c", script], log=tmp_path / "log", folder=tmp_path, what="Building")

    for name in ("tool", "child"):
        assert not is_alive(int((tmp_path / name).read_text(encoding="ascii")))


def test_older_logs_are_kept_three_deep(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for number in range(6):
        log.write_text(str(number), encoding="ascii")
        rotate(log)

    assert {path.name: path.read_text(encoding="ascii") for path in tmp_path.iterdir()} == {
        "web.log.1": "5",
        "web.log.2": "4",
        "web.log.3": "3",
    }
