"""Java archives from the Maven repository, fetched by coordinates and checked by the cache."""

from dataclasses import dataclass
from pathlib import Path

from local_services.cache import Cache
from local_services.console import TroubleError

ELASTICSEARCH_VERSION = "9.2.4"
LUCENE_VERSION = "10.3.2"  # the one in that Elasticsearch's lib folder
LUCENE_DICTIONARIES_VERSION = "10.3.0"  # the newest that the repository serves of nori and stempel; same dictionaries, same interfaces


@dataclass(frozen=True)
class Artifact:
    group: str
    name: str
    version: str
    packaging: str = "jar"

    @property
    def filename(self) -> str:
        return f"{self.name}-{self.version}.{self.packaging}"


SERVER = Artifact("org.elasticsearch.distribution.integ-test-zip", "elasticsearch", ELASTICSEARCH_VERSION, "zip")
COMPILER = Artifact("org.eclipse.jdt", "ecj", "3.43.0")
LIBRARIES = (
    Artifact("org.apache.lucene", "lucene-analysis-icu", LUCENE_VERSION),
    Artifact("org.apache.lucene", "lucene-analysis-kuromoji", LUCENE_VERSION),
    Artifact("org.apache.lucene", "lucene-analysis-nori", LUCENE_DICTIONARIES_VERSION),
    Artifact("org.apache.lucene", "lucene-analysis-smartcn", LUCENE_VERSION),
    Artifact("org.apache.lucene", "lucene-analysis-stempel", LUCENE_DICTIONARIES_VERSION),
    Artifact("com.ibm.icu", "icu4j", "77.1"),
)
ALL = (SERVER, COMPILER, *LIBRARIES)


def fetch(cache: Cache, artifact: Artifact) -> Path:
    """The checked file of an artifact. Raises TroubleError when it is neither in the cache nor to be had."""
    return cache.download(artifact.filename, lambda folder: _from_maven(artifact, folder))


def _from_maven(artifact: Artifact, folder: Path) -> Path:
    # Here, since these packages are only in .venv and take a while to import.
    import requests  # noqa: PLC0415
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

    repository = MavenContext(repo_cache=folder, resolver=PythonResolver())
    component = repository.project(artifact.group, artifact.name).at_version(artifact.version)
    try:
        path = component.artifact(packaging=artifact.packaging).resolve()
    except (RuntimeError, OSError, requests.RequestException) as error:
        reason = "there is no connection" if isinstance(error, requests.RequestException) else str(error)[:120]
        raise TroubleError(f"{artifact.filename} could not be fetched ({reason}).") from error
    return Path(path)
