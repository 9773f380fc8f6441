"""A message with several questions becomes the questions, in order."""

import re

MOST = 5  # questions of one message that are answered
# A question ends at its mark; what follows begins a new one when it is no closing quote or bracket.
END = re.compile(r"(?<=[?？])\s+(?=[\w“\"'‘(])")
WORD = re.compile(r"\w+")
FEWEST = 2  # words: "Really?" is part of what stands before it
NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)]|[-*•])\s+")


def split(text: str) -> tuple[str, ...]:
    """The questions of a cleaned message; one that cannot be told apart is left whole."""
    parts: list[str] = []
    for part in END.split(text):
        if parts and len(WORD.findall(part)) < FEWEST:
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(NUMBERED.sub("", part))
    asked = [part for part in parts if part.rstrip("\"'”’)").endswith(("?", "？"))]
    return tuple(parts[:MOST]) if len(asked) > 1 else (text,)
