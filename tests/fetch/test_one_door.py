"""There is one way out to an address that somebody names, and it is not open to the web."""

import ast
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "qa_service"
# What can open a connection, and which parts may have it: to whom they connect stands in a setting.
CONNECTS = {
    "socket": {"fetch/connection.py", "channels/cli/serve.py"},  # the latter looks whether an address is free
    "ssl": {"fetch/connection.py", "fetch/fetcher.py"},
    "http.client": {"fetch/connection.py", "fetch/fetcher.py"},
    "opensearchpy": {"store/opensearch/connection.py"},  # QA_STORE
    "slack_sdk": {"channels/slack/"},  # Slack's own address, or QA_SLACK_API
    "slack_bolt": {"channels/slack/"},
    "asyncio": {"channels/mcp/"},  # an event loop of its own, that connects to nobody
    "mcp": {"channels/mcp/"},
}
NEVER = (
    "requests httpx httpcore urllib3 urllib.request aiohttp websockets websocket pycurl feedparser ftplib "
    "xmlrpc smtplib poplib imaplib telnetlib trafilatura.downloads"
)
CALLS = "create_connection open_connection fetch_url fetch_response urlopen urlretrieve getaddrinfo"
FETCH = "qa_service.fetch"


@cache
def imports() -> frozenset[tuple[str, str]]:
    """(file, module) of every import of the service, wherever in a file it stands."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(name, one.name) for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {(name, node.module), *((name, f"{node.module}.{one.name}") for one in node.names)}
    return frozenset(found)


def importers(module: str) -> set[str]:
    return {file for file, one in imports() if one == module or one.startswith(f"{module}.")}


def test_who_can_connect_is_named() -> None:
    for module, allowed in CONNECTS.items():
        there = importers(module)
        assert there, module
        assert {one for one in there if not one.startswith(tuple(allowed))} == set(), module


def test_no_other_client_is_used() -> None:
    for module in NEVER.split():
        assert importers(module) == set(), module


def test_no_library_is_asked_to_fetch() -> None:
    texts = {file: file.read_text("utf-8") for file in PACKAGE.rglob("*.py")}
    for call in CALLS.split():
        callers = {file.name for file, text in texts.items() if re.search(rf"\b{call}\(", text)}
        assert callers <= ({"connection.py"} if call == "getaddrinfo" else set()), call


def test_only_the_command_line_fetches() -> None:
    outside = {one for one in importers(FETCH) if not one.startswith("fetch/")}
    assert outside == {"visiting.py", "wiring.py"}
    assert importers("qa_service.visiting") == {"wiring.py"}
    callers = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if re.search(r"\.(?:visiting|fetcher)\b[(.]", file.read_text("utf-8"))
    }
    assert callers == {"channels/cli/ingest.py", "wiring.py"}
