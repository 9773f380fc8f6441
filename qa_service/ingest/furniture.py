"""Page furniture goes: every printed page in, the same without running heads, feet and page numbers out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from qa_service.ingest.opening import same_words
from qa_service.ingest.pdf_lines import PrintedLine

_ZONE = 0.13  # of the page height, at its top and at its foot
_EDGE = 0.09
_FEW = 8  # words
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"[-–—(\[\s]*(?:(?:page|p\.|pg\.?)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—)\]\s]*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_EDITION = re.compile(
    r"\w{4,12} · VERSION \d{1,4}(?: · \w+)?"
)  # how the Congressional Research Service signs a page
_BLANK = re.compile(r"this page (?:is )?intentionally left blank\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The lines of a page, its height in points and its number (the first is 1)."""

    number: int
    height: float
    lines: tuple[PrintedLine, ...]

    def zone(self, line: PrintedLine) -> str:
        """``head``, ``foot`` or nothing."""
        if line.bottom > self.height * (1 - _ZONE):
            return "head"
        return "foot" if line.top < self.height * _ZONE else ""

    def at_edge(self, line: PrintedLine) -> bool:
        """Whether nothing but furniture is to be expected there."""
        return line.bottom > self.height * (1 - _EDGE) or line.top < self.height * _EDGE


def furnished(pages: Sequence[PrintedPage], titles: Sequence[str]) -> Iterator[PrintedPage]:
    """The pages without their furniture; ``titles`` are running heads even where they stand once."""
    repeated = _repeated(pages)
    for page in pages:
        gone = [_is_furniture(line, page, repeated, titles) for line in page.lines]
        places = {_place(line) for line, goes in zip(page.lines, gone, strict=True) if goes}
        for index, line in enumerate(page.lines):
            if not gone[index] and _beside(line, places, page):
                gone[index] = True
                places.add(_place(line))
        kept = (line for line, goes in zip(page.lines, gone, strict=True) if not goes)
        yield PrintedPage(page.number, page.height, tuple(kept))


def _place(line: PrintedLine) -> tuple[float, float, float]:
    """Its size, bottom and top."""
    return line.size, line.bottom, line.top


def _beside(line: PrintedLine, gone: Set[tuple[float, float, float]], page: PrintedPage) -> bool:
    """Whether a few words stand on the same line as furniture, or touch it at the foot of the page."""
    reach = 0.8 * line.size if line.top < page.height * (_ZONE + 0.03) else 0
    if not reach and page.zone(line) != "head":
        return False
    if len(line.text.split()) > _FEW or line.text.rstrip().endswith((".", "!", "?")):
        return False
    low, high = line.bottom - reach, line.top + reach
    return any(abs(size - line.size) < 0.3 and low < top and bottom < high for size, bottom, top in gone)


def _repeated(pages: Sequence[PrintedPage]) -> frozenset[tuple[str, str]]:
    """Zone and text of lines that stand in the same zone of several pages, numbers aside."""
    counts = Counter(key for page in pages for key in {_key(line, page) for line in page.lines} if key[0])
    least = 2 if len(pages) < 6 else 3
    return frozenset(key for key, count in counts.items() if count >= least)


def _key(line: PrintedLine, page: PrintedPage) -> tuple[str, str]:
    return page.zone(line), " ".join(_DIGITS.sub("0", line.text.casefold()).split())


def _is_furniture(
    line: PrintedLine, page: PrintedPage, repeated: frozenset[tuple[str, str]], titles: Sequence[str]
) -> bool:
    text = " ".join(line.text.split())
    if _key(line, page) in repeated or _BLANK.fullmatch(text) or _EDITION.fullmatch(text):
        return True
    if not page.zone(line):
        return False
    if page.number > 1 and page.zone(line) == "head" and any(same_words(text, title) for title in titles):
        return True
    return bool(_ADDRESS.fullmatch(text)) or (page.at_edge(line) and bool(_NUMBER.fullmatch(text)))
