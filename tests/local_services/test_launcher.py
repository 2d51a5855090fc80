"""The commands as a person gives them, on the real servers."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_services.env_files import read_env_file
from local_services.settings import CHECKOUT
from local_services.waiting import answers, wait_for

NOT_GIVEN = ("ELASTICSEARCH_URL", "DATABASE_URL", "SITE_URL", "SECRET_KEY", "DEMO", "PORT")


def environment(place: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_GIVEN and not name.startswith("S3_")}
    return {**kept, "DATA_DIR": str(place / "data"), "ES_HEAP": "256m", **more}


def launcher(*command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local_services", *command], cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def running_services(place: Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    output = place / f"output-{len(list(place.glob('output-*')))}"
    command = [sys.executable, "-m", "local_services", "services"]
    with output.open("ab") as file, subprocess.Popen(command, cwd=CHECKOUT, env=environment(place), stdout=file, stderr=file) as process:
        try:
            assert wait_for(lambda: "S3_SECRET_ACCESS_KEY" in output.read_text() or process.poll() is not None, 300), output.read_text()
            assert process.poll() is None, output.read_text()
            yield process, read_env_file(place / "data" / "runtime.env")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def recorded(place: Path, slug: str) -> int:
    try:
        return int((place / "data" / "run" / f"{slug}.pid").read_text(encoding="ascii").split()[0])
    except (OSError, IndexError):
        return 0


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_taken_port_ends_run_with_one_sentence(place: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        done = launcher("run", env=environment(place, PORT=str(port)))

    assert done.returncode == 1
    assert done.stderr == f"Port {port} is already in use; stop what uses it or choose another with PORT.\n"
    assert "Traceback" not in done.stdout + done.stderr


def test_a_folder_without_permission_ends_with_one_sentence(place: Path) -> None:
    (place / "data").write_text("a file stands in the way", encoding="ascii")

    done = launcher("services", env=environment(place))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "DATA_DIR names another folder" in done.stderr


def test_an_unknown_command_is_said(place: Path) -> None:
    done = launcher("fly", env=environment(place))

    assert (done.returncode, done.stderr) == (2, "There is no command 'fly'; `make help` lists them.\n")


def test_servers_come_back_after_a_kill_and_go_with_ctrl_c(place: Path, ask: Callable[..., Any]) -> None:
    with running_services(place) as (process, first):
        url = first["ELASTICSEARCH_URL"]
        ask(f"{url}/kept/_doc/1?refresh=true", {"title": "Seifenboote"}, "PUT")
        mode = (place / "data" / "runtime.env").stat().st_mode & 0o777
        killed = {slug: recorded(place, slug) for slug in ("elasticsearch", "store")}

        refused = launcher("services", env=environment(place))

        for pid in killed.values():
            os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: all(recorded(place, slug) not in {0, pid} for slug, pid in killed.items()), 30)
        assert wait_for(lambda: answers(f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s", 10), 60)
        assert wait_for(lambda: answers(f"{first['S3_ENDPOINT_URL']}/_health"), 30)
        assert ask(f"{url}/kept/_doc/1")[1]["_source"] == {"title": "Seifenboote"}
        assert not any(group_exists(pid) for pid in killed.values())

        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
    output = (place / "output-0").read_text()

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"in use by another running instance (process {process.pid})" in refused.stderr
    assert mode == 0o600
    assert "Elasticsearch was killed by signal 9; it is started again in 1 s" in output
    assert "The object store was killed by signal 9; it is started again in 1 s" in output

    with running_services(place) as (process, second):  # what the killed launcher left is in nobody's way
        assert second == first
        assert wait_for(lambda: answers(f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s", 10), 60)
        assert ask(f"{url}/kept/_doc/1")[1]["_source"] == {"title": "Seifenboote"}
        groups = [recorded(place, slug) for slug in killed]

    assert process.returncode == 0
    assert not any(group_exists(group) for group in groups)
    assert not answers(url)
