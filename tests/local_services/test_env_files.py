import stat
import subprocess
from pathlib import Path

import environ
import pytest

from local_services.console import TroubleError
from local_services.env_files import read_env_file, write_env_file

VALUES = {
    "PLAIN": "http://127.0.0.1:9200",
    "SPACES": "two words # no comment",
    "QUOTES": """it's "quoted" $HOME `x` \\ end""",
    "EMPTY": "",
    "EQUALS": "a=b&c=d",
}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_env_file(tmp_path / "runtime.env", VALUES, "About.")

    assert read_env_file(tmp_path / "runtime.env") == VALUES


def test_a_shell_reads_the_same_values(tmp_path: Path) -> None:
    write_env_file(tmp_path / "runtime.env", VALUES, "About.")

    script = f". {tmp_path}/runtime.env; " + "; ".join(f"""printf '%s\\n' "${name}" """ for name in VALUES)
    shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)

    assert shell.stdout.splitlines() == list(VALUES.values())


def test_the_site_reads_the_same_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VALUES:
        monkeypatch.delenv(name, raising=False)
    write_env_file(tmp_path / "runtime.env", VALUES, "About.")

    env = environ.Env()
    env.read_env(str(tmp_path / "runtime.env"))

    try:
        assert {name: env.str(name) for name in VALUES} == VALUES
    finally:
        for name in VALUES:
            env.ENVIRON.pop(name, None)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    write_env_file(tmp_path / "runtime.env", VALUES, "About.")

    assert stat.S_IMODE((tmp_path / "runtime.env").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["runtime.env"]


def test_a_line_break_in_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TroubleError):
        write_env_file(tmp_path / "runtime.env", {"NAME": "a\nB=c"}, "About.")


def test_exports_comments_and_noise_are_understood(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nexport PORT=8001 # mine\n\nnot a setting\n NAME = 'x y' \n", encoding="utf-8")

    assert read_env_file(file) == {"PORT": "8001", "NAME": "x y"}


def test_a_file_that_is_not_there_sets_nothing(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / "nothing") == {}
