"""What a chat client sends becomes plain words: Slack mentions, links and emoji codes removed."""

import re

SLACK_MENTION = re.compile(r"<[@!][^<>|]{1,80}(?:\|[^<>]{1,80})?>")
SLACK_CHANNEL = re.compile(r"<#[^<>|]{1,80}\|([^<>]{1,80})>")
SLACK_LINK = re.compile(r"<https?://[^<>|\s]{1,500}\|([^<>]{1,200})>")
EMOJI_CODE = re.compile(r"(?<![\w:]):[a-z0-9_+-]{2,40}:(?![\w:])")
SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """The words of a message, single-spaced; "" when nothing is left."""
    text = SLACK_MENTION.sub(" ", text)
    text = SLACK_CHANNEL.sub(r"\1", text)
    text = SLACK_LINK.sub(r"\1", text)
    text = EMOJI_CODE.sub(" ", text)
    return SPACE.sub(" ", text).strip()
