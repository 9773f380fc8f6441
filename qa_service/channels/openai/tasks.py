"""What chat programs ask the model on their own behalf: titles, tags, follow-ups. Answered without searching.

Open WebUI sends prompts that begin with "### Task:" and name the JSON they want; LibreChat asks for a title.
"""

import json
import re
from collections.abc import Sequence

TASK = "### Task:"
WANTED = re.compile(r'\{\s*"(title|tags|follow_ups|queries|text|prompt)"')
TITLE = re.compile(
    r"\s*(?:Provide a concise, 5-word-or-less title for the conversation|"
    r"Analyze this conversation and provide:.*\bconcise title)",
    re.DOTALL,
)
OPENED, CLOSED = "<chat_history>", "</chat_history>"
SPEAKER = re.compile(r"(user|assistant|system|ai):(?: |$)", re.IGNORECASE)
USER = "user"
LONGEST = 60  # characters of a title


def answered(prompt: str, suggestions: Sequence[str]) -> str | None:
    """What the program gets; None when the prompt is a reader's question. ``suggestions`` are follow-ups."""
    if TITLE.match(prompt):
        return _title(_asked(prompt))
    wanted = WANTED.search(prompt) if prompt.startswith(TASK) else None
    if wanted is None:
        return None
    return json.dumps(_value(wanted[1], _asked(_history(prompt)), suggestions), ensure_ascii=False)


def _history(prompt: str) -> str:
    """What stands between the first opening and the last closing tag; a body may hold thousands of either."""
    start, end = prompt.find(OPENED), prompt.rfind(CLOSED)
    return prompt[start + len(OPENED) : end] if 0 <= start < end else ""


def _asked(history: str) -> list[str]:
    """What the user said, oldest first: what follows "user:", up to the line where someone speaks again."""
    turns: list[list[str]] = []
    speaker = ""
    for line in history.split("\n"):
        named = SPEAKER.match(line)
        if named:
            speaker = named[1].lower()
            turns += [[]] if speaker == USER else []
        if speaker == USER:
            turns[-1].append(line[named.end() :] if named else line)
    texts = ("\n".join(turn).strip() for turn in turns)
    return [text for text in texts if text]


def _value(name: str, asked: Sequence[str], suggestions: Sequence[str]) -> dict[str, object]:
    match name:
        case "title":
            return {name: _title(asked)}
        case "follow_ups":
            return {name: [one for one in suggestions if one not in asked]}
        case "tags" | "queries":
            return {name: []}
        case _:
            return {name: ""}


def _title(asked: Sequence[str]) -> str:
    """The first question, cut between words."""
    words = " ".join(asked[0].split()) if asked else ""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
