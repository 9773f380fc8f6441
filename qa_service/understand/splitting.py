"""A message with several questions becomes the questions, in order."""

import re

MOST = 5  # questions of one message that are answered
# A question ends at its mark; what follows begins a new one when it is no closing quote or bracket.
END = re.compile(r"(?<=[?？])\s+(?=[\w“\"'‘(])")
WORD = re.compile(r"\w+")
FEWEST = 2  # words: "Really?" is part of what stands before it
NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)]|[-*•])\s+")


def split(text: str, most: int | None = MOST) -> tuple[str, ...]:
    """The questions of a cleaned message, so many at ``most``; what cannot be told apart is left whole."""
    parts: list[str] = []
    for part in END.split(text):
        if parts and len(WORD.findall(part)) < FEWEST:
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(NUMBERED.sub("", part))
    return tuple(parts[:most]) if sum(map(is_question, parts)) > 1 else (text,)


def is_question(part: str) -> bool:
    """Whether it ends as a question does."""
    return part.rstrip("\"'”’)").endswith(("?", "？"))
