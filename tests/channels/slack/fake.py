"""A Slack for tests: npm's `emulate` keeps messages, channels and tokens.

A small server before it adds what it lacks (response addresses, suggested prompts, forms, a second workspace,
rate limits, refusals) and writes down every call.
"""

import http.client
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from browsing import missing

from channels.running import WITHIN, free_port

EMULATE = Path(__file__).parents[2] / "node" / "node_modules" / "emulate" / "dist" / "index.js"
ABSENT = "npm's emulate is not installed: make test does so where there is npm"
TEAM, SECOND_TEAM = "T000000001", "T000000002"
CHANNEL = "C000000001"
READER = "test_token_admin"  # emulate's own: sees every channel
BOT, SECOND_BOT = "xoxb-test", "xoxb-second"
CLIENT_ID, CLIENT_SECRET = "1.2", "sesame"
ALONE = {
    "/api/assistant.threads.setSuggestedPrompts",
    "/api/views.open",
    "/api/apps.connections.open",
}


@dataclass(frozen=True)
class Call:
    """A request to Slack."""

    at: float
    path: str
    token: str
    body: dict[str, Any]
    status: int
    answer: bytes

    @property
    def ts(self) -> str:
        """The timestamp that the message was given."""
        return str(json.loads(self.answer)["ts"])


@dataclass
class Slack:
    """The address of the fake, and what it was called with."""

    port: int
    emulate: int
    socket: str = ""
    calls: list[Call] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)  # Retry-After, for the next messages
    refusals: list[str] = field(default_factory=list)  # errors for the next messages

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def response_url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/respond/{name}"

    def to(self, path: str) -> list[Call]:
        """The calls of a method or response address."""
        return [call for call in list(self.calls) if call.path == path]

    def posted(self) -> list[Call]:
        """The messages that were taken."""
        return [call for call in self.to("/api/chat.postMessage") if call.status == 200]

    def wait(self, path: str, count: int = 1) -> list[Call]:
        """The calls, once there are so many; a moment longer shows whether there are more."""
        deadline = time.monotonic() + WITHIN
        while len(self.to(path)) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.to(path)


def decoded(kind: str, data: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        found: dict[str, Any] = json.loads(data or b"{}")
    else:
        found = dict(parse_qsl(data.decode(), keep_blank_values=True))
    for name in ("blocks", "view", "prompts"):
        if isinstance(found.get(name), str):
            found[name] = json.loads(found[name])
    return found


class Server(ThreadingHTTPServer):
    """The server before emulate."""

    daemon_threads = True

    def __init__(self, slack: Slack) -> None:
        super().__init__(("127.0.0.1", slack.port), Handler)
        self.slack = slack


class Handler(BaseHTTPRequestHandler):
    """Answers itself what emulate lacks, and passes on the rest."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """The page where somebody agrees to an installation."""
        self._send(self._emulated(b""))

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = decoded(self.headers.get("Content-Type", ""), data)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or body.get("token", "")
        found = self._limited(body) or self._lacking(body, token) or self._emulated(data)
        self.server.slack.calls.append(
            Call(time.monotonic(), self.path, token, body, found.status, found.body)
        )
        self._send(found)

    def _send(self, found: "Found") -> None:
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)

    def _limited(self, body: dict[str, Any]) -> "Found | None":
        slack = self.server.slack
        if self.path != "/api/chat.postMessage" and not self.path.startswith("/respond/"):
            return None
        if slack.limits:
            return said(429, {"Retry-After": slack.limits.pop(0)}, ok=False, error="ratelimited")
        if slack.refusals and "blocks" in body and self.path.startswith("/api/"):
            return said(200, ok=False, error=slack.refusals.pop(0))
        return None

    def _lacking(self, body: dict[str, Any], token: str) -> "Found | None":
        if self.path.startswith("/respond/"):
            return Found(200, {"Content-Type": "text/plain"}, b"ok")
        if self.path in ALONE:
            return said(200, ok=True, url=self.server.slack.socket)
        if token == SECOND_BOT:
            return said(200, ok=True, **second(self.path))
        if self.path == "/api/oauth.v2.access" and body.get("code") == "second":
            return said(200, ok=True, **INSTALLED)
        return None

    def _emulated(self, data: bytes) -> "Found":
        connection = http.client.HTTPConnection("127.0.0.1", self.server.slack.emulate, timeout=10)
        kept = {n: v for n, v in self.headers.items() if n.lower() not in {"host", "connection"}}
        connection.request(self.command, self.path, data, kept)
        answer = connection.getresponse()
        headers = {n: answer.headers[n] for n in ("Content-Type", "Location") if n in answer.headers}
        found = Found(answer.status, headers, answer.read())
        connection.close()
        return found


@dataclass(frozen=True)
class Found:
    """A response."""

    status: int
    headers: dict[str, str]
    body: bytes


def said(status: int, headers: dict[str, str] | None = None, **values: Any) -> Found:
    return Found(status, {"Content-Type": "application/json"} | (headers or {}), json.dumps(values).encode())


INSTALLED = {
    "access_token": SECOND_BOT,
    "token_type": "bot",
    "scope": "chat:write",
    "bot_user_id": "U2BOT",
    "app_id": "A000000009",
    "team": {"id": SECOND_TEAM, "name": "Hills"},
    "authed_user": {"id": "U2"},
}


def second(path: str) -> dict[str, Any]:
    """What the second workspace answers."""
    if path == "/api/auth.test":
        return {"team_id": SECOND_TEAM, "user_id": "U2BOT", "bot_id": "B2", "url": "https://hills.slack.com/"}
    return {"ts": "1700000000.000100", "channel": "C2"}


def seed(folder: Path, redirect: str) -> Path:
    """What emulate starts with."""
    scopes = ["chat:write", "channels:history", "channels:read", "im:write", "im:history", "im:read"]
    app = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "app_id": "A000000009",
        "name": "Answers",
        "redirect_uris": [redirect],
        "scopes": scopes,
        "bot_name": "answers",
    }
    file = folder / "seed.json"
    slack = {
        "team": {"name": "Valley", "domain": "valley"},
        "users": [{"name": "ana", "real_name": "Ana", "email": "ana@example.com"}],
        "bots": [{"name": "answers"}],
        "oauth_apps": [app],
        "tokens": [{"token": BOT, "user": "answers", "scopes": scopes}],
    }
    file.write_text(json.dumps({"slack": slack}), encoding="utf-8")
    return file


@contextmanager
def faking(folder: Path, redirect: str = "http://127.0.0.1:1/slack/oauth_redirect") -> Iterator[Slack]:
    """The fake, running. Skips where npm has not installed it, but never in CI."""
    if not EMULATE.exists():
        missing(ABSENT)
    slack = Slack(port=free_port(), emulate=free_port())
    process = subprocess.Popen(
        [
            "node",
            EMULATE,
            "start",
            "--service",
            "slack",
            "--port",
            str(slack.emulate),
            "--seed",
            seed(folder, redirect),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    server = Server(slack)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        await_emulate(process, slack)
        yield slack
    finally:
        server.shutdown()
        server.server_close()
        process.terminate()
        process.communicate(timeout=WITHIN)


def await_emulate(process: "subprocess.Popen[bytes]", slack: Slack) -> None:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        try:
            connection = http.client.HTTPConnection("127.0.0.1", slack.emulate, timeout=5)
            connection.request("POST", "/api/auth.test", headers={"Authorization": f"Bearer {BOT}"})
            if json.loads(connection.getresponse().read())["ok"]:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("emulate did not answer in time")
