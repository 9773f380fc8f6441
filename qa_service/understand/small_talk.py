"""Greetings, thanks and calls for help: words that ask nothing of the documents."""

import re

WORDS = frozenset(
    """
    a afternoon again all bye cheers cool cya day evening everybody everyone friend goodbye good great
    greetings guys hello help hey hi hiya howdy lot many morning much nice ok okay please so team test
    testing thank thanks there thx ty very welcome yo you
    """.split()
)
PHRASES = frozenset(
    (
        "how are you",
        "how does this work",
        "how do you work",
        "what can you do",
        "what do you do",
        "what is this",
        "who are you",
        "what are you",
    )
)
LONGEST = 8  # words


def is_small_talk(text: str) -> bool:
    """Whether a cleaned message only greets, thanks or asks for help."""
    words = re.findall(r"[a-z']+", text.lower())
    if not words or len(words) > LONGEST or re.search(r"\d", text):
        return False
    return " ".join(words) in PHRASES or WORDS.issuperset(words)
