"""The official client of the protocol, for tests that are not asynchronous."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import CallToolResult

from channels.running import COMMAND, Server, environment

T = TypeVar("T")
Target = str | StdioServerParameters


def over_http(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}/mcp"


def over_stdio(**values: str) -> StdioServerParameters:
    return StdioServerParameters(command=str(COMMAND), args=["mcp"], env=environment(values))


def connected(target: Target, work: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    """What the work returns that is done with a client of this target."""

    async def run() -> T:
        async with Client(target, mode=mode, read_timeout_seconds=20) as client:
            return await work(client)

    # In a thread of its own: a test of a browser may have left a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result()


def call(target: Target, tool: str, mode: str = "auto", **arguments: Any) -> CallToolResult:
    """The result of one call of a tool."""
    return connected(target, lambda client: client.call_tool(tool, arguments), mode)


def structured(target: Target, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured result of a call that does not fail."""
    result = call(target, tool, **arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def text(result: CallToolResult) -> str:
    """The one text of a result."""
    (content,) = result.content
    return str(content.text)  # type: ignore[union-attr]
