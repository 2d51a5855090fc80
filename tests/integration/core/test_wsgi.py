"""The web application is loaded before gunicorn forks its workers (`--preload`): nothing of that may be half done in them."""

import os
import subprocess
import sys

FORKED = """
import os, threading, config.wsgi
print([thread.name for thread in threading.enumerate()])
child = os.fork()
if child == 0:
    from core.languages import language_name
    from search.encoders import encoder
    encoder().encode_question("water rocket")
    language_name("fr", "en")
    os._exit(0)
print(os.waitpid(child, 0)[1])
"""


def test_a_worker_that_is_forked_from_it_can_search_and_name_languages(tmp_path):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"}
    forked = subprocess.run([sys.executable, "-c", FORKED], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert forked.stdout.splitlines() == ["['MainThread']", "0"]
