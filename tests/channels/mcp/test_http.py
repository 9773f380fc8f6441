"""The official client over HTTP, with two workers of real gunicorn."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from mcp import Client
from mcp.shared.exceptions import MCPError

from channels.conftest import QUESTIONS
from channels.mcp.calling import call, connected, over_http, structured, text
from channels.running import WITHIN, Server
from qa_service.app import create_app
from qa_service.domain.principal import Scope
from qa_service.settings import Settings
from qa_service.wiring import Service

LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
    "Host": "localhost",
}


@pytest.fixture(scope="module")
def url(server: Server) -> str:
    return over_http(server)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_offered(url: str, mode: str) -> None:
    async def work(client: Client) -> dict[str, object]:
        listed = await client.list_tools()
        return {tool.name: tool for tool in listed.tools}

    tools = connected(url, work, mode)

    assert list(tools) == ["search", "fetch", "ask"]
    for tool in tools.values():
        assert tool.annotations.read_only_hint is True
        assert tool.output_schema["type"] == "object"
        assert tool.title and tool.description
    assert tools["search"].input_schema["required"] == ["query"]
    assert tools["fetch"].input_schema["required"] == ["id"]
    assert tools["ask"].input_schema["required"] == ["question"]
    assert {"answered", "statements", "citations", "refusal"} <= set(tools["ask"].output_schema["properties"])


def test_an_answer_is_that_of_the_api(url: str, server: Server, question_of_kind: tuple[str, str]) -> None:
    question = question_of_kind[1]
    over_api = server.post("/api/v1/ask", json.dumps({"question": question}).encode())

    result = call(url, "ask", question=question)

    assert result.structured_content == json.loads(over_api.body)
    assert text(result).startswith(result.structured_content["text"])
    assert ("**Sources**" in text(result)) is bool(result.structured_content["citations"])


def test_a_follow_up_has_its_history(url: str) -> None:
    asked = {"question": "And when?", "history": ["Where did the talks open?"]}

    assert "3 May 2017" in structured(url, "ask", **asked)["text"]
    assert "3 May 2017" not in structured(url, "ask", question="And when?")["text"]


def test_what_is_found_can_be_fetched(url: str, server: Server) -> None:
    found = structured(url, "search", query="dam floods", limit=2)["results"]
    assert len(found) == 2
    assert set(found[0]) >= {"id", "title", "url"}

    passage = structured(url, "fetch", id=found[0]["id"])
    assert (passage["title"], passage["url"]) == (found[0]["title"], found[0]["url"])
    known = passage["metadata"]
    whole = structured(url, "fetch", id=known["document_id"])
    assert whole["text"][int(known["start"]) : int(known["end"])] == passage["text"] == found[0]["text"]
    canonical = server.request("GET", f"/api/v1/documents/{known['document_id']}/text").body.decode()
    assert whole["text"] == canonical
    assert whole["metadata"]["sha256"] == known["sha256"]


def test_an_answer_rests_on_the_documents_that_are_named(url: str) -> None:
    (first, *_) = structured(url, "search", query="dam")["results"]
    assert structured(url, "ask", question="Who mediated?", documents=[first["document_id"]])["answered"]

    assert call(url, "ask", question="Who mediated?", documents=["nope"]).is_error


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("fetch", {"id": "nope"}, "no passage or document"),
        ("fetch", {"id": "nope:0"}, "no passage or document"),
        ("fetch", {"id": ":"}, "no passage or document"),
        ("search", {"query": "  "}, "query"),
        ("search", {"query": "dam", "limit": 0}, "limit"),
        ("search", {"q": "dam"}, "q: Extra inputs"),
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "x" * 2001}, "at most 2000 characters"),
        ("ask", {"question": "Who?", "history": ["x"] * 21}, "at most 20 questions"),
    ],
)
def test_a_call_that_cannot_be_done_is_told_to_the_model(
    url: str, tool: str, arguments: dict[str, object], told: str
) -> None:
    result = call(url, tool, **arguments)

    assert result.is_error
    assert told in text(result)


@pytest.mark.parametrize("ordinal", ["9" * 5_000, "99", "-1", "00", "٠", "0x0", ""])
def test_only_the_id_of_a_passage_is_one(url: str, ordinal: str) -> None:
    (found, *_) = structured(url, "search", query="dam")["results"]
    result = call(url, "fetch", id=f"{found['document_id']}:{ordinal}")

    assert result.is_error
    assert text(result) == "There is no passage or document of that id; search finds ids."


def test_an_unknown_tool_is_an_error_of_the_protocol(url: str) -> None:
    async def work(client: Client) -> str:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("delete", {})
        return str(caught.value)

    assert connected(url, work) == "The tools are search, fetch, ask."


@contextmanager
def stopped(worker: int) -> Iterator[None]:
    """Another worker has to answer while the block runs."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def pair(server: Server) -> list[int]:
    """The two workers, once both are there."""
    deadline = time.monotonic() + WITHIN
    while len(server.workers()) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    first, second = sorted(server.workers())
    return [first, second]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_every_worker_answers_by_itself(server: Server, mode: str) -> None:
    for worker in pair(server):
        with stopped(worker):
            result = call(over_http(server), "ask", mode, question=QUESTIONS["fact"])
        assert result.structured_content["answered"]


def test_what_one_worker_began_another_continues(server: Server) -> None:
    first, second = pair(server)
    greeting = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    initialize = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": greeting})
    for worker, body in ((first, initialize.encode()), (second, LIST)):
        with stopped(worker):
            response = server.request("POST", "/mcp", body, HEADERS)
        assert response.status == 200
        assert "Mcp-Session-Id" not in response.headers
        assert "result" in json.loads(response.body)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_nothing_to_stream_or_to_end(client: FlaskClient, method: str) -> None:
    response = client.open("/mcp", method=method)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "127.0.0.1:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Origin": "http://localhost:6274"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost.evil.example:80"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_this_machine_may_call(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/mcp", data=LIST, headers=HEADERS | headers).status_code == status


@pytest.mark.parametrize(
    ("hosts", "host", "status"),
    [
        ("qa.example.org other.example", "other.example:8443", 200),
        ("qa.example.org", "evil.example", 421),
        ("*", "anything.example", 200),
    ],
)
def test_other_names_are_a_setting(settings: Settings, hosts: str, host: str, status: int) -> None:
    client = create_app(settings.model_copy(update={"mcp_hosts": hosts})).test_client()

    assert client.post("/mcp", data=LIST, headers=HEADERS | {"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("origins", "status"), [("https://qa.example.org", 200), ("*", 200), ("https://other.example", 403)]
)
def test_pages_elsewhere_are_a_setting(settings: Settings, origins: str, status: int) -> None:
    client = create_app(settings.model_copy(update={"cors_origins": origins})).test_client()
    response = client.post("/mcp", data=LIST, headers=HEADERS | {"Origin": "https://qa.example.org"})

    assert response.status_code == status
    assert ("Access-Control-Allow-Origin" in response.headers) is (status == 200)


def test_the_public_name_is_known_and_links_lead_there(settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://qa.example.org"})
    client = create_app(public).test_client()
    asked = {"name": "fetch", "arguments": {"id": "nope"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}).encode()

    assert client.post("/mcp", data=body, headers=HEADERS | {"Host": "qa.example.org"}).status_code == 200


def test_a_key_is_asked_for_where_one_is_needed(own_service: Service) -> None:
    _, key = own_service.keys.create("assistant", frozenset({Scope.ASK}))
    client = create_app(own_service.settings.model_copy(update={"anonymous": False})).test_client()

    assert client.post("/mcp", data=LIST, headers=HEADERS).status_code == 401
    allowed = client.post("/mcp", data=LIST, headers=HEADERS | {"Authorization": f"Bearer {key}"})
    assert allowed.status_code == 200


def test_a_body_has_a_limit(client: FlaskClient) -> None:
    assert client.post("/mcp", data=b" " * 70_000 + LIST, headers=HEADERS).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"jsonrpc": "2.0"}'])
def test_a_body_that_is_no_message_is_a_bad_request(client: FlaskClient, body: bytes) -> None:
    assert client.post("/mcp", data=body, headers=HEADERS).status_code == 400
