"""`make test` and `make lint`: every check is run, whatever failed before, and a table at the end says how each went."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_services import debian, frontend, translations
from local_services.console import TroubleError, say
from local_services.settings import CHECKOUT, Settings, prepare_folder
from local_services.signals import signals_held
from local_services.testing import services_for_tests

NO_TESTS = 5  # pytest's status when it collected none
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")  # tests/conftest.py has a better order


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_pytest: bool = False


def lint(settings: Settings) -> int:
    """What needs no server."""
    translations.compile_stale()
    environment = {"SECRET_KEY": "for checks only; signs nothing that anybody gets to see", "DATA_DIR": str(settings.data_dir / "lint")}
    return _verdict([_outcome(check, environment) for check in _lint_checks()])


def verify(settings: Settings, command: Sequence[str]) -> int:
    """All checks and suites on real servers; or, with a command, that one in the environment of the tests."""
    skipped = [] if command else _install_packages(settings)
    frontend.build(settings.logs / "setup.log")
    translations.compile_stale()
    with services_for_tests(settings) as environment:
        if command:
            return _run(command, environment)
        checks = [*_lint_checks(), *_suites(environment, {need.package for need in skipped})]
        code = _verdict([_outcome(check, environment) for check in checks])
    for need in skipped:
        say(f"skipped  what needs {need.package} (ALLOW_MISSING=1)")
    return code


def _install_packages(settings: Settings) -> list[debian.Need]:
    prepare_folder(settings.logs, "DATA_DIR")
    lacking = debian.install(debian.FOR_TESTS, settings.logs / "setup.log")
    if lacking and not settings.flag("ALLOW_MISSING"):
        raise TroubleError(
            f"The tests need Debian packages that are missing: {debian.install_line(lacking)} (ALLOW_MISSING=1 skips what needs them)."
        )
    return lacking


def _lint_checks() -> list[Check]:
    module = [sys.executable, "-m"]
    templates = [str(folder.relative_to(CHECKOUT)) for folder in (CHECKOUT / "templates", *CHECKOUT.glob("*/templates")) if folder.is_dir()]
    checks = [
        Check("ruff check", [*module, "ruff", "check", "."]),
        Check("ruff format", [*module, "ruff", "format", "--check", "."]),
        Check("mypy", [*module, "mypy"]),
        Check("import-linter", [str(Path(sys.executable).with_name("lint-imports"))]),
    ]
    if any(next((CHECKOUT / folder).rglob("*.html"), None) for folder in templates):
        checks.append(Check("djlint", [*module, "djlint", "--lint", "--quiet", *templates]))
    checks.append(Check("makemigrations --check", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]))
    return checks


def _suites(environment: Mapping[str, str], without: set[str]) -> list[Check]:
    pytest = [sys.executable, "-m", "pytest", "-q"]
    parallel = [*pytest, *PARALLEL]
    suites = [Check("tests on SQLite", [*parallel, "tests", "--ignore=tests/browser"], is_pytest=True)]
    if "TEST_POSTGRES_URL" in environment:
        # The database makes no difference to these.
        spared = ("browser", "unit", "local_services", "contract", "integration/deployment", "integration/cluster", "real_input")
        on_postgresql = [*parallel, "tests", "-m", "not index", *(f"--ignore=tests/{folder}" for folder in spared)]
        suites.append(Check("tests on PostgreSQL", on_postgresql, {"DATABASE_URL": environment["TEST_POSTGRES_URL"]}, is_pytest=True))
    if "CHROMIUM" in environment and debian.CHROMIUM.package not in without:
        suites.append(Check("tests in the browser", [*pytest, "tests/browser"], is_pytest=True))
    return suites


def _outcome(check: Check, environment: Mapping[str, str]) -> tuple[Check, int, float]:
    say(f"\n=== {check.name}")
    began = time.monotonic()
    code = _run(check.command, {**environment, **check.environment})
    return check, 0 if check.is_pytest and code == NO_TESTS else code, time.monotonic() - began


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    process: subprocess.Popen[bytes] | None = None
    try:
        with signals_held():
            process = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
        return process.wait()
    except BaseException:
        if process is not None:
            process.terminate()
            process.wait(timeout=30)
        raise


def _verdict(outcomes: list[tuple[Check, int, float]]) -> int:
    say("")
    for check, code, seconds in outcomes:
        say(f"{'failed' if code else 'ok':<8} {check.name} ({seconds:.0f} s)")
    return 1 if any(code for _check, code, _seconds in outcomes) else 0
