"""A sentence goes in; its words and marks come out, with offsets and whether they are quoted."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z]\.(?= ?[A-Z])|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Col)\.|['’]s\b|"
    r"[^\W_]+(?:[-‐‑–][^\W_]+|['’](?!s\b)[^\W_]+)*|[^\w\s]"
)
_OPEN, _CLOSE = "“", "”"


class Token(NamedTuple):
    """A word or a mark; offsets are into the document's text."""

    start: int
    end: int
    text: str
    low: str
    quoted: bool

    @property
    def capital(self) -> bool:
        """Whether it is a word that begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def word(self) -> bool:
        """Whether it is a word or a number, not a mark."""
        return self.text[0].isalnum()


def tokens_of(text: str, start: int, end: int, quoted: bool = False) -> tuple[list[Token], bool]:
    """The tokens of ``text[start:end]``, and whether a quotation is still open at its end."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        mark = match.group()
        opens = mark == _OPEN or (mark == '"' and not quoted)
        if mark == _CLOSE or (mark == '"' and quoted):
            quoted = False
        tokens.append(Token(match.start(), match.end(), mark, mark.lower().replace("’", "'"), quoted))
        quoted = quoted or opens
    return tokens, quoted
