"""A private PostgreSQL cluster for the tests: its own folder, port and password, and nothing on disk that has to survive a power cut."""

import os
import pwd
import re
import secrets
import shutil
import signal
from pathlib import Path

from local_services.accounts import folder_for, hand_over, named_account
from local_services.console import TroubleError
from local_services.env_files import write_private
from local_services.processes import Program, output_of, run_tool, with_death_signal
from local_services.settings import Settings

USER = "festival"
OWNER = "postgres"  # the account that Debian's package makes; used when we are root
UNSAFE_BUT_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs_folder() -> Path:
    """Where the newest installed server's programs are. Raises TroubleError when there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise TroubleError("PostgreSQL is not installed.")
    return Path(on_path).resolve().parent


class Cluster:
    """One cluster in DATA_DIR/postgresql."""

    def __init__(self, settings: Settings, port: int) -> None:
        self._settings = settings
        self._port = port
        self._programs = programs_folder()
        self._account = named_account(OWNER)
        if self._account is None and os.geteuid() == 0:
            raise TroubleError(f"PostgreSQL does not run as root, and there is no account {OWNER!r} to run it as.")
        self._folder = folder_for(self._account, settings.data_dir, "postgresql")
        self._password_file = self._folder / "password"

    @property
    def url(self) -> str:
        password = self._password_file.read_text(encoding="ascii")
        return f"postgresql://{USER}:{password}@127.0.0.1:{self._port}/{USER}"

    def program(self, log: Path) -> Program:
        """Make the cluster if it is not there (or of another version) and tell how it is started."""
        version = output_of([str(self._programs / "postgres"), "--version"], folder=self._folder.parent)
        marker = self._folder / "made-by"
        if not marker.is_file() or marker.read_text(encoding="utf-8") != version:
            self._make(log)
            marker.write_text(version, encoding="utf-8")
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", *UNSAFE_BUT_QUICK]
        ready = [str(self._programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self._port), "-U", USER, "-d", USER]
        return Program(
            slug="postgresql",
            name="PostgreSQL",
            command=[
                *(str(self._programs / "postgres"), "-D", str(self._folder / "data"), "-p", str(self._port)),
                *(part for option in options for part in ("-c", option)),
            ],
            environment={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
            folder=self._folder / "data",
            log=self._settings.logs / "postgresql.log",
            ready=lambda: "accepting" in output_of(ready, folder=self._settings.data_dir, seconds=3),
            account=self._account,
            stop_signal=signal.SIGINT,  # a fast shutdown, which does not wait for clients
        )

    def ensure_database(self, log: Path) -> None:
        """Make the database of the URL in the running cluster, if it is not there."""
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PGPASSWORD": self._password_file.read_text(encoding="ascii"),
            "PGCONNECT_TIMEOUT": "10",
        }
        where = ["-h", "127.0.0.1", "-p", str(self._port), "-U", USER]
        folder = self._folder.parent
        question = [str(self._programs / "psql"), *where, "-d", "postgres", "-tAc", f"select 1 from pg_database where datname='{USER}'"]  # noqa: S608 - a constant
        if output_of(question, environment=environment, folder=folder).strip() != "1":
            command = [str(self._programs / "createdb"), *where, USER]
            run_tool(command, log=log, environment=environment, folder=folder, what="Making the test database")

    def _make(self, log: Path) -> None:
        shutil.rmtree(self._folder / "data", ignore_errors=True)
        write_private(self._password_file, secrets.token_hex(16))
        hand_over(self._folder, self._account)
        initdb = [
            *(str(self._programs / "initdb"), "-D", str(self._folder / "data"), "-U", USER, "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={self._password_file}", "--no-sync"),
        ]
        command = _named(initdb) if self._account is None else with_death_signal(initdb, self._account)
        run_tool(command, log=log, folder=self._folder, what="Making the PostgreSQL cluster")


def _named(command: list[str]) -> list[str]:
    """`initdb` wants its account to have a name; one without (a bare number, as in containers) borrows one in a user namespace."""
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        nobody = pwd.getpwnam("nobody")
        return ["unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}", "--", *command]
    return command
