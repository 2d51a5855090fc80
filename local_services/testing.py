"""Real servers for tests, in a folder of their own below DATA_DIR, so a running site is not touched."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from local_services import debian
from local_services.console import TroubleError
from local_services.instance import Runtime, owned, rotate_logs
from local_services.postgresql import Cluster
from local_services.processes import Program
from local_services.run import raise_file_limit
from local_services.servers import Servers
from local_services.settings import Settings, prepare_folder, read_settings
from local_services.supervisor import Supervisor

READY_SECONDS = 120


@contextmanager
def services_for_tests(settings: Settings | None = None) -> Iterator[dict[str, str]]:
    """Elasticsearch, the object store and, where installed, PostgreSQL, as long as the block runs; yields the environment for tests.

    The environment has ELASTICSEARCH_URL, S3_* (a key that may make buckets), TEST_POSTGRES_URL and CHROMIUM (each only where there is
    one), SECRET_KEY and DATA_DIR. Call it from the main thread. Raises TroubleError when a server cannot be got or started.
    """
    asked = settings or read_settings()
    mine = replace(asked, data_dir=asked.data_dir / "test", demo=False)
    prepare_folder(mine.cache_dir, "CACHE_DIR")
    raise_file_limit()
    with owned(mine) as run_dir:
        rotate_logs(mine)
        supervisor = Supervisor(run_dir)
        try:
            yield _started(mine, supervisor)
        finally:
            supervisor.end()


def _started(settings: Settings, supervisor: Supervisor) -> dict[str, str]:
    runtime = Runtime(settings)
    servers = Servers(settings, runtime, supervisor, store_role="userplus")
    servers.start(degraded=False)
    if debian.POSTGRESQL.is_met and "TEST_POSTGRES_URL" not in settings.given:
        cluster = Cluster(settings, runtime.ports["LOCAL_POSTGRESQL_PORT"])
        log = settings.logs / "setup.log"
        program = cluster.program(log)
        supervisor.start(program)
        _require(supervisor, program)
        cluster.ensure_database(log)
        runtime.values["TEST_POSTGRES_URL"] = cluster.url
    if chromium := settings.given.get("CHROMIUM") or next(filter(None, map(shutil.which, debian.CHROMIUM.commands)), None):
        runtime.values["CHROMIUM"] = chromium
    if servers.elasticsearch is not None:
        _require(supervisor, servers.elasticsearch)
    runtime.values.pop("DATABASE_URL", None)
    runtime.save()
    environment = runtime.environment()
    return {name: value for name, value in environment.items() if name != "DATABASE_URL"}


def _require(supervisor: Supervisor, program: Program) -> None:
    if not supervisor.wait_ready(program, READY_SECONDS):
        raise TroubleError(f"{program.name} does not answer after {READY_SECONDS} s (its log: {program.log}).")
