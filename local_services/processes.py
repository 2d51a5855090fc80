"""Programs that the launcher starts: each in a process group of its own, remembered on disk, ended by number and never by name."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from local_services.accounts import Account
from local_services.console import TroubleError, last_line
from local_services.signals import signals_held

POLL_SECONDS = 0.05
KILL_SECONDS = 5.0


@dataclass(frozen=True)
class Program:
    """How one server is started. `ready` says whether it answers; it must return within a second or two."""

    slug: str  # for file names
    name: str  # how a sentence begins
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    ready: Callable[[], bool]
    account: Account | None = None
    ready_after: float = 0.0  # seconds that it must have lived, for one that cannot be asked
    uses_others: bool = False  # so it is ended before them
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 15.0


@dataclass
class Child:
    """A running program: the leader of its process group."""

    program: Program
    record: Path
    process: subprocess.Popen[bytes] = field(repr=False)
    started_at: float = field(default_factory=time.monotonic)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    @property
    def how_it_ended(self) -> str:
        code = self.process.poll()
        if code is None:
            return "is running"
        return f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"

    def ask_to_stop(self) -> None:
        if self.is_running:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.program.stop_signal)

    def end(self, deadline: float) -> None:
        """Wait until the whole group is gone, kill what is left at the deadline (time.monotonic), forget it."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
            _signal_group(self.process.pid, signal.SIGTERM)
        end_group(self.process.pid, deadline, self.process)
        self.record.unlink(missing_ok=True)


def start(program: Program, run_dir: Path) -> Child:
    """Start a program with its output in its log. Raises TroubleError when it cannot be started at all.

    On Linux it is told to stop when the launcher dies without having been able to stop it, so call this from the main thread.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    program.log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with program.log.open("ab") as log:
            process = subprocess.Popen(
                with_death_signal(program.command, program.account),
                cwd=program.folder,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        raise TroubleError(f"{program.name} cannot be started: {error}.") from error
    record = run_dir / f"{program.slug}.pid"
    record.write_text(f"{process.pid} {_birth(process.pid)}\n", encoding="ascii")
    return Child(program=program, record=record, process=process)


def with_death_signal(command: Sequence[str], account: Account | None) -> list[str]:
    """The command as another account, stopped by the kernel when we die; `setpriv` is part of every Linux (util-linux)."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if account is not None:
            raise TroubleError("`setpriv` (package util-linux) is missing; it is needed to start servers as another account than root.")
        return list(command)
    identity = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"] if account else []
    return [setpriv, "--pdeathsig=TERM", *identity, "--", *command]


def end_group(group: int, deadline: float, leader: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for a process group to be gone; kill it at the deadline (time.monotonic). `leader`: its first process, if our child."""
    killed_at = 0.0
    while True:
        if leader is not None:
            leader.poll()
        now = time.monotonic()
        if not _lives(group) or (killed_at and now > killed_at + KILL_SECONDS):
            return
        if now >= deadline and not killed_at:
            _signal_group(group, signal.SIGKILL)
            killed_at = now
        time.sleep(POLL_SECONDS)


def stop_leftovers(run_dir: Path) -> list[str]:
    """End what an earlier launcher on the same DATA_DIR left running when it was killed; the names of what was ended."""
    ended = []
    for record in sorted(run_dir.glob("*.pid")) if run_dir.is_dir() else []:
        numbers = record.read_text(encoding="ascii").split()
        if len(numbers) == 2 and _birth(int(numbers[0])) == numbers[1] != "":  # noqa: PLR2004 - number and birth
            group = int(numbers[0])
            _signal_group(group, signal.SIGTERM)
            end_group(group, time.monotonic() + 15)
            ended.append(record.stem)
        record.unlink(missing_ok=True)
    return ended


def run_tool(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path,
    what: str,
    secret: bool = False,
) -> None:
    """Run a tool to its end, its output appended to a log; its arguments too, unless they are secret.

    Raises TroubleError that says what failed, with the last line of the log. Whatever interrupts us ends the tool and all it started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    process: subprocess.Popen[bytes] | None = None
    try:
        with log.open("ab") as output, signals_held():
            output.write(f"$ {what if secret else ' '.join(command)}\n".encode())
            output.flush()
            process = subprocess.Popen(
                with_death_signal(command, None),
                cwd=folder,
                env=dict(environment) if environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        code = process.wait()
    except OSError as error:
        raise TroubleError(f"{what} failed: {error}.") from error
    except BaseException:
        if process is not None:
            end_group(process.pid, 0.0, process)
        raise
    if code:
        raise TroubleError(f"{what} failed: {last_line(log).rstrip('.')} (the whole story: {log}).")


def output_of(command: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: Path, seconds: float = 60) -> str:
    """What a short command prints; empty when it fails or is not there."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def rotate(log: Path, keep: int = 3) -> None:
    """Begin a new log; the older ones are NAME.log.1 (the newest) to NAME.log.KEEP."""
    for number in range(keep, 0, -1):
        older = log if number == 1 else log.with_name(f"{log.name}.{number - 1}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number}"))


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _lives(group: int) -> bool:
    """Whether a process group has a member that is more than a zombie (which a container's first process may never collect)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    stats = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]
    return not stats or any(stat[:1] != ["Z"] and stat[2:3] == [str(group)] for stat in stats)


def _birth(pid: int) -> str:
    """When a process began, in the kernel's ticks, so that a number used again is not mistaken for it; empty when it is gone."""
    stat = _stat(Path(f"/proc/{pid}/stat"))
    return stat[19] if stat and stat[0] != "Z" else ""


def _stat(path: Path) -> list[str]:
    """The fields of a process after its name: state, parent, group, …; none when it is gone (see proc(5))."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
