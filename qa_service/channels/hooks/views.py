"""The route of outgoing webhooks: a token proves the chat, the answer is the response."""

import logging
from collections.abc import Callable
from datetime import date

from flask import Blueprint
from werkzeug.exceptions import Unauthorized

from qa_service.channels import counts
from qa_service.channels.hooks import presenting, reading
from qa_service.channels.hooks.reading import Said
from qa_service.channels.hooks.tokens import Chat, chats, proved
from qa_service.channels.hosts import base
from qa_service.compose.links import source_link
from qa_service.compose.messages import message
from qa_service.compose.phrases import load_phrases
from qa_service.domain.answer import Answer
from qa_service.domain.errors import OperatorError
from qa_service.domain.principal import Principal, Via
from qa_service.wiring import Service

log = logging.getLogger(__name__)


def blueprint(service: Service, tokens: str, today: Callable[[], date] = date.today) -> Blueprint:
    """The route. Raises SettingsError when a token cannot be one."""
    hooks = Blueprint("hooks", __name__)
    desk = Desk(service, today)
    known = chats(tokens)

    @hooks.post("/hooks/slack-compatible")
    def outgoing() -> dict[str, str]:
        said = reading.said()
        chat = proved(known, said.token)
        if chat is None:
            raise Unauthorized("The token is none of QA_HOOK_TOKENS.")
        if said.machine:
            return {}
        return {
            "text": presenting.text(desk.reply(chat, said), chat.dialect, desk.phrases.cut),
            "response_type": "ephemeral" if said.alone else "in_channel",
        }

    return hooks


class Desk:
    """Replies of one service, as Markdown."""

    def __init__(self, service: Service, today: Callable[[], date]) -> None:
        self._service, self._today = service, today
        self.phrases = load_phrases(service.settings.prompts)

    def reply(self, chat: Chat, said: Said) -> str:
        """The answer to what was said, or what is said instead of one."""
        longest = self._service.settings.question_characters
        if not said.text:
            return self.phrases.hook_help
        if len(said.text) > longest:
            return self.phrases.too_long.format(longest=longest)
        try:
            answer = counts.answered(self._service, "hooks", self._answer(chat, said))
        except OperatorError as error:  # a chat shows what comes with a 200, and often nothing else
            log.error("no answer for a chat: %s", error)
            counts.failed("hooks")
            return self.phrases.outage
        here = base(self._service.settings)
        return message(answer, lambda one: source_link(one, here), self._service.templates)

    def _answer(self, chat: Chat, said: Said) -> Answer:
        """The next answer of a thread; without threads, of what one person asks in one channel on one day."""
        owner = Principal(via=Via.TEAM, name=f"hook/{chat.name}")
        thread = said.thread or f"{said.user}/{self._today().isoformat()}"
        conversation = self._service.conversations.under(owner, f"{said.team}/{said.channel}/{thread}")
        return self._service.conversing.answer(conversation, said.text)
