"""A block goes in; the pieces between which syntok is certain to end a sentence come out.

syntok reads every word of a text in Python, yet nearly all sentences end plainly: a word, a mark, a space, a
capital. Where the rules of its states leave one decision only, it is taken here; pieces that hold any other
mark stay ``unsure``, for syntok to read. A test holds both against each other.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from syntok.segmenter import State

_OPENING = "".join(sorted(State.opening_brackets))
_TERMINALS = "".join(sorted(State.terminals - {"..."}))
#: All that can end a sentence, and the brackets that syntok looks behind.
_SIGNAL = re.compile(f"[{re.escape(_TERMINALS + _OPENING)})\\]]")
#: No sentence ends before a small letter, nor inside a number.
_INSIDE = re.compile(r"[.!?;] [a-z]|(?<=\d)\.\d")
#: One ends before a capital, perhaps quoted, and with the block.
_OUTSIDE = re.compile(r"[.!?;][\"”]?(?: (?=[\"“‘]?([A-Z][a-z]*))|\Z)")
_NAME = re.compile(r"\. ([A-Z][a-z]+)(?=[ ,])")
#: A word before the mark; if syntok makes several tokens of it, a group or the closing quote is the last.
_PLAIN = re.compile(r"[\"“]?(?:(?:[^\W_]++-)*([A-Za-z][a-z]+)|(\d{2,4}))[\"”]?")
_NUMBERED = frozenset(("no", "No"))  # syntok goes on behind these before a number
_REACH = 60  # words; syntok seeks the end of a bracket among the next 50 tokens


class Piece(NamedTuple):
    """A stretch of a block: one sentence, unless it is ``unsure``."""

    start: int
    end: int
    unsure: bool


def pieces(block: str) -> Iterator[Piece]:
    """The pieces of a block in text order, without the spaces between them; none of an empty block."""
    if not _is_spaced_plainly(block):
        yield Piece(0, len(block), unsure=True)
        return
    start, unsure, brackets = 0, False, _Brackets(block)
    for signal in _SIGNAL.finditer(block):
        at = signal.start()
        if brackets.met(signal.group(), at):
            unsure = True
        elif _INSIDE.match(block, at):
            continue
        elif not (end := _end(block, start, at)):
            unsure = unsure or not _shortens(block, start, at)
        elif brackets.passed(at):
            yield Piece(start, end, unsure)
            start, unsure = end + 1, False
    if start < len(block):
        yield Piece(start, len(block), unsure)


def _is_spaced_plainly(block: str) -> bool:
    """Whether single spaces stand between the words and nowhere else, so that offsets need no care."""
    return block.isprintable() and "  " not in block and block == block.strip(" ")


class _Brackets:
    """Whether syntok may be reading inside a bracket."""

    def __init__(self, block: str) -> None:
        self._block = block
        self._depth = 0
        self._opened = 0

    def met(self, mark: str, at: int) -> bool:
        """Take notice of a mark; whether it is a bracket."""
        if mark in _OPENING:
            self._depth += 1
            self._opened = at
        elif mark in ")]":
            if self._depth and self._block[at - 1].isalnum():  # among other marks it may be none to syntok
                self._depth -= 1
        else:
            return False
        return True

    def passed(self, at: int) -> bool:
        """Whether all brackets are closed at a mark, or too far back; those are forgotten then."""
        if self._depth and self._block.count(" ", self._opened, at) > _REACH:
            self._depth = 0
        return not self._depth


def _end(block: str, start: int, at: int) -> int | None:
    """Where the sentence ends that the mark surely ends, brackets aside."""
    after = _OUTSIDE.match(block, at)
    if not after:
        return None
    if after.end() == len(block):
        return len(block)
    word = _before(block, start, at)
    if not word or word[1] in State.abbreviations or word[1] in _NUMBERED:
        return None
    return after.end() - 1 if not word[2] or after[1] not in State.months else None


def _shortens(block: str, start: int, at: int) -> bool:
    """Whether the mark surely belongs to an abbreviation before a name: "Mr. President"."""
    name = _NAME.match(block, at)
    if not name or name[1] in State.starters:
        return False
    word = _before(block, start, at)
    return word is not None and word[0] in State.abbreviations


def _before(block: str, start: int, at: int) -> re.Match[str] | None:
    """The word that the mark follows, if it is plain."""
    return _PLAIN.fullmatch(block, block.rfind(" ", start, at) + 1 or start, at)
