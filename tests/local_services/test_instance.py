import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local_services.accounts import Account, can_reach, folder_for, hand_over, make_readable
from local_services.console import TroubleError
from local_services.env_files import read_env_file
from local_services.instance import PORT_NAMES, Runtime, owned
from local_services.settings import Settings, read_settings

Make = Callable[..., Settings]


def test_a_folder_in_use_is_said_with_the_process_that_uses_it(tmp_path: Path, settings_in: Make) -> None:
    settings = settings_in(tmp_path)
    code = "import sys; from local_services.instance import owned; from local_services.settings import read_settings\n"
    code += "with owned(read_settings()): print('held', flush=True); sys.stdin.read()"
    environment = {**os.environ, "DATA_DIR": str(settings.data_dir)}
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"

        with pytest.raises(TroubleError, match=f"in use by another running instance .process {other.pid}."), owned(settings):
            pass
        other.kill()

    with owned(settings):
        pass  # the lock went with its holder


def test_secret_and_ports_are_remembered(tmp_path: Path, settings_in: Make) -> None:
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir()
    first = Runtime(settings)
    first.save()

    second = Runtime(settings)

    assert second.values["SECRET_KEY"] == first.values["SECRET_KEY"]
    assert len(first.values["SECRET_KEY"]) >= 50
    assert second.ports == first.ports
    assert set(first.ports) == set(PORT_NAMES)
    assert stat.S_IMODE(settings.runtime_file.stat().st_mode) == 0o600


def test_what_the_user_gave_is_written_down_but_not_taken_for_given_next_time(tmp_path: Path, settings_in: Make) -> None:
    with_own = settings_in(tmp_path, ELASTICSEARCH_URL="http://search.example:9200", SECRET_KEY="mine", DATABASE_URL="postgres://db/x")
    with_own.data_dir.mkdir()
    Runtime(with_own).save()

    written = read_env_file(with_own.runtime_file)
    again = Runtime(settings_in(tmp_path))

    assert written["ELASTICSEARCH_URL"] == "http://search.example:9200"
    assert written["DATABASE_URL"] == "postgres://db/x"
    assert written["SECRET_KEY"] == "mine"
    assert "ELASTICSEARCH_URL" not in again.values
    assert "DATABASE_URL" not in again.values


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1", "8 0"])
def test_a_port_that_is_none_is_said(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(TroubleError, match=r"no port number\.$"):
        read_settings()


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path, settings_in: Make) -> None:
    (tmp_path / "data").write_text("a file stands in the way", encoding="ascii")

    with pytest.raises(TroubleError, match="DATA_DIR names another folder"), owned(settings_in(tmp_path)):
        pass


def test_relative_folders_are_those_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "elsewhere")

    assert read_settings().data_dir == Path(__file__).resolve().parents[2] / "elsewhere"


def test_programs_become_readable_whatever_the_umask_was(place: Path) -> None:
    program = place / "server" / "bin"
    program.mkdir(parents=True, mode=0o700)
    (program / "run").write_text("#!/bin/sh\n", encoding="ascii")
    (program / "run").chmod(0o700)
    (place / "server").chmod(0o700)
    assert not can_reach(program, Account(12000, 12000)) or os.geteuid() == 12000

    make_readable(place / "server")

    assert can_reach(program, Account(12000, 12000))
    assert stat.S_IMODE((program / "run").stat().st_mode) == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another account")
def test_below_a_closed_home_a_server_gets_a_folder_elsewhere_behind_a_link(place: Path) -> None:
    home = place / "home"
    (home / "data").mkdir(parents=True)
    home.chmod(0o700)
    account = Account(12000, 12000)

    folder = folder_for(account, home / "data", "elasticsearch")
    hand_over(folder, account)
    try:
        assert can_reach(folder, account)
        assert (home / "data" / "elasticsearch").resolve() == folder
        assert folder.stat().st_uid == 12000
        assert folder_for(account, home / "data", "elasticsearch") == folder
    finally:
        folder.rmdir()
        folder.parent.rmdir()
