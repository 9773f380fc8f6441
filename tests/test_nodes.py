"""The cluster that the tests run on is a real one: it joins, replicates, and outlives a node."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes import Cluster, lacking

pytestmark = pytest.mark.opensearch
INDEX = "tried"
HALF_A_MINUTE = 30.0
PARENT = """
import sys, time
from pathlib import Path
from nodes import Cluster
cluster = Cluster(Path(sys.argv[1]), size=1)
cluster.start(cluster.nodes[0])
print(cluster.nodes[0].process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Iterator[Cluster]:
    """With an index of three shards, each on two nodes."""
    cluster.ask("PUT", f"/{INDEX}", {"settings": {"number_of_shards": 3, "number_of_replicas": 1}})
    for number in range(30):
        cluster.ask("PUT", f"/{INDEX}/_doc/{number}", {"number": number})
    cluster.ask("POST", f"/{INDEX}/_refresh")
    cluster.wait("green")
    yield cluster
    cluster.ask("DELETE", f"/{INDEX}")


def found(cluster: Cluster) -> int:
    answer = cluster.ask("GET", f"/{INDEX}/_search?allow_partial_search_results=false&size=0")
    assert answer["_shards"]["failed"] == 0
    return int(answer["hits"]["total"]["value"])


def test_three_nodes_join_and_replicate(filled: Cluster) -> None:
    health = filled.wait("green", nodes=3)

    assert health["number_of_data_nodes"] == 3
    assert health["active_shards_percent_as_number"] == 100.0
    shards = filled.ask("GET", f"/_cat/shards/{INDEX}?format=json")
    assert sorted(shard["prirep"] for shard in shards) == ["p", "p", "p", "r", "r", "r"]
    there = {shard["node"].split()[0] for shard in shards}  # one that moves is "node-3 -> … node-2"
    assert there == {"node-1", "node-2", "node-3"}
    assert len({node.process.pid for node in filled.nodes if node.process}) == 3
    assert found(filled) == 30


@pytest.mark.parametrize("number", range(3))
def test_any_node_may_be_killed_and_comes_back(filled: Cluster, number: int) -> None:
    killed = filled.nodes[number]
    filled.kill(killed)
    try:
        assert filled.wait(nodes=2, seconds=HALF_A_MINUTE)["status"] == "yellow"
        assert found(filled) == 30
        filled.ask("PUT", f"/{INDEX}/_doc/meanwhile?refresh=true", {"number": -1})
        assert found(filled) == 31
        filled.ask("DELETE", f"/{INDEX}/_doc/meanwhile?refresh=true")
    finally:
        filled.start(killed)

    filled.wait("green", nodes=3)
    assert found(filled) == 30


def test_nodes_end_with_who_started_them(tmp_path: Path) -> None:
    if why := lacking():
        pytest.skip(f"No OpenSearch: {why}")
    here = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=here
    ) as parent:
        assert parent.stdout is not None
        node = int(parent.stdout.readline())
        os.kill(node, 0)
        parent.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + HALF_A_MINUTE
    while alive(node) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(node)


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2]
    except FileNotFoundError:
        return False
    return not state.startswith("Z")
