"""A web process and an object store of a test's own, as `make run` starts them, that can be killed and started again."""

import os
import shutil
import signal
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from local_services import object_store, site
from local_services.cache import Cache
from local_services.ports import remembered_ports
from local_services.processes import start
from local_services.settings import read_settings
from tests import processes
from tests.waiting import until

START_SECONDS = 60


class Server:
    """One of them, on a port and with data that outlive it."""

    def __init__(self, program, run_dir):
        self.program, self.run_dir = program, run_dir
        self.start()

    def start(self):
        self.child = start(self.program, self.run_dir)
        until(self.program.ready, START_SECONDS)

    def kill(self):
        """End it and what it has forked as a power cut would."""
        if self.child.is_running:
            os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.end(time.monotonic() + 10)


class Servers:
    """Both, while the block runs; the web process works with the test's database. `web_url` and `store_url` are their addresses."""

    def __init__(self, settings):
        self._settings, self._ending = settings, ExitStack()

    def __enter__(self):
        with self._ending:
            folder = Path(tempfile.mkdtemp(prefix="servers-", dir="/var/tmp"))
            self._ending.callback(shutil.rmtree, folder)
            ports = remembered_ports(("web", "store"), {})
            local = replace(read_settings(), data_dir=folder, host="127.0.0.1", port=ports["web"])
            self.web_url, self.store_url = (f"http://127.0.0.1:{ports[name]}" for name in ("web", "store"))
            self.store = self._started_store(local, ports["store"])
            self.web = self._started(site.web(local, self._environment(folder)), folder)
            self._ending = self._ending.pop_all()
        return self

    def __exit__(self, *_):
        self._ending.close()

    def _started(self, program, folder):
        server = Server(program, folder / "run")
        self._ending.callback(server.kill)
        return server

    def _started_store(self, local, port):
        log = local.data_dir / "setup.log"
        kept = object_store.ObjectStore(object_store.install(Cache(local.cache_dir), log), local, port)
        started = self._started(kept.program(), local.data_dir)
        kept.ensure_bucket(self._settings.S3_BUCKET, log)
        self._settings.S3_ENDPOINT_URL = self._settings.S3_PUBLIC_ENDPOINT_URL = self.store_url
        self._settings.S3_ACCESS_KEY_ID, self._settings.S3_SECRET_ACCESS_KEY = kept.application_key
        return started

    def _environment(self, folder):
        names = ("S3_ENDPOINT_URL", "S3_PUBLIC_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
        given = {name: getattr(self._settings, name) for name in names}
        return processes.environment(SITE_URL=self.web_url, DATA_DIR=str(folder), DEBUG="true", WEB_CONCURRENCY="1", **given)
