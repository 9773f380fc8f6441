"""Page furniture is recognised: the lines of every page in, the lines without running heads, feet and numbers out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_service.ingest.opening import same_words
from qa_service.ingest.pdf_lines import PrintedLine

_ZONE = 0.13  # of the page height, at its top and at its foot
_EDGE = 0.09
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"[-–—(\[\s]*(?:(?:page|p\.|pg\.?)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—)\]\s]*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
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
        lines = [line for line in page.lines if not _is_furniture(line, page, repeated, titles)]
        yield PrintedPage(page.number, page.height, tuple(lines))


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
    if _key(line, page) in repeated or _BLANK.fullmatch(text):
        return True
    if not page.zone(line):
        return False
    if page.number > 1 and page.zone(line) == "head" and any(same_words(text, title) for title in titles):
        return True
    return page.at_edge(line) and bool(_NUMBER.fullmatch(text) or _ADDRESS.fullmatch(text))
