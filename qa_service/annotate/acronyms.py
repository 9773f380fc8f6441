"""A text goes in; "Long Form (ABC)" pairs come out (Schwartz and Hearst 2003, a simple algorithm)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BRACKET = re.compile(r"\((?:the |or )?[“\"']?([A-Z][\w&/-]{1,9}s?)[”\"']?(?:[,;][^()]{0,40})?\)")
_WORD = re.compile(r"[^\W_]+")
#: A letter first, then what stands before it: a search skips to the letter.
_CAPITALISED_RUN = re.compile(r"[A-Z](?<!\w.)[\w’'-]+(?: (?:of|for|the|and|on|in|[A-Z][\w’'-]+)){0,8}")
_SHORT = re.compile(r"[A-Z](?<!\w.)[A-Z]{2,5}\b")
_SMALL = frozenset(("of", "for", "the", "and", "on", "in", "to", "a"))


@dataclass(frozen=True, slots=True)
class Acronym:
    """Offsets of the long form, and the short form as written."""

    start: int
    end: int
    short: str


def bracketed(text: str, start: int, end: int) -> Iterator[Acronym]:
    """The pairs that a bracket ties together."""
    for match in _BRACKET.finditer(text, start, end) if text.find("(", start, end) >= 0 else ():
        short = match[1]
        if sum(char.isupper() for char in short) < 2:
            continue
        long_start = _aligned(text, start, match.start(), short.rstrip("s") if short[-1] == "s" else short)
        if long_start is not None:
            yield Acronym(long_start, len(text[: match.start()].rstrip()), short)


def _aligned(text: str, floor: int, end: int, short: str) -> int | None:
    """Where the long form begins: its letters in order from the right, the first one beginning a word."""
    letters = [char.lower() for char in short if char.isalnum()]
    starts = [word.start() for word in _WORD.finditer(text, floor, end)][-2 * len(letters) - 4 :]
    if not starts:
        return None
    at = end
    for index, letter in reversed(list(enumerate(letters))):
        at = _previous(text, starts[0], at, letter, first=index == 0)
        if at < 0:
            return None
    long_form = text[at:end].strip()
    return at if len(long_form) > len(short) and " " in long_form and "(" not in long_form else None


def _previous(text: str, floor: int, at: int, letter: str, first: bool) -> int:
    while (at := at - 1) >= floor:
        if text[at].lower() == letter and (not first or _begins_word(text, at)):
            return at
    return -1


def _begins_word(text: str, at: int) -> bool:
    word = _WORD.match(text, at)
    return word is not None and word.group() not in _SMALL and (at == 0 or not text[at - 1].isalnum())


def by_initials(text: str) -> dict[str, str]:
    """Short forms whose letters begin the words of exactly one capitalised phrase, in text order."""
    shorts = {match.group() for match in _SHORT.finditer(text)}
    if not shorts:
        return {}
    longs: dict[str, set[str]] = {}
    phrases = (match.group() for match in _CAPITALISED_RUN.finditer(text))
    for phrase in dict.fromkeys(phrase for phrase in phrases if " " in phrase):
        words = phrase.split(" ")
        for first in range(len(words) - 1):
            _note(words[first:], shorts, longs)
    return {short: phrases.pop() for short, phrases in longs.items() if len(phrases) == 1}


def _note(words: list[str], shorts: set[str], longs: dict[str, set[str]]) -> None:
    """Note the beginnings of ``words`` whose initials are a short form."""
    if words[0] in _SMALL:
        return
    initials = words[0][0]
    for last, word in enumerate(words[1:], 2):
        if word in _SMALL:
            continue
        initials += word[0]
        if initials in shorts and not word.endswith(("’s", "'s")):
            longs.setdefault(initials, set()).add(" ".join(words[:last]))
