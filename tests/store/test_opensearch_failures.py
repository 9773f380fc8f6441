"""What goes wrong with a cluster passes and is tried again, or is an error that says so: never silence."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from nodes import HOST, Cluster, free_ports

from qa_service.domain.address import Address
from qa_service.domain.conversation import Turn
from qa_service.domain.errors import StoreError
from qa_service.domain.principal import Principal, Via
from qa_service.store.opensearch.connection import REST_SECONDS, Silence
from qa_service.store.opensearch.conversations import OpenSearchConversations
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import RefusedError
from qa_service.store.opensearch.jotting import Jotter

KEY = Principal(via=Via.KEY, name="3f9a")
HALF_A_MINUTE = 30.0
BLOCK = "index.blocks.read_only_allow_delete"  # what a full disk does: 429


@pytest.fixture
def engine(address: Address) -> Iterator[Engine]:
    engine = Engine(address)
    yield engine
    engine.close()


@pytest.fixture
def hasty(address: Address) -> Iterator[Engine]:
    """One that gives up early."""
    engine = Engine(address, patience=1.0)
    yield engine
    engine.close()


def block(cluster: Cluster, engine: Engine, blocked: bool) -> None:
    cluster.ask("PUT", f"/{engine.index('keys')}/_settings", {BLOCK: blocked or None})


@pytest.mark.opensearch
def test_a_node_may_be_killed_while_turns_are_kept(cluster: Cluster, engine: Engine) -> None:
    jotter = Jotter()
    kept = OpenSearchConversations(engine, jotter, days=30)
    begun = kept.begin(KEY)
    ended, said = threading.Event(), []

    def talk() -> None:
        while not ended.is_set():
            turn = Turn(question=str(len(said)), answer_id="c" * 20)
            kept.add(begun, turn)
            said.append(turn)
            assert kept.find(begun.id, KEY).turns[-1] == turn
            time.sleep(0.05)

    talking = threading.Thread(target=talk, daemon=True)
    talking.start()
    time.sleep(0.5)
    killed = cluster.nodes[1]
    cluster.kill(killed)
    try:
        cluster.wait(nodes=2, seconds=HALF_A_MINUTE)
        before, latest = len(said), time.monotonic() + HALF_A_MINUTE
        while len(said) == before and talking.is_alive() and time.monotonic() < latest:
            time.sleep(0.1)  # a turn on its way to the node that was killed is sent to another one
        assert talking.is_alive()
        assert len(said) > before
    finally:
        ended.set()
        cluster.start(killed)
    talking.join(HALF_A_MINUTE)
    jotter.close()
    cluster.wait("green", nodes=3)

    assert kept.find(begun.id, KEY).turns == tuple(said[-200:])


@pytest.mark.opensearch
def test_a_node_that_hangs_is_left_for_another(cluster: Cluster, engine: Engine) -> None:
    engine.put("keys", "one", {"id": "one"})
    shards = cluster.ask("GET", f"/_cat/shards/{engine.index('keys')}?format=json")
    idle = next(node for node in cluster.nodes if node.name not in {shard["node"] for shard in shards})
    assert idle.process is not None
    os.kill(idle.process.pid, signal.SIGSTOP)
    try:
        for _ in range(2 * len(cluster.nodes)):
            assert engine.get("keys", "one")["_source"] == {"id": "one"}
    finally:
        os.kill(idle.process.pid, signal.SIGCONT)
    cluster.wait("green", nodes=3)


@pytest.mark.opensearch
def test_an_overload_passes_or_is_told(cluster: Cluster, engine: Engine, hasty: Engine) -> None:
    engine.put("keys", "one", {"id": "one"})
    block(cluster, engine, True)
    with pytest.raises(StoreError, match="429"):
        hasty.put("keys", "two", {"id": "two"})
    with pytest.raises(StoreError, match="1 not written"):
        hasty.bulk("keys", [("index", "two", {"id": "two"})])

    over = threading.Timer(1, block, [cluster, engine, False])
    over.start()
    engine.bulk("keys", [("index", "two", {"id": "two"}), ("index", "three", {"id": "three"})])
    over.join()
    engine.put("keys", "four", {"id": "four"})
    assert {one["_id"] for one in engine.many("keys", ["one", "two", "three", "four", "five"])} == {
        "one", "two", "three", "four",
    }  # fmt: skip


@pytest.mark.opensearch
def test_what_a_missing_shard_holds_is_not_taken_for_nothing(
    cluster: Cluster, engine: Engine, hasty: Engine
) -> None:
    engine.put("keys", "one", {"id": "one"})
    name = hasty.index("keys")
    one_copy = {"index.auto_expand_replicas": False, "index.number_of_replicas": 0}
    cluster.ask("PUT", f"/{name}/_settings", one_copy)
    shards = []
    while len(shards) != 1:  # the other copy goes in its time
        shards = cluster.ask("GET", f"/_cat/shards/{name}?format=json")
    holder = next(node for node in cluster.nodes if node.name == shards[0]["node"])
    cluster.kill(holder)
    try:
        cluster.wait("red", nodes=2, seconds=HALF_A_MINUTE)
        _nothing_is_answered(hasty)
    finally:
        cluster.start(holder)
    cluster.wait("green", nodes=3)
    assert engine.get("keys", "one")["_source"] == {"id": "one"}


def _nothing_is_answered(engine: Engine) -> None:
    for request in (
        lambda: engine.get("keys", "one"),
        lambda: engine.many("keys", ["one"]),
        lambda: engine.search("keys", {"query": {"match_all": {}}}),
        lambda: list(engine.every("keys", {"match_all": {}}, ["id"])),
        lambda: engine.put("keys", "two", {"id": "two"}),
        lambda: engine.bulk("keys", [("index", "two", {"id": "two"})]),
    ):
        with pytest.raises(StoreError, match="OpenSearch at"):
            request()


@pytest.mark.opensearch
def test_what_cannot_be_written_of_many_is_named(engine: Engine) -> None:
    with pytest.raises(RefusedError, match="'two'"):
        engine.bulk("keys", [("index", "one", {"created": 1}), ("index", "two", {"created": "yesterday"})])


@pytest.mark.opensearch
def test_every_document_is_read_page_by_page(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa_service.store.opensearch.engine.PAGE", 7)
    engine.bulk("keys", [("create", f"n{number}", {"created": number}) for number in range(30)])
    engine.bulk("keys", [("create", "n0", {"created": 99}), ("delete", "n1", None), ("delete", "n1", None)])

    found = [one["_source"]["created"] for one in engine.every("keys", {"match_all": {}}, ["created"])]
    assert found == [0, *range(2, 30)]


@pytest.mark.opensearch
def test_an_index_that_was_taken_away_is_told(cluster: Cluster, engine: Engine) -> None:
    engine.put("keys", "one", {"id": "one"})
    cluster.ask("DELETE", f"/{engine.index('keys')}")

    with pytest.raises(StoreError, match="index_not_found"):
        engine.get("keys", "one")


def test_nobody_there_is_told_with_the_setting() -> None:
    engine = Engine(Address.of(f"opensearch://{HOST}:{free_ports(1)[0]}/qa"), patience=0.5)
    with pytest.raises(StoreError, match=r"cannot be reached.*QA_STORE"):
        engine.get("keys", "one")
    engine.close()


@contextmanager
def answering(status: int, body: bytes = b"", after: float = 0.0) -> Iterator[str]:
    """A server that gives every request this, what is posted after so many seconds; its host and port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(after)
            self.do_HEAD()
            self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer((HOST, 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials_are_told_without_them(status: int) -> None:
    with answering(status) as host:
        engine = Engine(Address.of(f"opensearch://reader:hunter2@{host}/qa"), patience=0.5)
        with pytest.raises(StoreError, match="QA_STORE") as told:
            engine.get("keys", "one")
        engine.close()
    assert "hunter2" not in str(told.value) + repr(engine.address)


@contextmanager
def mute() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes connections and says nothing: its host and port, and those who came."""
    came: list[socket.socket] = []
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def take() -> None:
            while not over.is_set():
                with suppress(TimeoutError):
                    came.append(server.accept()[0])

        taking = threading.Thread(target=take)
        taking.start()
        try:
            yield f"{HOST}:{server.getsockname()[1]}", came
        finally:
            over.set()
            taking.join()
            for one in came:
                one.close()


def test_who_has_waited_in_vain_is_told_and_the_next_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa_service.store.opensearch.engine.ANSWER_SECONDS", 0.9)
    monkeypatch.setattr("qa_service.store.opensearch.engine.ANSWER_TRY_SECONDS", 0.4)
    monkeypatch.setattr("qa_service.store.opensearch.connection.REST_SECONDS", 60.0)
    with (
        mute() as (host, came),
        closing(Engine(Address.of(f"opensearch://{host}/qa"), patience=0.5)) as engine,
    ):
        engine.hasten()
        with pytest.raises(StoreError, match="cannot be reached"):
            engine.get("keys", "one")
        time.sleep(0.3)
        tries = len(came)
        assert tries > 0
        for _ in range(20):
            with pytest.raises(StoreError, match="could not answer a moment ago"):
                engine.get("keys", "one")
        assert len(came) == tries
        with pytest.raises(StoreError, match="cannot be reached"):  # who works goes on trying
            engine.put("keys", "one", {}, patience=0.5)
        time.sleep(0.3)
        assert len(came) > tries


def test_who_gives_up_soon_and_need_not_wait_stops_nobody() -> None:
    with mute() as (host, came), closing(Engine(Address.of(f"opensearch://{host}/qa"))) as engine:
        engine.hasten()
        with pytest.raises(StoreError, match="cannot be reached"):
            engine.put("keys", "one", {}, patience=0.2)
        tries = len(came)
        with pytest.raises(StoreError, match="cannot be reached"):
            engine.get("keys", "one")
        assert len(came) > tries


def test_after_a_rest_one_tries_and_when_it_is_answered_all_may() -> None:
    silence = Silence()
    assert silence.may_try(9.0)
    assert silence.may_try(9.0)
    silence.began(time.monotonic())
    assert not silence.may_try(9.0)
    time.sleep(REST_SECONDS + 0.1)
    assert [silence.may_try(9.0) for _ in range(3)] == [True, False, False]
    silence.ended()
    assert silence.may_try(9.0)
    silence.began(time.monotonic() - 3.0)  # since when another was answered
    assert silence.may_try(9.0)


@pytest.mark.parametrize("awaited", [False, True])
def test_what_may_be_long_is_waited_for(awaited: bool) -> None:
    answer = b'{"deleted": 5, "_shards": {"failed": 0}}'
    with (
        answering(200, answer, after=0.9) as host,
        closing(Engine(Address.of(f"opensearch://{host}/qa"), 0.6)) as engine,
    ):
        if awaited:
            engine.hasten()
        assert engine.remove("keys", {"match_all": {}}) == 5
