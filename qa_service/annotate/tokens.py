"""A sentence goes in; its words and marks come out, with offsets and whether they are quoted."""

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z]\.(?= ?[A-Z])|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Col)\.|['’]s\b|"
    r"[^\W_]+(?:[-‐‑–][^\W_]+|['’](?!s\b)[^\W_]+)*|[^\w\s]"
)
_INITIAL_END = re.compile(r"[A-Z]\.$")
_OPEN, _CLOSE = "“", "”"
_QUOTES = frozenset((_OPEN, _CLOSE, '"'))
#: Texts say the same words again and again: a stretch between spaces is read once.
_REMEMBERED = 1 << 15
_LONGEST = 32


class Token(NamedTuple):
    """A word or a mark; offsets are into the document's text.

    ``capital``: it begins with a capital letter. ``word``: it is a word or a number, not a mark.
    """

    start: int
    end: int
    text: str
    low: str
    quoted: bool
    capital: bool
    word: bool


#: A token as it is wherever it stands: its offsets in its stretch, text, low, capital and word.
_Piece = tuple[int, int, str, str, bool, bool]


def tokens_of(text: str, start: int, end: int, quoted: bool = False) -> tuple[list[Token], bool]:
    """The tokens of ``text[start:end]``, and whether a quotation is still open at its end."""
    tokens: list[Token] = []
    make = tuple.__new__  # twice as fast as Token(...)
    for stretch in text[start:end].split(" "):
        size = len(stretch)
        if size > _LONGEST or stretch[-1:] == ".":
            pieces = _rare(stretch, text[start + size + 1 : min(start + size + 2, end)])
        else:
            pieces = _pieces(stretch)
        for first, last, written, low, capital, word in pieces:
            was = quoted
            if not word and written in _QUOTES:
                was, quoted = _at_quote(written, quoted)
            tokens.append(make(Token, (start + first, start + last, written, low, was, capital, word)))
        start += size + 1
    return tokens, quoted


def _at_quote(mark: str, quoted: bool) -> tuple[bool, bool]:
    """Whether a quotation mark is quoted itself, and whether what follows it is."""
    if mark == _OPEN:
        return quoted, True
    return False, mark == '"' and not quoted


def _rare(stretch: str, following: str) -> tuple[_Piece, ...]:
    """The pieces of a stretch that ends with a point or is long."""
    if "A" <= following <= "Z" and _INITIAL_END.search(stretch):  # "J. Smith": the point is the initial's
        return _read(f"{stretch} A")[:-1]
    return _pieces(stretch) if len(stretch) <= _LONGEST else _read(stretch)


def _read(stretch: str) -> tuple[_Piece, ...]:
    return tuple(
        (
            match.start(),
            match.end(),
            mark := match.group(),
            mark.lower().replace("’", "'"),
            mark[0].isupper(),
            mark[0].isalnum(),
        )
        for match in _TOKEN.finditer(stretch)
    )


_pieces = lru_cache(_REMEMBERED)(_read)
