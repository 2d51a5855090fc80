"""The site as the launcher sees it: `manage.py`, its commands, the web process and the worker."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from local_services.cache import stamp
from local_services.console import TroubleError, complain, last_line
from local_services.processes import Program, run_tool
from local_services.settings import CHECKOUT, Settings
from local_services.waiting import answers

MANAGE = CHECKOUT / "manage.py"
# Runs inside the site's own process, so that Django is started once and not once a command. A command that the site lacks is passed over.
PREPARATION = """
import io, json, pathlib, sys, traceback
from django.core.management import call_command, get_commands
plan, report = json.loads(sys.argv[1]), pathlib.Path(sys.argv[2])
done = {}
for step in plan:
    name = step["command"][0]
    if name not in get_commands():
        done[name] = {"state": "absent"}
        continue
    out = io.StringIO()
    print("$ manage.py", *step["command"], flush=True)
    try:
        call_command(*step["command"], **({"stdout": out} if step["wanted"] else {}))
        done[name] = {"state": "done", "output": out.getvalue()}
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        done[name] = {"state": "failed", "reason": " ".join(str(error).split())[:300] or type(error).__name__}
        if step["needed"]:
            break
report.write_text(json.dumps(done))
"""


def prepare(settings: Settings, environment: Mapping[str, str]) -> str:
    """Bring database, vocabularies, bucket, demo and static files up to date; what `demo_accounts` prints.

    Raises TroubleError when the site could not work without what failed; anything else that fails is said.
    """
    static = _static_stamp()
    stamp_file = settings.data_dir / "run" / "static.stamp"
    collected = stamp_file.is_file() and stamp_file.read_text(encoding="ascii") == static
    plan = [_step("migrate", "--no-input", "--verbosity=1", needed=True), _step("load_vocabularies", needed=True)]
    if "S3_ACCESS_KEY_ID" in environment:  # else there is no store this time
        plan.append(_step("ensure_bucket"))
    if settings.demo:
        plan.append(_step("load_demo"))
    if not collected:
        plan.append(_step("collectstatic", "--no-input", "--verbosity=0", needed=True))
    if settings.demo:
        plan.append(_step("demo_accounts", wanted=True))
    done = _run(plan, settings, environment)
    if done.get("collectstatic", {}).get("state") == "done":
        stamp_file.write_text(static, encoding="ascii")
    return done.get("demo_accounts", {}).get("output", "").rstrip()


def web(settings: Settings, environment: Mapping[str, str]) -> Program:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    workers = [] if "WEB_CONCURRENCY" in environment else ["--workers", "2"]
    looked_at = "127.0.0.1" if settings.host in {"0.0.0.0", "localhost"} else host  # noqa: S104 - compared, not bound
    return Program(
        slug="web",
        name="The web server",
        command=[
            *(
                sys.executable,
                "-m",
                "gunicorn",
                "config.wsgi",
                "--bind",
                f"{host}:{settings.port}",
                "--worker-class",
                "gthread",
                "--preload",
            ),
            *(
                *workers,
                "--threads",
                "8",
                "--timeout",
                "60",
                "--graceful-timeout",
                "6",
                "--limit-request-line",
                "0",  # core.middleware answers a long address with a sentence
                "--no-control-socket",
            ),
        ],
        environment=environment,
        folder=CHECKOUT,
        log=settings.logs / "web.log",
        ready=lambda: answers(f"http://{looked_at}:{settings.port}/healthz"),
        uses_others=True,
        stop_seconds=8.0,
    )


def worker(settings: Settings, environment: Mapping[str, str]) -> Program:
    return Program(
        slug="worker",
        name="The worker",
        command=[sys.executable, str(MANAGE), "worker"],
        environment=environment,
        folder=CHECKOUT,
        log=settings.logs / "worker.log",
        ready=lambda: True,
        ready_after=5.0,
        uses_others=True,
        stop_seconds=8.0,
    )


def _step(*command: str, needed: bool = False, wanted: bool = False) -> dict[str, object]:
    """`needed`: nothing goes on without it; `wanted`: what it prints is for the user."""
    return {"command": command, "needed": needed, "wanted": wanted}


def _run(plan: list[dict[str, object]], settings: Settings, environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    report = settings.data_dir / "run" / "preparation.json"
    report.unlink(missing_ok=True)
    log = settings.logs / "setup.log"
    code = f"import sys; sys.argv[1:] = [{json.dumps(json.dumps(plan))}, {json.dumps(str(report))}]\n{PREPARATION}"
    command = [sys.executable, str(MANAGE), "shell", "--no-imports", "-c", code]
    with suppress(FileNotFoundError):
        run_tool(command, log=log, environment=environment, folder=CHECKOUT, what="Preparing the site", secret=True)
    done: dict[str, dict[str, str]] = json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}
    report.unlink(missing_ok=True)
    for step in plan:
        name = str(step["command"][0])  # type: ignore[index]
        outcome = done.get(name)
        if outcome is None or outcome["state"] == "failed":
            reason = outcome["reason"].rstrip(".") if outcome else last_line(log)
            sentence = f"`manage.py {name}` failed: {reason} (the whole story: {log})."
            if step["needed"] or outcome is None:
                raise TroubleError(sentence)
            complain(sentence)
    return done


def _static_stamp() -> str:
    """What the collected files are made from: our rooms' `static` folders, and the packages of the lock."""
    folders = [CHECKOUT / "static", *sorted(CHECKOUT.glob("*/static"))]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    facts = [f"{path.relative_to(CHECKOUT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return stamp(CHECKOUT / "requirements.lock", os.environ.get("DEBUG", ""), "\n".join(facts))


def has_site() -> bool:
    """Whether the Django side is in this checkout."""
    return Path(MANAGE).is_file()
