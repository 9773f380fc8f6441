"""Socket Mode: the same app where Slack cannot reach the service, over a connection that goes out."""

from slack_bolt.adapter.socket_mode import SocketModeHandler

from qa_service.channels.slack.bot import bot
from qa_service.domain.errors import SettingsError
from qa_service.wiring import Service


def serve(service: Service) -> None:
    """Answer until interrupted. Raises SettingsError when a token is missing."""
    token = service.settings.slack_app_token
    if token is None:
        raise SettingsError("SLACK_APP_TOKEN is missing: the app-level token (xapp-…) opens the connection.")
    SocketModeHandler(bot(service), token.get_secret_value()).start()  # type: ignore[no-untyped-call]
