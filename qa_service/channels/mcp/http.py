"""One HTTP request to the protocol's server, in an event loop of its own: a WSGI thread in, a response out.

The server keeps no session and answers with one JSON object, so a request shares nothing with another: no
loop has to outlive the fork of a worker, and no request waits for the tool of another.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from flask import Request, Response
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from qa_service.channels.hosts import base
from qa_service.channels.mcp.protocol import server_of
from qa_service.channels.mcp.tools import Tools
from qa_service.settings import Settings
from qa_service.wiring import Service

LOCAL = ("localhost", "127.0.0.1", "[::1]")
ANY = "*"

Message = MutableMapping[str, Any]


def respond(request: Request, service: Service) -> Response:
    """The response to one POST of a client."""
    tools = Tools(service, base(service.settings))
    security = _security(service.settings, request.headers.get("Origin", ""))
    return asyncio.run(_responded(_scope(request), request.get_data(), tools, security))


def _security(settings: Settings, origin: str) -> TransportSecuritySettings:
    """By which names this service may be called, and from pages of which origins: against DNS rebinding."""
    named = settings.mcp_hosts.split()
    public = [urlsplit(settings.public_url).netloc] if settings.public_url else []
    hosts = [spelled for one in (*LOCAL, *public, *named) for spelled in (one, f"{one}:*")]
    own = [f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")]
    foreign = [origin] if ANY in settings.origins else settings.origins
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=ANY not in named,
        allowed_hosts=hosts,
        allowed_origins=[*own, *foreign],
    )


async def _responded(
    scope: Message, body: bytes, tools: Tools, security: TransportSecuritySettings
) -> Response:
    sent: list[Message] = []
    received: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    gone = asyncio.Event()

    async def receive() -> Message:
        if not received:
            await gone.wait()  # the client stays until it has its answer
        return received.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(
        server_of(tools), json_response=True, stateless=True, security_settings=security
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    return _response(sent)


def _scope(request: Request) -> Message:
    """The request as ASGI tells it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": request.query_string,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers],
        "client": (request.remote_addr or "", 0),
        "server": (request.host, None),
    }


def _response(sent: list[Message]) -> Response:
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    response = Response(body, start["status"])
    response.headers.clear()
    for name, value in start["headers"]:
        response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
    return response
