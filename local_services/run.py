"""`make run` and `make services`: everything got, started, and kept running in the foreground."""

import resource

from local_services import debian, frontend, site, translations
from local_services.console import TroubleError, complain, say
from local_services.instance import Runtime, owned, rotate_logs
from local_services.ports import require_free
from local_services.servers import Servers
from local_services.settings import Settings, prepare_folder
from local_services.signals import StopRequested
from local_services.supervisor import Supervisor

WEB_SECONDS = 90
SEARCH_SECONDS = 120


def run(settings: Settings) -> int:
    """Start the site and all it needs, and stay until a signal. Raises TroubleError when the site cannot be started."""
    require_free(settings.port, settings.host)
    prepare_folder(settings.cache_dir, "CACHE_DIR")
    raise_file_limit()
    with owned(settings) as run_dir:
        rotate_logs(settings)
        supervisor = Supervisor(run_dir)
        try:
            _start_all(settings, supervisor)
            supervisor.watch()
        except StopRequested:
            say("Stopping.")
        finally:
            supervisor.end()
    return 0


def services(settings: Settings) -> int:
    """Start Elasticsearch and the object store only, print their settings, and stay until a signal."""
    prepare_folder(settings.cache_dir, "CACHE_DIR")
    raise_file_limit()
    with owned(settings) as run_dir:
        rotate_logs(settings)
        supervisor = Supervisor(run_dir)
        runtime = Runtime(settings)
        try:
            servers = Servers(settings, runtime, supervisor)
            servers.start(degraded=False)
            runtime.save()
            _wait_for_search(servers, supervisor)
            say(f"Running. Their settings, also in {settings.runtime_file}:")
            for name in sorted(name for name in runtime.values if name.startswith(("ELASTICSEARCH_", "S3_"))):
                say(f"{name}={runtime.values[name]}")
            supervisor.watch()
        except StopRequested:
            say("Stopping.")
        finally:
            supervisor.end()
    return 0


def raise_file_limit() -> None:
    """Let our programs open as many files as the system allows; Elasticsearch asks for 65,535."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65535 if hard == resource.RLIM_INFINITY else min(hard, 1 << 20)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _start_all(settings: Settings, supervisor: Supervisor) -> None:
    log = settings.logs / "setup.log"
    runtime = Runtime(settings)
    servers = Servers(settings, runtime, supervisor)
    servers.start()
    runtime.save()
    if debian.install([debian.FFMPEG], log):
        complain(f"Videos will have no preview: ffmpeg is missing ({debian.install_line([debian.FFMPEG])}).")
    _try_build(settings)
    translations.compile_stale()
    environment = runtime.environment()
    say("Preparing the database" + (" and the demo network (a minute or two the first time)." if settings.demo else "."))
    accounts = site.prepare(settings, environment)
    web, worker = site.web(settings, environment), site.worker(settings, environment)
    supervisor.start(web)
    if not supervisor.wait_ready(web, WEB_SECONDS):
        raise TroubleError(f"The site does not answer after {WEB_SECONDS} s (its log: {web.log}).")
    supervisor.start(worker)
    say(f"\nFestival Commons is at {settings.site_url}/")
    if accounts:
        say(accounts)
    _wait_for_search(servers, supervisor)
    say(f"Logs are in {settings.logs}. Ctrl-C stops everything.")


def _try_build(settings: Settings) -> None:
    try:
        frontend.build(settings.logs / "setup.log")
    except TroubleError as error:
        complain(f"{error} Pages work, without what the front end adds.")


def _wait_for_search(servers: Servers, supervisor: Supervisor) -> None:
    if servers.elasticsearch is None:
        return
    if not supervisor.wait_ready(servers.elasticsearch, SEARCH_SECONDS):
        complain(f"Elasticsearch does not answer yet; it is still waited for (its log: {servers.elasticsearch.log}).")
