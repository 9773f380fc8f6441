"""Markdown becomes parts: markup goes, its text stays and keeps its place in the file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa_service.domain.document import BlockKind
from qa_service.ingest.assembly import Draft, Part, Source
from qa_service.ingest.decoding import decoded
from qa_service.ingest.frontmatter import front_matter
from qa_service.ingest.inline import inline_text
from qa_service.ingest.lines import joined, line_spans, vocabulary
from qa_service.ingest.opening import opened
from qa_service.ingest.traced import Piece, Traced, join, trace, without
from qa_service.ingest.txt import looks_like_heading

_NEWLINE = re.compile(r"\r\n?|\n")
_TAG = re.compile(r"<!--(?:[^-]|-(?!->))*-->|</?[A-Za-z][^<>]*>")
_LABEL = re.compile(r"\|?\s*(?:\*\*|__)[^*_\n]{2,40}:\s*(?:\*\*|__)")
_PIPES = re.compile(r"\A[\s|]+|(?<![\s|])[\s|]+\Z")
_LONG_PARAGRAPH = 300  # characters of source: more than a block of labels or buttons
_LINK_SHARE = 0.8  # of the characters of a block: more is a menu, not prose
_HTML_MOST = 200_000


@dataclass(frozen=True, slots=True)
class _Block:
    part: Part
    links: float = 0.0
    bold: bool = False


def draft(source: Source) -> Draft:
    """The parts and metadata of a Markdown file."""
    found = decoded(source.data)
    text, encoding = found.text, found.encoding
    said = front_matter(text)
    blocks = [block for block in _Walk(text, said.end).blocks() if block.links < _LINK_SHARE]
    parts, metadata = opened((*said.parts, *_with_headings(blocks)), said.metadata)
    return Draft(parts=parts, metadata=metadata, media_type=f"text/markdown; charset={encoding}")


def _with_headings(blocks: Sequence[_Block]) -> Iterator[Part]:
    """A short paragraph above another, bold throughout or bare, is a heading that was not marked up."""
    for block, following in pairwise((*blocks, None)):
        if block is None:
            return
        part = block.part
        bare = part.kind is BlockKind.PARAGRAPH and following and following.part.kind is not BlockKind.HEADING
        if bare and looks_like_heading(part.text) and (block.bold or "\n" not in part.text):
            yield Part(BlockKind.HEADING, part.traced, 3)
        else:
            yield part


class _Walk:
    """One pass over the block tokens of a Markdown body."""

    def __init__(self, text: str, begin: int) -> None:
        self._text = text
        self._starts = [begin, *(match.end() for match in _NEWLINE.finditer(text, begin))]
        self._cursor = begin
        self._begun = False  # whether the running text has begun: above it stand labels
        self._tokens: list[Token] = (
            MarkdownIt("commonmark").enable("table").disable("text_join").parse(text[begin:])
        )
        self._known = vocabulary(text[low:high] for low, high in line_spans(text))

    def blocks(self) -> Iterator[_Block]:
        """Every block in order; the rows of a table are one block each."""
        lists = 0
        row: list[Traced] | None = None
        heading = 0
        for token in self._tokens:
            lists += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
            heading = int(token.tag[1]) if token.type == "heading_open" else heading
            heading = 0 if token.type == "heading_close" else heading
            if token.type == "tr_open":
                row = []
            elif token.type == "tr_close" and row is not None:
                yield _Block(Part(BlockKind.LIST_ITEM, join(row, " | ")))
                row = None
            elif token.type == "inline" and row is not None:
                row.append(self._joined(inline_text(token, self._placed(token)).lines))
            elif token.type == "inline":
                yield from self._inline(token, heading, lists)
            elif token.type in {"fence", "code_block", "html_block"}:
                yield from self._literal(token)

    def _inline(self, token: Token, heading: int, lists: int) -> Iterator[_Block]:
        placed = self._placed(token)
        if not heading and not self._begun and _is_label_list(token.content):
            yield from self._labels(placed)
            return
        if not heading and all(line.startswith("|") for line in token.content.split("\n")):
            yield from self._rows(token, placed)
            return
        found = inline_text(token, placed)
        self._begun = self._begun or (
            len(token.content) > _LONG_PARAGRAPH and found.link_share < _LINK_SHARE / 2
        )
        kind = BlockKind.LIST_ITEM if lists else BlockKind.PARAGRAPH
        kind = BlockKind.HEADING if heading else kind
        yield _Block(Part(kind, self._joined(found.lines), heading), found.link_share, found.bold)

    def _labels(self, placed: Traced) -> Iterator[_Block]:
        """Lines as in "**Author:** Jane Doe" are each a block of their own."""
        markup = re.compile(r"\*\*|__|\|\s*\Z|\A\s*\||(?<=:\*\*)\s*\|")
        for low, high in line_spans(placed.text):
            yield _Block(Part(BlockKind.BYLINE, without(placed.cut(low, high), markup)))

    def _rows(self, token: Token, placed: Traced) -> Iterator[_Block]:
        """A table without its rule of dashes is no table to the parser, but its rows are rows."""
        for line in inline_text(token, placed).lines:
            yield _Block(Part(BlockKind.LIST_ITEM, without(line, _PIPES)))

    def _literal(self, token: Token) -> Iterator[_Block]:
        """Code line by line; HTML without its tags."""
        placed = self._placed(token)
        if token.type == "html_block":
            if len(placed.text) <= _HTML_MOST:
                yield _Block(Part(BlockKind.PARAGRAPH, without(placed, _TAG)))
            return
        for low, high in line_spans(placed.text):
            yield _Block(Part(BlockKind.PARAGRAPH, placed.cut(low, high)))

    def _joined(self, lines: Sequence[Traced]) -> Traced:
        return joined(lines, self._known)

    def _placed(self, token: Token) -> Traced:
        """The content of a token, each of its lines where it stands in the file."""
        first, last = token.map or (0, len(self._starts))
        self._cursor = max(self._cursor, self._starts[min(first, len(self._starts) - 1)])
        limit = self._starts[last] if last < len(self._starts) else len(self._text)
        return join((self._found(line, limit) for line in token.content.split("\n")), "\n")

    def _found(self, line: str, limit: int) -> Traced:
        at = self._text.find(line, self._cursor, limit)
        if at >= 0:
            self._cursor = at + len(line)
            return trace(line, at)
        plain = line.strip()
        at = self._text.find(plain, self._cursor, limit)
        if at >= 0:
            self._cursor = at + len(plain)
            return trace(plain, at)
        return join((), "") if not plain else _unplaced(line, self._cursor, limit)


def _unplaced(line: str, low: int, high: int) -> Traced:
    """A line that the parser changed (an escaped bar in a table): the whole block is its source."""
    return Traced((Piece(line, low, max(high, low)),))


def _is_label_list(content: str) -> bool:
    lines = content.split("\n")
    return all(_LABEL.match(line) for line in lines) and bool(lines)
