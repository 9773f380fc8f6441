"""The official client over `qa-service mcp`."""

import json
import re
from pathlib import Path

from mcp import Client

from channels.conftest import QUESTIONS
from channels.mcp.calling import connected, over_http, over_stdio, structured
from channels.running import COMMAND, Server
from qa_service.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "channels" / "mcp.md"


def test_the_answers_are_those_over_http(settings: Settings, server: Server) -> None:
    async def work(client: Client) -> list[object]:
        return [
            (await client.call_tool("ask", {"question": question})).structured_content
            for question in QUESTIONS.values()
        ]

    stdio = over_stdio(QA_STORE=settings.store, QA_RECORD_ANSWERS="false")

    assert connected(stdio, work) == connected(over_http(server), work)


def test_an_older_client_is_served(settings: Settings) -> None:
    async def work(client: Client) -> list[str]:
        return [tool.name for tool in (await client.list_tools()).tools]

    stdio = over_stdio(QA_STORE=settings.store, QA_RECORD_ANSWERS="false")

    assert connected(stdio, work, "legacy") == ["search", "fetch", "ask"]


def test_links_lead_to_the_public_address(settings: Settings) -> None:
    for public, start in ((None, "qa-service:"), ("https://qa.example.org/", "https://qa.example.org/")):
        values = {"QA_PUBLIC_URL": public} if public else {}
        stdio = over_stdio(QA_STORE=settings.store, QA_RECORD_ANSWERS="false", **values)
        (first, *_) = structured(stdio, "search", query="dam")["results"]
        assert first["url"].startswith((start, "https://example.org/"))


def test_the_configuration_of_the_page_is_what_starts_it() -> None:
    set_up = PAGE.read_text("utf-8").partition("## Over HTTP")[0]
    blocks = re.findall(r"```(?:sh|json)\n(.*?)```", set_up, re.DOTALL)
    configured = json.loads(blocks[-1])["mcpServers"]["qa-service"]

    started = over_stdio()
    assert configured == {"command": COMMAND.name, "args": started.args}
    assert sum(len(block.splitlines()) for block in blocks) <= 5
