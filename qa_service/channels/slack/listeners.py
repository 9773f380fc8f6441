"""What happens in Slack, and what is done about it: each listener acknowledges, claims, answers and posts."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, SetSuggestedPrompts
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from qa_service.channels.slack import presenting
from qa_service.channels.slack.asking import Asking, Place
from qa_service.channels.slack.commenting import comment, form
from qa_service.channels.slack.posting import UNREACHABLE, Responding, post
from qa_service.channels.slack.reading import Said, message, team_of, words
from qa_service.domain.conversation import Thumb
from qa_service.domain.ports import Deliveries

log = logging.getLogger(__name__)
PROMPTS = 4  # that Slack shows
ANY = re.compile(".*", re.DOTALL)

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listeners:
    """Every listener of the app; Bolt runs them after it has told Slack that the delivery has arrived."""

    asking: Asking
    deliveries: Deliveries

    def register(self, app: App) -> None:
        """Add them to a Bolt app."""
        app.event("app_mention")(self.mentioned)
        app.event("message")(self.written)
        app.event("app_home_opened")(self.opened)
        app.command(ANY)(self.commanded)
        app.action(re.compile(rf"^{presenting.ASK}-\d+$"))(self.pressed)
        app.action(presenting.SHARE)(self.shared)
        app.action(presenting.FEEDBACK)(self.judged)
        app.view(presenting.COMMENT)(self.commented)
        if app.oauth_flow is not None:
            app.enable_token_revocation_listeners()
        app.event(ANY)(_nothing)
        app.action(ANY)(_acknowledged)

    def mentioned(self, body: Body, client: WebClient) -> None:
        """Somebody named the app in a channel."""
        self._answer(message(body), client)

    def written(self, body: Body, client: WebClient) -> None:
        """Somebody wrote to the app. What is said in channels reaches it when it is mentioned."""
        if body["event"].get("channel_type") == "im":
            self._answer(message(body), client)

    def _answer(self, said: Said | None, client: WebClient) -> None:
        if said is None:
            return
        place = Place(said.team, said.channel, said.thread)
        self._once(
            said.keys, lambda: post(client, said.channel, self.asking.reply(place, said.text), said.thread)
        )

    def _once(self, keys: tuple[str, ...], answer: Callable[[], object]) -> None:
        """Answer a message, unless it was delivered before."""
        if self.deliveries.claim(keys):
            answer()
            self.deliveries.finish(keys)

    def opened(self, body: Body, set_suggested_prompts: SetSuggestedPrompts | None) -> None:
        """Somebody opened the app: questions to start with, above the field."""
        questions = self.asking.suggestions()[:PROMPTS]
        if body["event"].get("tab") != "messages" or set_suggested_prompts is None or not questions:
            return
        try:
            set_suggested_prompts(prompts=questions, title=self.asking.presenting.phrases.prompts)
        except SlackApiError as error:
            log.warning("Slack did not take suggested prompts: %s", error.response)

    def commanded(self, ack: Ack, command: Mapping[str, str]) -> None:
        """/ask: the answer is for the one who asked, with a button to share it."""
        ack()
        place = Place(command.get("team_id", ""), command.get("channel_id", ""))
        question = words(command.get("text", ""))

        def answer() -> None:
            Responding(command["response_url"])(self.asking.reply(place, question, shareable=True))

        self._once((f"slack:{command.get('trigger_id')}",), answer)

    def pressed(self, ack: Ack, body: Body, client: WebClient) -> None:
        """A suggested question: answered below its message, or only to the one who sees that."""
        ack()
        pressed = _Pressed(body)
        if pressed.unseen:
            reply = self.asking.reply(pressed.place, pressed.value, shareable=True)
            pressed.respond(reply)
        else:
            reply = self.asking.reply(pressed.place, pressed.value, asked_by=pressed.user)
            post(client, pressed.channel, reply, pressed.thread)

    def shared(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Share: everybody in the channel gets the answer, and its thread can go on from it."""
        ack()
        pressed = _Pressed(body)
        place = Place(pressed.team, pressed.channel)
        reply = self.asking.reply(place, pressed.value, asked_by=pressed.user)
        try:
            ts = post(client, pressed.channel, reply)
        except SlackApiError as error:
            if error.response["error"] not in UNREACHABLE:
                raise
            pressed.respond(reply, in_channel=True)  # works where the app is no member
        else:
            self.asking.begin(Place(pressed.team, pressed.channel, ts), pressed.value)
        pressed.respond.withdraw()

    def judged(self, ack: Ack, body: Body, client: WebClient) -> None:
        """A thumb; one that is down may be explained."""
        ack()
        pressed = _Pressed(body)
        verdict, _, answer_id = pressed.value.partition(":")
        thumb = Thumb.UP if verdict == presenting.UP else Thumb.DOWN
        self.asking.opinion(pressed.place, pressed.user, answer_id, thumb)
        phrases = self.asking.presenting.phrases
        if thumb is Thumb.UP:
            pressed.respond(self.asking.presenting.said(phrases.noted))
            return
        try:
            client.views_open(trigger_id=body["trigger_id"], view=form(phrases, answer_id))
        except SlackApiError as error:
            log.warning("Slack did not open the form for a comment: %s", error.response)

    def commented(self, ack: Ack, body: Body) -> None:
        """What is wrong with an answer, in a reader's words."""
        ack()
        answer_id, text = comment(body)
        place = Place(team_of(body), "")
        self.asking.opinion(place, body["user"]["id"], answer_id, Thumb.DOWN, text)


class _Pressed:
    """A button that was pressed: which, by whom, and under which message."""

    def __init__(self, body: Body) -> None:
        container, shown = body.get("container") or {}, body.get("message") or {}
        self.value = _value(body["actions"][0])
        self.user = str(body["user"]["id"])
        self.team = team_of(body)
        self.channel = str((body.get("channel") or {}).get("id") or container.get("channel_id"))
        self.unseen = bool(container.get("is_ephemeral"))
        self.thread = shown.get("thread_ts") or shown.get("ts") or container.get("message_ts")
        self.place = Place(self.team, self.channel, None if self.unseen else self.thread)
        self.respond = Responding(body.get("response_url") or "")


def _value(action: Mapping[str, Any]) -> str:
    return str(action.get("value") or "")


def _nothing() -> None:
    """Any other event: Slack is told that it has arrived."""


def _acknowledged(ack: Ack) -> None:
    ack()
