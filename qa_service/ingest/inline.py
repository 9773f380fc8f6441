"""The inline tokens of one Markdown block become its visible lines, each character traced to its source."""

import re
from dataclasses import dataclass

from markdown_it.token import Token

from qa_service.ingest.traced import Piece, Traced, join

_DESTINATION = re.compile(
    r"\]\(\s*(?:<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)|\]\[[^\]]*\]|\]"
)
_SCRAP = re.compile(
    r"\[\^[^\]\s]{1,40}\](?::\s)?|\*{2,}|(?<!\w)_{2,3}(?=\w)|(?<=\w)_{2,3}(?!\w)"
)  # a note mark, lost emphasis


@dataclass(frozen=True, slots=True)
class Inline:
    """The lines of a block, the share of their characters inside links, and whether all of it is bold."""

    lines: tuple[Traced, ...]
    link_share: float
    bold: bool


def inline_text(token: Token, source: Traced) -> Inline:
    """What a reader sees of ``token``, whose content is ``source``."""
    reader = _Reader(source)
    for child in token.children or ():
        reader.take(child)
    return reader.result()


class _Reader:
    """Follows the tokens through the source with a cursor; markup between them is passed over."""

    def __init__(self, source: Traced) -> None:
        self._source = source
        self._cursor = 0
        self._lines: list[list[Traced]] = [[]]
        self._depth = {"link": 0, "strong": 0}
        self._total = self._linked = self._strong = 0

    def take(self, token: Token) -> None:
        kind, _, side = token.type.partition("_")
        if token.type in {"softbreak", "hardbreak"}:
            self._cursor = max(self._source.text.find("\n", self._cursor) + 1, self._cursor)
            self._lines.append([])
        elif kind in self._depth:
            self._depth[kind] += 1 if side == "open" else -1
            if token.type == "link_close" and token.markup != "autolink":
                self._pass(_DESTINATION)
        elif token.type == "image":
            self._pass_image(token)
        elif token.type == "html_inline":
            self._seek(token.content)
        elif token.type == "text_special":
            self._special(token)
        elif token.type in {"text", "code_inline"}:
            self._text(token)

    def result(self) -> Inline:
        total = max(self._total, 1)
        lines = tuple(join(parts) for parts in self._lines)
        return Inline(lines, self._linked / total, 0 < self._total == self._strong)

    def _pass(self, pattern: re.Pattern[str]) -> None:
        found = pattern.search(self._source.text, self._cursor)
        self._cursor = found.end() if found else self._cursor

    def _pass_image(self, token: Token) -> None:
        self._seek("![")
        self._seek(token.content)
        self._pass(_DESTINATION)

    def _seek(self, text: str) -> int | None:
        at = self._source.text.find(text, self._cursor)
        if at < 0:
            return None
        self._cursor = at + len(text)
        return at

    def _special(self, token: Token) -> None:
        """An entity or an escape: its markup in the source gave the content."""
        at = self._seek(token.markup)
        if at is not None:
            span = self._source.cut(at, at + len(token.markup)).pieces
            known = span or (Piece(token.content, -1, -1),)
            self._emit(Traced((Piece(token.content, known[0].start, known[-1].end),)))

    def _text(self, token: Token) -> None:
        at = self._seek(token.content)
        if at is None:
            self._emit(Traced((Piece(token.content, -1, -1),)))
            return
        last = at
        for note in _SCRAP.finditer(token.content):
            self._emit(self._source.cut(last, at + note.start()))
            last = at + note.end()
        self._emit(self._source.cut(last, at + len(token.content)))

    def _emit(self, traced: Traced) -> None:
        size = len("".join(traced.text.split()))
        self._total += size
        self._linked += size if self._depth["link"] else 0
        self._strong += size if self._depth["strong"] else 0
        self._lines[-1].append(traced)
