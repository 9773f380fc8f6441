"""The protocol's server on standard input and output, until the client closes its end."""

import asyncio

from mcp.server.stdio import stdio_server

from qa_service.channels.mcp.protocol import server_of
from qa_service.channels.mcp.tools import Tools
from qa_service.wiring import Service


def serve(service: Service, base: str) -> None:
    """Serve one client; ``base`` is where links lead. Nothing else may write to stdout meanwhile."""
    asyncio.run(_serve(Tools(service, base)))


async def _serve(tools: Tools) -> None:
    server = server_of(tools)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
