"""One node of Elasticsearch by default, three with SEARCH_CLUSTER=yes and its profile: what compose gives them, and how each is started.

No container engine runs where the tests do: deploy/search-node.sh is run as it is, in a folder that stands for the image's,
where the two programs that it calls write down how they were called.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.integration.deployment.test_compose import GIVEN, compose

ROOT = Path(__file__).resolve().parents[3]
ONE = compose()["services"]
THREE = compose(GIVEN | {"COMPOSE_PROFILES": "cluster", "SEARCH_CLUSTER": "yes"})["services"]
NODES = ("search", "search-2", "search-3")
CERTIFICATE_TOOL = """#!/bin/sh
echo "$@" >> calls
for word in "$@"; do last=$before; before=$word; [ "$last" = --out ] && touch "$word"; done
exit 0
"""
ENTRY_POINT = """#!/bin/bash
echo "entry point: $@"
env
"""


def test_only_the_profile_starts_more_than_one():
    assert [name for name in NODES if not ONE[name].get("profiles")] == ["search"]
    assert [THREE[name].get("profiles") for name in NODES] == [None, ["cluster"], ["cluster"]]


@pytest.mark.parametrize("name", ["web", "worker", "site-setup"])
def test_the_site_is_given_the_addresses_of_all_that_run(name):
    def hosts(services):
        return [address.rpartition("@")[2] for address in services[name]["environment"]["ELASTICSEARCH_URL"].split(",")]

    assert hosts(ONE) == ["search:9200"]
    assert hosts(THREE) == ["search:9200", "search-2:9200", "search-3:9200"]


def test_another_profile_adds_no_nodes():
    scanned = compose(GIVEN | {"COMPOSE_PROFILES": "clamav"})["services"]
    assert scanned["search"]["environment"]["SEARCH_NODES"] == "search"
    assert scanned["web"]["environment"]["ELASTICSEARCH_URL"] == ONE["web"]["environment"]["ELASTICSEARCH_URL"]


def test_the_nodes_differ_in_name_and_data_alone():
    for name in NODES:
        service = THREE[name]
        assert service["environment"]["SEARCH_NODE"] == name
        assert service["environment"]["SEARCH_NODES"] == "search,search-2,search-3"
        assert service["volumes"] == [
            f"{name}:/usr/share/elasticsearch/data",
            "search-certificates:/usr/share/elasticsearch/config/certificates",
        ]
        assert service["healthcheck"]["test"]
    same = [{key: value for key, value in THREE[name].items() if key not in {"environment", "volumes", "profiles"}} for name in NODES]
    assert same[0] == same[1] == same[2]


@pytest.fixture
def start(tmp_path):
    """Start a node as compose does; returns the finished process."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "config" / "certificates").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    for name, text in (("elasticsearch-certutil", CERTIFICATE_TOOL), ("docker-entrypoint.sh", ENTRY_POINT)):
        (tmp_path / "bin" / name).write_text(text, encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)

    def start(service):
        environment = {name: str(value) for name, value in service["environment"].items()}
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        command = [str(ROOT / "deploy" / "search-node.sh")]
        return subprocess.run(
            command, cwd=tmp_path, env={"PATH": path, **environment}, capture_output=True, text=True, check=False, timeout=30
        )

    return start


def settings_of(started):
    """Return the settings with which Elasticsearch was started."""
    assert started.returncode == 0, started.stderr
    first, *lines = started.stdout.splitlines()
    assert first == "entry point: eswrapper"
    settings = {name: value for name, _equals, value in (line.partition("=") for line in lines) if "." in name}
    assert settings["xpack.security.enabled"] == "true", "what compose sets must come through, too"
    return settings


def test_a_single_node_asks_for_no_others_and_needs_no_certificate(start, tmp_path):
    settings = settings_of(start(ONE["search"]))
    assert settings["discovery.type"] == "single-node"
    assert not {"cluster.initial_master_nodes", "path.data"} & set(settings)
    assert not (tmp_path / "calls").exists()


def test_three_nodes_know_each_other_and_share_a_certificate(start, tmp_path):
    for name in NODES:
        settings = settings_of(start(THREE[name]))
        assert "discovery.type" not in settings
        assert settings["node.name"] == name
        assert settings["discovery.seed_hosts"] == settings["cluster.initial_master_nodes"] == "search,search-2,search-3"
        assert settings["path.data"] == str(tmp_path / "data" / "cluster")
        assert settings["xpack.security.transport.ssl.enabled"] == "true"
        assert (tmp_path / "config" / settings["xpack.security.transport.ssl.keystore.path"]).is_file()
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert [call.split()[0] for call in calls] == ["ca", "cert"], "made once, by the first"


def test_the_profile_alone_is_refused_in_a_sentence(start):
    refused = start(ONE["search-2"])
    assert refused.returncode == 1
    assert "Set SEARCH_CLUSTER=yes in .env" in refused.stderr
