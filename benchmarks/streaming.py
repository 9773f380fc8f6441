"""How soon a streamed answer begins under /v1, one client, every question computed.

`python benchmarks/streaming.py` prints a Markdown table: milliseconds from sending the request to the first
byte, to the first words of the answer and to the end of the stream. Loopback only; about half a minute.
"""

import http.client
import json
import shutil
import tempfile
import time
from pathlib import Path

from answering import corpus, milliseconds, ours, questions, service, started

ASKED = 300  # questions, each once a line
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
WORDS = (b'"delta":{"content"', b'"response.output_text.delta"')  # what the first words stand in
Moments = tuple[float, float, float]


def body(path: str, question: str, *, stream: bool) -> bytes:
    asked = {"messages": [{"role": "user", "content": question}]} if path == CHAT else {"input": question}
    return json.dumps(asked | {"stream": stream}).encode()


def moments(connection: http.client.HTTPConnection, path: str, sent: bytes) -> Moments:
    """Seconds to the first byte, the first words and the end."""
    begun = time.perf_counter()
    connection.request("POST", path, sent, {"Content-Type": "application/json"})
    response = connection.getresponse()
    first = time.perf_counter() - begun
    words, told = None, b""
    while part := response.read1():
        told += part
        if words is None and any(one in told for one in WORDS):
            words = time.perf_counter() - begun
    response.read()
    return first, words or time.perf_counter() - begun, time.perf_counter() - begun


def line(name: str, port: int, path: str, *, stream: bool) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        found = [moments(connection, path, body(path, one, stream=stream)) for one in questions()[:ASKED]]
    finally:
        connection.close()
    return f"| {name} | {' | '.join(milliseconds(column) for column in zip(*found, strict=True))} |"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="qa-bench-"))
    try:
        store = f"sqlite:///{folder / 'store.db'}"
        with service(store) as made:
            made.prepare()
            made.indexing.ingest(corpus())
        with started(ours(store, QA_REMEMBERED_ANSWERS="0")) as server:
            print("| p50 / p99 ms | first byte | first words | end |", "|---|---|---|---|", sep="\n")
            print(line("Chat completion, streamed", server.port, CHAT, stream=True))
            print(line("Response, streamed", server.port, RESPONSES, stream=True))
            print(line("Chat completion, whole", server.port, CHAT, stream=False))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
