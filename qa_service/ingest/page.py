"""HTML becomes its visible blocks, traced to the file, and what its head says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from qa_service.ingest.traced import Piece, Traced

_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "textarea", "select", "iframe", "object"}
)
_FURNITURE = frozenset({"nav", "header", "footer", "aside", "form", "button", "dialog", "menu"})
_BLOCKS = frozenset(
    "p div li ul ol h1 h2 h3 h4 h5 h6 td th tr table section article main blockquote pre dl dt dd figure "
    "figcaption br hr body address time nav header footer aside form title".split()
)
_BOLD = frozenset({"b", "strong"})
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_MOST_SCRIPT = 200_000


@dataclass
class Visible:
    """One block of visible text: the tag around it, and whether all of it is bold or page furniture."""

    tag: str
    furniture: bool
    pieces: list[Piece] = field(default_factory=list)
    plain: int = 0  # characters that are not bold

    @property
    def traced(self) -> Traced:
        """The text with its origin."""
        return Traced(self.pieces)


class Page(HTMLParser):
    """One pass over a file: ``blocks`` in order, what meta elements ``said``, JSON-LD ``data``."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._source = source
        self._lines = [0]
        for line in source.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._stack: list[str] = []
        self._counts: dict[str, int] = {}
        self._script: list[str] | None = None
        self.blocks: list[Visible] = []
        self.said: dict[str, list[str]] = {}
        self.data: list[object] = []
        self.canonical: str | None = None
        self.language: str | None = None
        self.feed(source)
        self.close()
        self.blocks = [block for block in self.blocks if block.traced.text.strip()]

    def pieces(self) -> Iterator[Piece]:
        """Every visible character in file order."""
        for block in self.blocks:
            yield from block.pieces

    def first(self, *names: str) -> str | None:
        """The first value that a meta element gives under one of ``names``."""
        return next((value for name in names for value in self.said.get(name, ()) if value.strip()), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag in _BLOCKS:
            self._open(tag)
        if tag not in _VOID and len(self._stack) < 2_000:
            self._stack.append(tag)
            self._counts[tag] = self._counts.get(tag, 0) + 1
        if tag == "script" and given.get("type", "").lower() == "application/ld+json":
            self._script = []

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those left open inside it."""
        if tag == "script" and self._script is not None:
            self._take_script()
        if self._counts.get(tag, 0):
            while self._stack:
                popped = self._stack.pop()
                self._counts[popped] -= 1
                if popped == tag:
                    break
        if tag in _BLOCKS:
            self._open(
                next((open_tag for open_tag in reversed(self._stack[-20:]) if open_tag in _BLOCKS), "body")
            )

    def handle_data(self, data: str) -> None:
        """Take characters as they stand."""
        if self._script is not None:
            self._script.append(data)
        start = self._offset()
        self._show(Piece(data, start, start + len(data)))

    def handle_entityref(self, name: str) -> None:
        """Take a named character."""
        self._entity(f"&{name}")

    def handle_charref(self, name: str) -> None:
        """Take a numbered character."""
        self._entity(f"&#{name}")

    def _entity(self, written: str) -> None:
        start = self._offset()
        closed = self._source.startswith(";", start + len(written))
        self._show(Piece(unescape(written + ";"), start, start + len(written) + closed))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _open(self, tag: str) -> None:
        furniture = any(self._counts.get(name) for name in _FURNITURE) or tag in _FURNITURE
        self.blocks.append(Visible(tag, furniture))

    def _show(self, piece: Piece) -> None:
        if any(self._counts.get(name) for name in _SILENT):
            return
        if not self.blocks:
            self._open("body")
        block = self.blocks[-1]
        block.pieces.append(piece)
        if not any(self._counts.get(name) for name in _BOLD):
            block.plain += len(piece.text.strip())

    def _note(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html" and given.get("lang"):
            self.language = given["lang"]
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.canonical = given.get("href")
        elif tag == "meta":
            name = given.get("name") or given.get("property") or given.get("itemprop") or ""
            self.said.setdefault(name.lower(), []).append(given.get("content", ""))

    def _take_script(self) -> None:
        text = "".join(self._script or ())
        self._script = None
        if len(text) <= _MOST_SCRIPT:
            try:
                self.data.append(json.loads(text))
            except (ValueError, RecursionError):
                return
