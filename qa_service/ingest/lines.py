"""Wrapped lines become one; a hyphen at a line end is resolved with the other words of the document."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa_service.ingest.traced import Traced, added, join, visible

#: A search is fast that looks for one of some characters first; \r\n is one break.
_BREAKS = re.compile(r"[\n\r\f\v\x1c-\x1e\x85\u2028\u2029](?:(?<=\r)\n)?")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*(?:[-‐‑][^\W_]+(?:['’][^\W\d_]+)*)*")
_LEFT = re.compile(r"[-‐\x02\u00ad]((?:[^\W_]++[-‐‑'’])*[^\W_]+)")  # of a line that is read backwards
_CUTTING = ("-", "‐", "\x02", "\u00ad")
_RIGHT = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)*")
_TIGHT_END = re.compile(r"(?:\S[—/]|\d–|https?://\S+[-_=&?%#.])$")  # a break after these is no space
_TIGHT = tuple("—/–-_=&?%#.")  # their last characters
_NOTHING, _SPACE = added(""), added(" ")
_COMPOUND_HEADS = frozenset(
    "self well ex non half all cross long short high low semi quasi vice far near mid post pre anti "
    "pro co multi inter hard soft deep wide old new full part single double dual twin two three four "
    "five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety one first "
    "second third large small great ill so much free right left open would war state land sea air "
    "ship ground counter decision policy peace power cease".split()
)
_COMPOUND_TAILS = frozenset(
    "led based year old level term scale wide called backed related style styled born like range up "
    "off out time ranging sponsored driven building making torn ridden held run owned known day month "
    "week long standing reaching sharing keeping defined proclaimed capable friendly to and general "
    "elect president power powers million billion percent mile foot point page controlled aligned "
    "oriented minister in speaking intensive armed trained funded launched sized".split()
)
_FRAGMENT_TAILS = re.compile(
    r"(?:[a-z]{0,3}(?:tions?|sions?|ments?|ness|ity|ities|ally|ings?|ated|ating|ates|izing|ising|ized|ised|"
    r"ture|tures|ance|ence|ances|ences|able|ible|ously|ously|tive|tively|gents|geny|gency|tory|tional|cally|cies|"
    r"ship|isation|ization|isations|izations)|ly|ed|er|ers|est|es|al|ic|ics|cy|tic|tics|ty|ry|ties|cal|tan|ian|ians)$"
)


_REACH = 80  # characters at a line end that are looked at: a longer word or address is none


def line_spans(text: str) -> Iterator[tuple[int, int]]:
    """The start and end of each line, without its line break."""
    start = 0
    for found in _BREAKS.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


@dataclass(frozen=True)
class Vocabulary:
    """The words of one document; counted when the first is asked for, as in most texts none is."""

    lines: tuple[str, ...] = ()

    def knows(self, word: str) -> bool:
        """Whether ``word`` stands elsewhere in the document."""
        return self._words[_folded(word)] > 0

    @property
    def _words(self) -> Counter[str]:
        return self._counted[0]

    @cached_property
    def _counted(self) -> tuple[Counter[str], list[tuple[str, str]]]:
        """The words that stand inside lines, and the parts of those that line ends cut."""
        return _counted(self.lines)

    @cached_property
    def breaks_words(self) -> bool:
        """Whether the document was set with automatic hyphenation: its cut words stand uncut elsewhere."""
        cuts = self._counted[1]
        broken = sum(self.knows(left + right) for left, right in cuts)
        compounds = sum(self.knows(f"{left}-{right}") for left, right in cuts)
        return broken > compounds

    @cached_property
    def keeps_words(self) -> bool:
        """Whether it was set without: of several cut words none stands uncut elsewhere."""
        cuts = self._counted[1]
        return len(cuts) >= 3 and not any(self.knows(left + right) for left, right in cuts)


def vocabulary(lines: Iterable[str]) -> Vocabulary:
    """The words of ``lines``; a last word cut by a hyphen, and the rest of it, do not count."""
    return Vocabulary(tuple(lines))


def _counted(lines: Iterable[str]) -> tuple[Counter[str], list[tuple[str, str]]]:
    words: Counter[str] = Counter()
    cuts: list[tuple[str, str]] = []
    left: str | None = None
    for line in lines:
        text = line.strip()
        found = [match.group() for match in _WORD.finditer(text)]
        right = _RIGHT.match(text[:_REACH])
        if left and right:
            cuts.append((left, right[0]))
        ending = _cut_word(text)
        words.update(_spelled(found[1 if left and right else 0 : -1 if ending else None]))
        left = ending
    return words, cuts


def _cut_word(line: str) -> str | None:
    """The word at the end of a line, up to a hyphen."""
    found = _LEFT.match(line[-_REACH:][::-1]) if line.endswith(_CUTTING) else None
    return found[1][::-1] if found else None


def _spelled(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        whole = _folded(word)
        yield whole
        if "-" in whole:
            yield from whole.split("-")


def _folded(word: str) -> str:
    low = word.lower()
    if low.isalnum():  # nearly all
        return low
    return low.replace("’", "'").replace("‐", "-").replace("‑", "-").replace("\x02", "-")


def joined(lines: Sequence[Traced], known: Vocabulary) -> Traced:
    """One paragraph from its lines."""
    parts: list[Traced] = []
    for line in (line.stripped() for line in lines):
        if not line.text:
            continue
        if parts:
            parts[-1], glue = _ended(parts[-1], line.text, known)
            parts.append(glue)
        parts.append(line)
    return join(parts)


def _ended(line: Traced, following: str, known: Vocabulary) -> tuple[Traced, Traced]:
    """The line as it ends before ``following``, and what stands between them."""
    if line.text.endswith("\u00ad"):
        return line.cut(0, len(line.text) - 1), _NOTHING
    left = _cut_word(line.text)
    right = _RIGHT.match(following[:_REACH]) if left else None
    if left and right:
        if keeps_hyphen(left, right[0], known):
            return line, _NOTHING
        return line.cut(0, len(line.text) - 1), _NOTHING
    if _is_tight(visible(line.text[-4 * _REACH :])) or (
        following.startswith("—") and following[1:2] not in {"", " "}
    ):
        return line, _NOTHING
    return line, _SPACE


def _is_tight(end: str) -> bool:
    """Whether a line break is no space behind it."""
    return end.endswith(_TIGHT) and bool(_TIGHT_END.search(end))


def keeps_hyphen(left: str, right: str, known: Vocabulary) -> bool:
    """Whether ``left``, a hyphen and ``right`` are a compound; False when they are one broken word.

    What the document writes elsewhere decides first, then the shape of the parts, then its habit.
    """
    whole, plain = known.knows(f"{left}-{right}"), known.knows(f"{left}{right}")
    if whole or plain:
        return whole
    if not right[0].islower() or not left[-1].islower() or len(left) == 1:
        return True
    first, last = _folded(left).split("-")[-1], _folded(right).split("-")[0]
    if _compound(first, last, known):
        return True
    return _habit(first, last, known)


def _compound(first: str, last: str, known: Vocabulary) -> bool:
    """Whether the parts look like those of a compound; short heads are syllables too (ex-panded)."""
    if known.breaks_words and len(first) < 4 and not known.knows(last):
        return False
    return first in _COMPOUND_HEADS or last in _COMPOUND_TAILS


def _habit(first: str, last: str, known: Vocabulary) -> bool:
    if known.breaks_words:
        return False
    parts = (known.knows(first), known.knows(last))
    if _FRAGMENT_TAILS.fullmatch(last) and not all(parts):
        return False
    return known.keeps_words or any(parts)
