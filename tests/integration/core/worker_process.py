"""A worker in a process of its own, with one job that says when it is in the middle and then waits to be killed or let go.

Run as a script; the folder given as the only argument is how it talks with the test: it writes `started-N`, and goes on when
`go` is there.
"""

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
sys.path.insert(0, str(Path.cwd()))
django.setup()

from core import jobs, worker  # noqa: E402

FOLDER = Path(sys.argv[1])


@jobs.handler("test.wait_for_go", max_attempts=3)
def wait_for_go() -> None:
    number = len(list(FOLDER.glob("started-*"))) + 1
    (FOLDER / f"started-{number}").touch()
    while not (FOLDER / "go").exists():
        time.sleep(0.02)
    (FOLDER / "finished").touch()


worker.Worker().run()
