"""QA_HOOK_TOKENS becomes the tokens that prove a chat, and how each chat writes."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from qa_service.domain.errors import SettingsError

SHORTEST = 16  # characters; chats make longer ones
NAMED = 8  # hexadecimal digits that tell tokens apart


class Dialect(StrEnum):
    """How bold, links and tables are written."""

    MARKDOWN = "markdown"  # Mattermost, Rocket.Chat, Zulip
    MRKDWN = "mrkdwn"  # Slack's own, without tables


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that may call. ``name`` tells it from others without giving its token away."""

    token: str
    dialect: Dialect

    @property
    def name(self) -> str:
        """The beginning of the token's hash."""
        return hashlib.sha256(self.token.encode()).hexdigest()[:NAMED]


def chats(setting: str) -> tuple[Chat, ...]:
    """The chats of a setting such as ``TOKEN,mrkdwn:TOKEN``. Raises SettingsError."""
    return tuple(_chat(one.strip()) for one in setting.split(","))


def _chat(text: str) -> Chat:
    dialect, _, token = text.rpartition(":")
    try:
        chat = Chat(token, Dialect(dialect or Dialect.MARKDOWN))
    except ValueError as error:
        known = " or ".join(Dialect)
        raise SettingsError(f"QA_HOOK_TOKENS: before a colon stands {known}, not {dialect!r}.") from error
    if len(token) < SHORTEST:
        raise SettingsError(f"QA_HOOK_TOKENS: a token has at least {SHORTEST} characters.")
    return chat


def proved(known: tuple[Chat, ...], given: str) -> Chat | None:
    """The chat of a token; takes as long for a wrong one as for any other."""
    matching = [one for one in known if hmac.compare_digest(one.token.encode(), given.encode())]
    return matching[0] if matching else None
