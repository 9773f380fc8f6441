"""Socket Mode: the same app where Slack cannot reach the service, over a connection that goes out."""

import signal
import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler

from qa_service import logs
from qa_service.channels.slack.bot import bot
from qa_service.domain.errors import SettingsError
from qa_service.wiring import Service


def serve(service: Service) -> None:
    """Answer until a signal ends it; what is being answered is answered first.

    Raises SettingsError when a token is missing.
    """
    token = service.settings.slack_app_token
    if token is None:
        raise SettingsError("SLACK_APP_TOKEN is missing: the app-level token (xapp-…) opens the connection.")
    logs.start(service.settings.log_level)
    app = bot(service)
    handler = SocketModeHandler(app, token.get_secret_value())
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    handler.connect()  # type: ignore[no-untyped-call]
    ended.wait()
    handler.close()  # type: ignore[no-untyped-call]
    app.listener_runner.listener_executor.shutdown()
