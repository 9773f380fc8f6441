"""A conversation becomes a Message: the last thing that the user said, and what they said before it."""

import re
from collections.abc import Sequence

from qa_service.channels.openai.bodies import Turn
from qa_service.channels.openai.errors import Refused
from qa_service.domain.question import Message
from qa_service.settings import Settings

# Control characters but tab and line ends, and halves of surrogate pairs: pasted, never asked.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Open WebUI puts what it found itself around the question when files or a web search are switched on.
FRAME, OPENED, CLOSED = "### Task:", "<context>", "</context>"
TAGS = re.compile(r"</?user_query>")


def said(turns: Sequence[Turn], param: str) -> tuple[str, ...]:
    """What the user said, oldest first. Raises Refused when that is nothing; ``param`` names the field."""
    texts = [_plain(turn.content) for turn in turns if turn.role == "user" and turn.content]
    if not any(texts):
        raise Refused("There is no user message with text; send one.", param)
    return tuple(text for text in texts if text)


def _plain(text: str) -> str:
    return UNREADABLE.sub(" ", _unframed(text)).strip()


def _unframed(text: str) -> str:
    """The question behind the context; the text itself when it has no such frame. Linear in the text."""
    if not text.startswith(FRAME):
        return text
    start, end = text.find(OPENED), text.rfind(CLOSED)
    asked = text[end + len(CLOSED) :]
    return TAGS.sub("", asked) if 0 <= start < end and asked.strip() else text


def message(texts: Sequence[str], settings: Settings, param: str) -> Message:
    """The last text with the latest of those before it; what is longer than a question is no history.

    Raises Refused when the question is too long.
    """
    *earlier, question = texts
    longest, most = settings.question_characters, settings.history_questions
    if len(question) > longest:
        told = f"The question has more than {longest} characters; shorten it."
        raise Refused(told, param, code="string_above_max_length")
    history = [text for text in earlier if len(text) <= longest]
    return Message(text=question, history=tuple(history[-most:] if most else ()))
