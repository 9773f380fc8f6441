"""Installation in several workspaces: Slack's OAuth flow, with tokens and states in a SQLite file."""

import os
import time
from contextlib import closing
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from slack_bolt import BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore

from qa_service.channels.slack.manifest import INSTALL, REDIRECT, SCOPES
from qa_service.compose.phrases import Phrases
from qa_service.settings import Settings

STATE_SECONDS = 600  # that somebody may take to agree
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


class States(SQLite3OAuthStateStore):
    """Slack's, which keeps the states of installations that nobody ended: here they go when one begins."""

    def issue(self, *args: object, **kwargs: object) -> str:
        """A new state."""
        with closing(self.connect()) as connection, connection:
            connection.execute("DELETE FROM oauth_states WHERE expire_at <= ?", [time.time()])
        return super().issue(*args, **kwargs)


def oauth_flow(settings: Settings, client: WebClient, phrases: Phrases) -> OAuthFlow:
    """The flow of `/slack/install`; its tables are there before any worker needs them."""
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        raise ValueError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are needed")
    database = _private(settings.slack_path)
    installations = SQLite3InstallationStore(database=database, client_id=settings.slack_client_id)
    states = States(database=database, expiration_seconds=STATE_SECONDS)
    installations.init()  # type: ignore[no-untyped-call]
    states.init()  # type: ignore[no-untyped-call]
    public = settings.public_url
    made = OAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        scopes=SCOPES,
        user_scopes=(),
        redirect_uri=public.rstrip("/") + REDIRECT if public else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        install_page_rendering_enabled=False,
        authorization_url=urljoin(settings.slack_api, "../oauth/v2/authorize"),
        installation_store=installations,
        state_store=states,
        state_expiration_seconds=STATE_SECONDS,
        callback_options=_pages(phrases),
    )
    return OAuthFlow(client=client, settings=made)


def _private(path: Path) -> str:
    """A file that only its owner can read: there are tokens in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return str(path)


def _pages(phrases: Phrases) -> CallbackOptions:
    def done(args: SuccessArgs) -> BoltResponse:
        team = args.installation.team_name or args.installation.team_id or ""
        return _page(200, phrases.installed_title, phrases.installed.format(team=team))

    def failed(args: FailureArgs) -> BoltResponse:
        status = max(args.suggested_status_code, 400)
        reason = args.reason if args.reason.replace("_", "").isalnum() else "error"
        return _page(status, phrases.not_installed_title, phrases.install_failed.format(reason=reason))

    return CallbackOptions(success=done, failure=failed)


def _page(status: int, title: str, text: str) -> BoltResponse:
    return BoltResponse(
        status=status,
        headers={"Content-Type": "text/html; charset=utf-8"},
        body=PAGE.format(title=escape(title), text=escape(text)),
    )
