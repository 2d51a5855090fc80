"""Elasticsearch and the object store for one DATA_DIR: got, started, and put into the site's settings, unless the user gave their own."""

from local_services import elasticsearch, object_store
from local_services.cache import Cache
from local_services.console import TroubleError, complain, say
from local_services.instance import Runtime
from local_services.object_store import ObjectStore
from local_services.processes import Program
from local_services.settings import Settings, host_name
from local_services.supervisor import Supervisor

DEFAULT_BUCKET = "festival"
STORE_SECONDS = 15


class Servers:
    """`elasticsearch` and `store` are None when the user gave an address, or when the server cannot be had."""

    def __init__(self, settings: Settings, runtime: Runtime, supervisor: Supervisor, *, store_role: str = "user") -> None:
        self._settings = settings
        self._runtime = runtime
        self._supervisor = supervisor
        self._store_role = store_role
        self._cache = Cache(settings.cache_dir)
        self._log = settings.logs / "setup.log"
        self.elasticsearch: Program | None = None
        self.store: Program | None = None

    def start(self, *, degraded: bool = True) -> None:
        """Start both, and say what cannot be; with `degraded` false that raises TroubleError instead. Elasticsearch is not waited for."""
        for start, without in (
            (self._start_elasticsearch, "Search will be off; the plain catalogue listing works"),
            (self._start_store, "Downloads and uploads will be off; all pages work"),
        ):
            try:
                start()
            except TroubleError as error:
                if not degraded:
                    raise
                complain(f"{str(error).rstrip('.')}. {without}.")

    def _start_elasticsearch(self) -> None:
        values, ports = self._runtime.values, self._runtime.ports
        if "ELASTICSEARCH_URL" in values:
            say(f"Elasticsearch: the one at {host_name(values['ELASTICSEARCH_URL'])} is used (ELASTICSEARCH_URL).")
            return
        port = ports["LOCAL_ELASTICSEARCH_PORT"]
        values["ELASTICSEARCH_URL"] = f"http://127.0.0.1:{port}"
        home = elasticsearch.install(self._cache, self._log)
        transport_port = ports["LOCAL_ELASTICSEARCH_TRANSPORT_PORT"]
        program = elasticsearch.program(home, self._settings, port=port, transport_port=transport_port)
        self._supervisor.start(program)
        self.elasticsearch = program

    def _start_store(self) -> None:
        values = self._runtime.values
        values.setdefault("S3_BUCKET", DEFAULT_BUCKET)
        values.setdefault("S3_REGION", object_store.REGION)
        if "S3_ENDPOINT_URL" in values:
            say(f"Object store: the one at {host_name(values['S3_ENDPOINT_URL'])} is used (S3_ENDPOINT_URL).")
            return
        port = self._runtime.ports["LOCAL_STORE_PORT"]
        values["S3_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
        values.setdefault("S3_PUBLIC_ENDPOINT_URL", self._public_url(port))
        store = ObjectStore(object_store.install(self._cache, self._log), self._settings, port, self._store_role)
        values["S3_ACCESS_KEY_ID"], values["S3_SECRET_ACCESS_KEY"] = store.application_key
        program = store.program()
        self._supervisor.start(program)
        self.store = program
        if not self._supervisor.wait_ready(program, STORE_SECONDS):
            raise TroubleError(f"The object store does not answer after {STORE_SECONDS} s (its log: {program.log}).")
        store.ensure_bucket(values["S3_BUCKET"], self._log)

    def _public_url(self, port: int) -> str:
        """The browser's address. On loopback it is not the site's host name, so the site's cookies never go to the store."""
        return f"http://127.0.0.1:{port}" if self._settings.is_loopback else f"http://{host_name(self._settings.site_url)}:{port}"
