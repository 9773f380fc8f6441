"""The Bolt app over one service: settings in, an app that listens out."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from slack_bolt import App
from slack_bolt.authorization.authorize import Authorize
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.oauth import OAuthFlow
from slack_sdk import WebClient

from qa_service.channels.slack.asking import Asking
from qa_service.channels.slack.installing import oauth_flow
from qa_service.channels.slack.listeners import Listeners
from qa_service.channels.slack.posting import retries
from qa_service.channels.slack.presenting import Presenting
from qa_service.channels.slack.workspaces import ManyWorkspaces, OneWorkspace
from qa_service.compose.phrases import load_phrases
from qa_service.domain.errors import SettingsError
from qa_service.settings import Settings
from qa_service.wiring import Service

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 8  # deliveries that one worker answers at a time


def bot(service: Service) -> App:
    """The app. Talks to nobody until something is delivered; threads start then, so it may be forked.

    Raises SettingsError when it could answer nobody.
    """
    settings = service.settings
    phrases = load_phrases(settings.prompts)
    client = WebClient(base_url=settings.slack_api, retry_handlers=retries())
    flow = oauth_flow(settings, client, phrases) if settings.slack_client_id else None
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    app = App(
        name="slack",  # Bolt resets the level of the logger of this name: not ours
        client=client,
        signing_secret="",
        request_verification_enabled=False,  # see receiving.py, which verifies before Bolt reads anything
        oauth_flow=flow,
        authorize=_authorize(settings, flow),  # type: ignore[arg-type] # an Authorize, as Bolt allows
        user_facing_authorize_error_message=phrases.not_installed,
        listener_executor=Carrying(THREADS, thread_name_prefix="slack"),
    )
    asking = Asking(service, Presenting(phrases, settings.public_url))
    Listeners(asking, service.deliveries).register(app)
    return app


class Carrying(ThreadPoolExecutor):
    """Threads that know which request they work on, as the log tells it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See Executor."""
        return super().submit(partial(copy_context().run, fn, *args, **kwargs))


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log line tells an operator anything: that the token comes from `_authorize` is meant so."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


def _authorize(settings: Settings, flow: OAuthFlow | None) -> Authorize:
    """Where tokens come from: installations, or the settings."""
    if flow is not None:
        return ManyWorkspaces(flow.settings.installation_store)
    if settings.slack_bot_token is None:
        raise SettingsError(
            "SLACK_BOT_TOKEN is missing; for several workspaces, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are."
        )
    return OneWorkspace(settings.slack_bot_token.get_secret_value())
