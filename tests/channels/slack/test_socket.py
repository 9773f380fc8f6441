"""Socket Mode: the command opens a connection that goes out to Slack, and answers what comes over it."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from channels.running import COMMAND, WITHIN, environment, run
from channels.slack.calling import callback, command, mention
from channels.slack.fake import BOT, Slack
from channels.slack.seeing import POST, shown
from qa_service.settings import Settings
from qa_service.wiring import Service


class Line:
    """Slack's end of one connection: what was acknowledged, and a way to deliver."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, float] = {}
        self.open = threading.Event()
        self._connection: ServerConnection | None = None

    def __call__(self, connection: ServerConnection) -> None:
        self._connection = connection
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self.open.set()
        for message in connection:
            self.acknowledged[json.loads(message)["envelope_id"]] = time.monotonic()

    def wait(self, envelopes: set[str]) -> float:
        """When the last of these was acknowledged."""
        deadline = time.monotonic() + WITHIN
        while not self.acknowledged.keys() >= envelopes and time.monotonic() < deadline:
            time.sleep(0.01)
        return max(self.acknowledged[one] for one in envelopes)

    def deliver(self, kind: str, envelope: str, payload: dict[str, Any]) -> None:
        assert self._connection is not None
        said = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        self._connection.send(json.dumps(said))


@contextmanager
def listening(line: Line) -> Iterator[Server]:
    with serve(line, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_what_comes_over_the_connection_is_acknowledged_and_answered(
    slack: Slack, service: Service, settings: Settings
) -> None:
    line = Line()
    with listening(line) as server:
        slack.socket = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link"
        values = {"QA_STORE": settings.store, "QA_RECORD_ANSWERS": "false", "QA_SLACK_API": slack.url}
        secrets = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": "xapp-1"}
        process = subprocess.Popen(
            [COMMAND, "slack", "socket"], env=environment(values | secrets), stderr=subprocess.PIPE, text=True
        )
        try:
            assert line.open.wait(WITHIN)
            assert slack.to("/api/apps.connections.open")[0].token == "xapp-1"  # noqa: S105 - of a fake
            line.deliver("events_api", "e1", callback(mention("Who mediated?")))
            [call] = slack.wait(POST)
            assert "mediat" in shown([call])
            line.deliver("slash_commands", "e2", command("What is the SFA?", slack.response_url("socket")))
            [private] = slack.wait("/respond/socket")
            assert private.body["response_type"] == "ephemeral"
            assert line.wait({"e1", "e2"}) < private.at + 1
        finally:
            process.send_signal(signal.SIGTERM)
            _, complaints = process.communicate(timeout=WITHIN)
    assert process.returncode == 0
    lines = [json.loads(line) for line in complaints.splitlines()]
    assert [one["channel"] for one in lines if one["event"] == "answer"] == ["slack"] * 2
    assert {one["level"] for one in lines} == {"info"}


@pytest.mark.parametrize(
    ("values", "missing"),
    [({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"), ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN")],
)
def test_a_token_that_is_missing_is_named(settings: Settings, values: dict[str, str], missing: str) -> None:
    done = run("slack", "socket", QA_STORE=settings.store, **values)
    assert done.returncode == 1
    assert missing in done.stderr
    assert "Traceback" not in done.stderr
