"""The Store in OpenSearch: what is its own beside the contract of all stores."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from nodes import HOST
from samples import one

from qa_service.domain.address import Address
from qa_service.domain.errors import MovedError, StoreError
from qa_service.store.opensearch import state
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.store import OpenSearchStore

ROWS = ("documents", "originals", "passages", "counts")


@pytest.fixture
def engine(address: Address) -> Iterator[Engine]:
    with closing(Engine(address)) as engine:
        yield engine


def rows(engine: Engine) -> dict[str, int]:
    """How many rows there are, of whatever version."""
    for name in ROWS:
        engine.refresh(name)
    return {name: engine.count(name, {"match_all": {}}) for name in ROWS}


@pytest.mark.opensearch
def test_versions_that_nobody_reads_any_more_are_deleted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = OpenSearchStore(engine, "rules")
    store.publish([one("a", "Old words are here."), one("b")])
    before = store.snapshot()
    store.publish([one("a", "New ones stand there.")])
    kept = rows(engine)
    assert before.text("a") == one("a", "Old words are here.").document.text

    monkeypatch.setattr(state, "KEPT_SECONDS", 0.0)
    store.publish([one("c")])
    left = rows(engine)
    assert left["documents"] == left["originals"] == 3
    assert left["passages"] == kept["passages"]  # one came, one went
    assert store.snapshot().holding("old").passages == 0
    store.moment()
    with pytest.raises(MovedError):
        before.text("b")
    assert sorted(store.snapshot().ids()) == ["a", "b", "c"]


@pytest.mark.opensearch
def test_what_changed_since_a_moment_is_told(engine: Engine) -> None:
    store = OpenSearchStore(engine, "rules")
    store.publish([one("a"), one("b"), one("c")])
    moment = store.moment()
    assert store.changed_since(moment) == ()
    store.publish([one("d"), one("b", "Another text.")], removed=["c"])
    assert store.changed_since(moment) == ("b", "c", "d")
    assert store.changed_since(type(moment)("v", 77, "never")) is None


@pytest.mark.opensearch
def test_words_and_texts_of_any_length_are_taken(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa_service.store.opensearch.bulk.BYTES", 10_000)  # that are sent at once
    word = "x" * 40_000  # longer than any term of Lucene
    store = OpenSearchStore(engine, "rules")
    many = [one(f"long-{number}", "the dam holds the water " * 1000) for number in range(3)]
    store.publish([one("a", f"The dam is called {word} here."), *many])
    snapshot = store.snapshot()
    assert snapshot.holding(word).passages == 1
    assert snapshot.text("long-1") == many[1].document.text


@pytest.mark.opensearch
def test_a_store_of_another_schema_is_refused(engine: Engine) -> None:
    store = OpenSearchStore(engine, "rules")
    store.publish([one()])
    found = engine.get("state", "current")
    engine.put("state", "current", {**found["_source"], "schema": 99})
    for read in (store.version, store.snapshot, lambda: store.publish([one("b")])):
        with pytest.raises(StoreError, match=r"schema 99.*QA_STORE"):
            read()


@contextmanager
def untrusted(folder: Path) -> Iterator[tuple[str, Path]]:
    """An HTTPS server with a certificate that nobody knows: its host and port, and the certificate."""
    made = folder / "both.pem"
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(["openssl", "req", *kind, *files, *subject], check=True, capture_output=True)
    made.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    with HTTPServer((HOST, 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"{HOST}:{server.server_port}", folder / "certificate.pem"
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_a_certificate_is_trusted_when_the_setting_names_who_vouches_for_it(tmp_path: Path) -> None:
    with untrusted(tmp_path) as (host, certificate):
        store = f"opensearch+https://reader:hunter2@{host}/qa"
        with closing(Engine(Address.of(store))) as engine, pytest.raises(StoreError, match="QA_STORE_CA"):
            engine.get("keys", "one")
        trusting = Engine(Address.of(store, certificate), patience=0.5)
        with closing(trusting), pytest.raises(StoreError, match="does not let us in"):
            trusting.get("keys", "one")
