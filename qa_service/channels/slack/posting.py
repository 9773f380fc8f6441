"""Replies go to Slack: as messages, or to the address that it gives for answering a command or a button."""

import logging
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from qa_service.channels.slack.presenting import Reply

log = logging.getLogger(__name__)

ATTEMPTS = 2  # after a 429, each when Retry-After says so
LONGEST_WAIT = 60  # seconds that a thread sleeps for Slack; it answers nobody else meanwhile
REFUSED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
UNREACHABLE = {"not_in_channel", "channel_not_found", "is_archived", "missing_scope"}


class Patience(RateLimitErrorRetryHandler):
    """Sleeps as long as Retry-After says, unless that is too long."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = super()._can_retry(state=state, request=request, response=response, error=error)
        if not limited or response is None:
            return False
        told = {name.lower(): values for name, values in response.headers.items()}.get("retry-after", ["1"])
        return told[0].isdecimal() and int(told[0]) <= LONGEST_WAIT


def retries() -> list[RetryHandler]:
    """What is tried again: a connection that broke, once, and what came too fast for Slack."""
    return [ConnectionErrorRetryHandler(), Patience(max_retry_count=ATTEMPTS)]


def post(client: WebClient, channel: str, reply: Reply, thread: str | None = None) -> str:
    """Post a reply; the timestamp of its first message. Blocks that Slack refuses go as plain words.

    Raises SlackApiError.
    """
    first = ""
    for message in reply.messages:
        try:
            sent = _post(client, channel, thread, text=reply.text, blocks=list(message))
        except SlackApiError as error:
            if error.response["error"] not in REFUSED:
                raise
            log.warning("Slack refused blocks: %s", error.response)
            return first or _post(client, channel, thread, text=reply.text)
        first = first or sent
        thread = thread or sent  # what does not fit follows in the thread
    return first


def _post(client: WebClient, channel: str, thread: str | None, **said: Any) -> str:
    sent = client.chat_postMessage(
        channel=channel, thread_ts=thread, unfurl_links=False, unfurl_media=False, **said
    )
    return str(sent["ts"])


@dataclass(frozen=True, slots=True)
class Responding:
    """Answers at one response address: for thirty minutes, five times."""

    url: str

    def __call__(self, reply: Reply, *, in_channel: bool = False) -> None:
        """Say it to the one who asked, or to the channel."""
        kind = "in_channel" if in_channel else "ephemeral"
        for message in reply.messages:
            self._send(response_type=kind, replace_original=False, text=reply.text, blocks=list(message))

    def withdraw(self) -> None:
        """Take back the message whose button was pressed."""
        self._send(delete_original=True)

    def _send(self, **body: Any) -> None:
        sent = WebhookClient(self.url, retry_handlers=retries()).send_dict(body)
        if sent.status_code != 200:
            log.error("Slack did not take a response: %s %s", sent.status_code, sent.body[:200])
