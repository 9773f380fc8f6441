"""A sentence goes in; its words and marks come out, with offsets and whether they are quoted."""

import re
from typing import NamedTuple

from qa_service.annotate.marks import QUOTE, marks_of

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z]\.(?= ?[A-Z])|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Col)\.|['’]s\b|"
    r"[^\W_]+(?:[-‐‑–][^\W_]+|['’](?!s\b)[^\W_]+)*|[^\w\s]"
)
#: "J. Smith" is read in one stretch: its point is the initial's only before a name.
_INITIAL = re.compile(r"[A-Z]\. [A-Z]")
_SPACE = re.compile(r" (?<![A-Z]\. )")
_OPEN = "“"
_QUOTES = (_OPEN, "”", '"')


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


class _Stretches(dict[str, tuple[int, tuple[_Piece, ...]]]):
    """Stretches between spaces, their marks and pieces; texts say the same words again and again."""

    _MOST = 1 << 16
    _LONGEST = 32

    def __missing__(self, stretch: str) -> tuple[int, tuple[_Piece, ...]]:
        read = marks_of(stretch), _read(stretch)
        if len(stretch) <= self._LONGEST:
            if len(self) >= self._MOST:
                self.clear()
            self[stretch] = read
        return read


_STRETCHES = _Stretches()


def tokens_of(text: str, start: int, end: int, quoted: bool = False) -> tuple[list[Token], bool, int]:
    """The tokens of ``text[start:end]``, whether a quotation is still open at its end, and its marks."""
    tokens: list[Token] = []
    marks = 0
    make = tuple.__new__  # twice as fast as Token(...)
    words = text[start:end]
    for stretch in _stretches(words):
        found, pieces = _STRETCHES[stretch]
        marks |= found
        if found & QUOTE:
            for first, last, written, low, capital, word in pieces:
                was, quoted = _at(written, quoted)
                tokens.append(make(Token, (start + first, start + last, written, low, was, capital, word)))
        else:
            for first, last, written, low, capital, word in pieces:
                tokens.append(make(Token, (start + first, start + last, written, low, quoted, capital, word)))
        start += len(stretch) + 1
    return tokens, quoted, marks


def _stretches(words: str) -> list[str]:
    if ". " in words and _INITIAL.search(words):
        return _SPACE.split(words)
    return words.split(" ")


def _at(written: str, quoted: bool) -> tuple[bool, bool]:
    """Whether a word or a mark is quoted itself, and whether what follows it is."""
    if written == _OPEN:
        return quoted, True
    if written in _QUOTES:
        return False, written == '"' and not quoted
    return quoted, quoted


def _read(stretch: str) -> tuple[_Piece, ...]:
    if stretch.isalnum():
        return (_plain(stretch),)
    if stretch[-1:] == "," and stretch[:-1].isalnum():
        return _plain(stretch[:-1]), (len(stretch) - 1, len(stretch), ",", ",", False, False)
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


def _plain(word: str) -> _Piece:
    """A word of letters and digits alone, which needs no pattern."""
    return 0, len(word), word, word.lower(), word[0].isupper(), True
