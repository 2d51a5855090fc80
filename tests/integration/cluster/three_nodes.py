"""Three nodes of Elasticsearch on loopback, from the installation that `make run` uses, each with a folder of its own."""

import contextlib
import os
import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from local_services import elasticsearch
from local_services.cache import Cache
from local_services.ports import remembered_ports
from local_services.processes import Child, start
from local_services.settings import read_settings
from tests.waiting import until

NAMES = ("one", "two", "three")
HEAP = "256m"
START_SECONDS = 120


@dataclass
class Node:
    """A server with its launcher: one process group."""

    name: str
    url: str
    child: Child

    def kill(self):
        """End it as a power cut would: no goodbye to the others."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.end(time.monotonic() + 10)


class ThreeNodes:
    """The cluster, while the block runs."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.nodes = {}
        self._ending = ExitStack()

    def __enter__(self):
        settings = read_settings()
        home = elasticsearch.install(Cache(settings.cache_dir), self.folder / "setup.log")
        ports = remembered_ports(tuple(f"{name} {kind}" for name in NAMES for kind in ("http", "transport")), {})
        hosts = [f"127.0.0.1:{ports[f'{name} transport']}" for name in NAMES]
        with self._ending:
            for name in NAMES:
                own = replace(settings, data_dir=self.folder / name, heap=HEAP)
                program = elasticsearch.program(home, own, port=ports[f"{name} http"], transport_port=ports[f"{name} transport"])
                _let_it_join(Path(program.environment["ES_PATH_CONF"]) / "elasticsearch.yml", name, hosts)
                node = Node(name, f"http://127.0.0.1:{ports[f'{name} http']}", start(program, self.folder / "run"))
                self._ending.callback(node.kill)
                self.nodes[name] = node
            self._client = self._ending.enter_context(Elasticsearch([node.url for node in self.nodes.values()], max_retries=5))
            until(lambda: self.is_green(3), START_SECONDS)
            self._ending = self._ending.pop_all()
        return self

    def __exit__(self, *_):
        self._ending.close()

    @property
    def urls(self):
        return ",".join(node.url for node in self.nodes.values())

    def is_green(self, nodes):
        """Whether the cluster has that many nodes and each copy of each shard its place."""
        with contextlib.suppress(TransportError, ApiError):  # while nodes start or end; `until` asks again
            health = self._client.cluster.health()
            return (health["number_of_nodes"], health["status"]) == (nodes, "green")
        return False

    def master(self):
        """Return the node that is master now."""
        state = self._client.cluster.state(metric="master_node,nodes")
        return self.nodes[state["nodes"][state["master_node"]]["name"]]


def _let_it_join(config, name, hosts):
    """Make of a single node's configuration that of one of three."""
    text = config.read_text(encoding="utf-8")
    alone = "discovery.type: single-node"
    assert alone in text
    together = f"discovery.seed_hosts: [{', '.join(hosts)}]\ncluster.initial_master_nodes: [{', '.join(NAMES)}]"
    config.write_text(text.replace(alone, together).replace("node.name: local", f"node.name: {name}"), encoding="utf-8")
